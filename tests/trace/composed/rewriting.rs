//! Sites that rewrite.

use super::{in_place, one, several, text};

use crate::generate::random::Random;

pub(super) fn rewriting(random: &mut Random) -> String {
    let named = "@get method GET\n@q query a=1\n@re path_regexp r ^/(?P<n>[ab])(.*)$\n@id header X-Id *\n";
    let line = |random: &mut Random| {
        let at = if random.one_in(2) {
            in_place(random)
        } else {
            one(random, "@get ~ @q ~ @re ~ @id ~ *").to_owned()
        };
        match random.below(9) {
            0..=2 => format!(
                "rewrite {at} {}",
                one(
                    random,
                    "/n{uri} ~ /n{path}?{query} ~ /n?{query}&z=1 ~ ?z={path} ~ /x{path} ~ /y?a={query.a} ~ \
             /re{re.r.2}?n={re.r.n} ~ /{header.X-Id} ~ {path}/more ~ /a/b? ~ \"/sp ace?q=ab\" ~ /f#frag ~ \
             /%2Fenc/%20x ~ //dbl ~ /p/../q ~ /{labels.1}{uri} ~ {query.a} ~ /o{orig_uri} ~ /é?é=é ~ \
             /a?{query}&{query} ~ /i?x={http.request.header.Cookie} ~ /m{?query} ~ /m{%path} ~ \
             /index.php?r={path}&{query} ~ ?{query} ~ /u?{uri}"
                )
            ),
            3 => format!(
                "uri {at} strip_prefix {}",
                one(random, "/a ~ a ~ /A/ ~ /api/v1 ~ /%61 ~ /{query.a} ~ /a%2F ~ //")
            ),
            4 => {
                format!("uri {at} strip_suffix {}", one(random, "b ~ .php ~ / ~ .json ~ %20b ~ /b/"))
            }
            5 => format!(
                "uri {at} replace {}",
                one(random, "a z ~ /a/ /z/ ~ a \"\" 1 ~ %2F / ~ / - 2 ~ b %20 ~ a {query.a} ~ = !")
            ),
            6 => format!(
                "uri {at} path_regexp {}",
                one(
                    random,
                    "/+ / ~ ^/([ab]) /$1$1 ~ \\.php$ \"\" ~ /(.)/(.*) /$2/$1 ~ a b ~ (?P<x>a) ${x}1 ~ /$ \"\""
                )
            ),
            7 => {
                let words = one(
                    random,
                    "+n 1 ~ -a ~ a 9 ~ a>c ~ a 1 2 ~ b {path} ~ +a {query.b} ~ -* ~ a=>x ~ *>up ~ a \\d z ~ * [ab] _ ~ \
             z>y ~ +e \"\" ~ a x z",
                );
                format!("uri {at} query {words}")
            }
            _ => format!(
                "uri {at} query {{\n{}\n}}",
                several(random, 1, 4, |random| one(
                    random,
                    "+n 1 ~ -a ~ a 9 ~ b>c ~ a 1 z ~ +a {path} ~ k {method}"
                )
                .to_owned())
            ),
        }
    };
    let end = |random: &mut Random| match random.below(3) {
        0 => "reverse_proxy 127.0.0.1:{$B1}".to_owned(),
        1 => "respond \"{uri}|{path}|{query}|{orig_uri}|{http.request.uri.path.dir}\"".to_owned(),
        _ => format!("respond \"{{uri}}|{}\"", text(random)),
    };
    let block = |random: &mut Random| {
        let inside = several(random, 1, 3, line);
        let end = end(random);
        match random.below(4) {
            0 => format!(
                "handle_path {} {{\n{inside}\n{end}\n}}",
                one(random, "/a/* ~ /a* ~ /api/v1/* ~ /A/* ~ /b/é ~ /* ~ /a%2F*")
            ),
            1 => format!("handle {} {{\n{inside}\n{end}\n}}", in_place(random)),
            2 => format!("route {} {{\n{inside}\n{end}\n}}", in_place(random)),
            _ => format!("handle @get {{\nroute {{\n{inside}\n}}\n{end}\n}}"),
        }
    };
    let mut body = named.to_owned();
    body += &several(random, 0, 3, line);
    body += "\n";
    body += &several(random, 0, 3, block);
    body += "\n";
    body += &end(random);
    body + "\n"
}

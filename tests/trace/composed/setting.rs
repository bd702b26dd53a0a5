//! Sites with variables, maps, logins and named routes.

use super::{one, several, text};

use crate::generate::random::Random;

pub(super) fn setting(random: &mut Random) -> String {
    let line = |random: &mut Random| match random.below(12) {
        0 => format!(
            "map {} {{m1}} {{m2}} {{\n{}\n}}",
            one(random, "{path} ~ {query.a} ~ {host} ~ {header.X-Id} ~ {uri} ~ {path.0}"),
            several(random, 1, 5, |random| {
                one(
                random,
                "/a one 1 ~ ~^/b(.*)$ two$1 - ~ 1 n1 n2 ~ ~^(?P<x>.)b {path} \"$1\" ~ v.test vt {query.a} ~ 7 - seven ~ \
             ~[ab] ${0}x y ~ \"a b\" spaced 2 ~ /A upper 3 ~ ~(?i)^/a ci {method}"
            )
            .to_owned()
            }) + one(random, " ~ \ndefault dflt {query.b} ~ \ndefault - x")
        ),
        1 => format!(
            "vars {} v {}",
            one(random, " ~ /a* ~ @id ~ *"),
            one(random, "1 ~ {path} ~ {m1} ~ x{vars.w} ~ true ~ \"two words\"")
        ),
        2 => format!("vars {{\nv {}\nw {}\n}}", one(random, "1 ~ {query.a}"), one(random, "{vars.v}2 ~ w")),
        3 => format!(
            "basic_auth {} {{\nkim $2y$05$bvIG6Nmid91Mu9RcmmWZfO5HJIMCT8riNW0hEp8f6/FuA2/mHZFpe\n}}",
            one(random, "/api/* ~ @id ~ /a*")
        ),
        4 => "invoke /b* named".to_owned(),
        5 => "invoke /a* other".to_owned(),
        6 => format!("request_body {{\nmax_size {}\n}}", one(random, "2 ~ 2KB ~ 3")),
        7 => {
            format!("method {} {}", one(random, "/a* ~ @id"), one(random, "GET ~ post ~ {query.a}"))
        }
        8 => format!("route {} {{\nvars v in\nheader X-R {{vars.v}}\n}}", one(random, "/a* ~ @id ~ ")),
        9 => format!(
            "templates {}\nheader Content-Type {}",
            one(random, "/a* ~ "),
            one(random, "text/html ~ text/plain ~ image/png")
        ),
        10 => format!("header X-M \"{{m1}} {{m2}} {}\"", text(random)),
        _ => format!("request_body /b* {{\nset \"{}\"\n}}", one(random, "set {path} ~ x")),
    };
    let end = |random: &mut Random| match random.below(5) {
        0 => "reverse_proxy 127.0.0.1:{$B1}".to_owned(),
        1 => "respond \"{m1}|{m2}|{vars.v}|{vars.w}|{http.auth.user.id}\"".to_owned(),
        2 => "respond /a* \"{{.Req.Method}} {{placeholder \\\"http.request.uri\\\"}}\"".to_owned(),
        3 => "respond \"b {http.request.body}\"".to_owned(),
        _ => format!("respond \"{}|{{m1}}\"", text(random)),
    };
    let mut body = "@id header X-Id *\n".to_owned();
    let mut seen: Vec<String> = Vec::new();
    for _ in 0..2 + random.below(5) {
        let line = line(random);
        let word = line.split(' ').next().unwrap_or_default().to_owned();
        if matches!(word.as_str(), "map" | "request_body" | "templates") && seen.contains(&word) {
            continue;
        }
        seen.push(word);
        body += &line;
        body += "\n";
    }
    body += &several(random, 1, 2, end);
    body + "\n"
}

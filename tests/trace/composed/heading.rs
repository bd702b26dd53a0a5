//! Sites that change header fields.

use super::{one, several, text};

use crate::generate::random::Random;

pub(super) fn heading(random: &mut Random) -> String {
    let operation = |random: &mut Random| {
        one(
            random,
            "X-One {path} ~ +X-One 2 ~ -X-One ~ ?X-One dflt ~ >X-One late ~ -Server ~ Server own ~ \
             X-One (\\d) [$1] ~ X-One a b ~ -X-* ~ -* ~ +Set-Cookie a=1 ~ +Set-Cookie b=2 ~ \
             Set-Cookie $ \"; Secure\" ~ ?Content-Type text/x ~ Content-Type text/y ~ -Content-Type ~ \
             Cache-Control no-store ~ X-Two {header.X-Id} ~ X-Two {http.response.header.X-One} ~ ?X-Two {vars.v} ~ \
             >X-Two (.) $1$1 ~ Location /new ~ X-Empty \"\" ~ x-lower 1 ~ +Vary Origin ~ Etag {path} ~ \
             X-Two {query.a}{cookie.s}",
        )
        .to_owned()
    };
    let at = |random: &mut Random| one(random, " ~  ~  ~ * ~ /a* ~ @id ~ /a/b ~ /*.php").to_owned();
    let line = |random: &mut Random| match random.below(12) {
        0..=3 => format!("header {} {}", at(random), operation(random)),
        4..=5 => format!("header {} {{\n{}\n}}", at(random), several(random, 1, 4, operation)),
        6 => format!("header {} {{\n{}\ndefer\n}}", at(random), several(random, 1, 3, operation)),
        7 => format!(
            "header {{\n{}\nmatch {}\n}}",
            several(random, 1, 2, operation),
            one(random, "status 404 ~ status 2xx ~ header X-Up * ~ {\nstatus 403 5xx\nheader X-One *\n}")
        ),
        8 => format!(
            "request_header {} {}",
            at(random),
            one(random, "X-Id new ~ -X-Id ~ +X-Id more ~ X-Id (.) <$1> ~ Cookie s=9")
        ),
        9 => format!("vars {} v {}", at(random), one(random, "1 ~ {path} ~ x{query.a}")),
        10 => format!("encode {}", one(random, "gzip ~ gzip {\nminimum_length 3\n}")),
        _ => format!(
            "basic_auth {} {{\nkim $2y$05$bvIG6Nmid91Mu9RcmmWZfO5HJIMCT8riNW0hEp8f6/FuA2/mHZFpe\n}}",
            one(random, "/api/* ~ /b*")
        ),
    };
    let end = |random: &mut Random| match random.below(7) {
        0 => "reverse_proxy 127.0.0.1:{$B1}".to_owned(),
        1 => format!(
            "respond {} \"{}\" {}",
            one(random, " ~ /a* ~ @id"),
            text(random),
            one(random, "200 ~ 404 ~ 403 ~ 204 ~ {query.a} ~ 500")
        ),
        2 => format!(
            "error {} \"no {{path}}\" {}",
            one(random, "/a* ~ /b* ~ @id"),
            one(random, "403 ~ 404 ~ 500")
        ),
        3 => format!(
            "redir {} {} {}",
            one(random, "/a* ~ @id ~ *"),
            one(random, "/to ~ https://o.test{uri} ~ /x?{query} ~ {header.Referer}"),
            one(random, "301 ~ 308 ~  ~ html ~ temporary ~ {query.a}")
        ),
        4 => format!(
            "handle {} {{\n{}\nrespond \"{}\"\n}}",
            one(random, "/a* ~  ~ @id"),
            several(random, 1, 2, |random| format!("header {}", operation(random))),
            text(random)
        ),
        5 => "respond <<END\n<p>{path}</p>\nline two\nEND".to_owned(),
        _ => format!("respond \"{}\"", text(random)),
    };
    let mut body = "@id header X-Id *\n".to_owned();
    body += &several(random, 1, 5, line);
    body += "\n";
    body += &several(random, 1, 3, end);
    if random.one_in(3) {
        body += &format!(
            "\nhandle_errors {{\nheader {}\nrespond \"e {{err.status_code}} {{err.message}}\"\n}}",
            operation(random)
        );
    }
    body + "\n"
}

//! Sites that raise errors.

use super::{one, several};

use crate::generate::random::Random;

pub(super) fn failing(random: &mut Random) -> String {
    let raise = |random: &mut Random| match random.below(8) {
        0..=2 => format!(
            "error {} {} {}",
            one(random, "/a ~ /a* ~ /b* ~ @q ~ /*.php"),
            one(random, "\"m {path}\" ~ \"\" ~ {query.a}"),
            one(random, "400 ~ 403 ~ 404 ~ 410 ~ 500 ~ 503 ~ {query.a} ~ 599 ~ 600 ~ 99")
        ),
        3 => format!("error {} {}", one(random, "/a ~ /api* ~ @q"), one(random, "404 ~ 502 ~ 401")),
        4 => format!("@x{} `int({{query.a}}) > 1`\nrespond @x{} \"bad\"", 0, 0),
        5 => "reverse_proxy /b* 127.0.0.1:{$DOWN}".to_owned(),
        6 => "file_server /x* {\nroot none\n}".to_owned(),
        _ => format!(
            "handle {} {{\nheader X-In 1\nerror \"deep\" {}\n}}",
            one(random, "/a/* ~ /api/* ~ @q"),
            one(random, "401 ~ 404 ~ 418")
        ),
    };
    let answer = |random: &mut Random| {
        several(random, 1, 3, |random| {
            one(
                random,
                "respond \"E {err.status_code} {err.message} {err.status_text} {path}\" ~ respond \"own\" 200 ~ \
             respond 410 ~ header X-Err {err.status_code} ~ redir /sorry 302 ~ rewrite * /err{uri} ~ \
             error \"again\" 599 ~ reverse_proxy 127.0.0.1:{$B1} ~ \
             @g expression {err.status_code} >= 500\nrespond @g \"server\" ~ \
             @c expression `{err.status_code} in [403, 404]`\nrespond @c \"client {uri} {orig_uri}\" ~ \
             respond \"{http.error} {http.error.trace}\" {err.status_code} ~ respond /a \"at a\" ~ abort ~ \
             vars v e ~ method GET ~ handle /a* {\nrespond \"ha\"\n} ~ root * /tmp\n",
            )
            .to_owned()
        })
    };
    let mut body = "@q query a=1\nheader X-Plain 1\n".to_owned();
    if random.one_in(3) {
        body += "header >X-Late 1\n";
    }
    let mut raised = several(random, 1, 4, raise);
    if let Some(first) = raised.find("@x0 `") {
        let again = raised[first + 1..].find("@x0 `").map(|at| first + 1 + at);
        if let Some(again) = again {
            raised.truncate(again);
        }
    }
    body += &raised;
    body += "\nrespond /ok* \"ok\"\n";
    let codes = ["", "404", "4xx", "5xx", "403 404", "500"];
    let count = random.below(3);
    let from = random.below(codes.len());
    for number in 0..count {
        let code = codes[(from + number * 2) % codes.len()];
        let mut lines = String::new();
        let mut names = Vec::new();
        for line in answer(random).lines() {
            let name = line.strip_prefix('@').and_then(|line| line.split(' ').next()).map(str::to_owned);
            if let Some(name) = name {
                if names.contains(&name) {
                    continue;
                }
                names.push(name);
            }
            lines += line;
            lines += "\n";
        }
        body += &format!("handle_errors {code} {{\n{lines}}}\n");
    }
    body
}

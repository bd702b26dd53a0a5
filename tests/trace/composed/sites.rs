//! Several sites with hosts.

use super::{in_place, one, text};

use crate::generate::random::Random;

pub(super) fn sites(random: &mut Random) -> String {
    let addresses = [
        "http://v.test",
        "http://*.b.test",
        "http://a.b.test",
        ":{$HTTP}",
        "http://v.test, http://w.test",
        "http://*.test",
        "http://V2.test",
        "http://*",
        "http://a.*.test",
        ":{$ALT}",
        "http://v.test:{$ALT}",
        "http://",
        "http://v.test.",
        "http://[::1]",
        "http://127.0.0.1",
        "http://xn--bcher-kva.test",
        "http://bücher.test",
        "http://localhost",
        "http://*.*.test",
        "http://v.test/a/*",
        "http://v.test/api*",
        "http://a.b.test:{$HTTP}",
        "http://c.test:{$HTTP}, http://d.test:{$ALT}",
    ];
    let mut chosen: Vec<&str> = Vec::new();
    for _ in 0..2 + random.below(5) {
        let address = addresses[random.below(addresses.len())];
        let words = |text: &str| -> Vec<String> {
            text.split(", ").map(|one| one.trim_end_matches(":{$HTTP}").to_lowercase()).collect()
        };
        let same = |one: &str, other: &str| words(one).iter().any(|word| words(other).contains(word));
        let catch_all = |one: &str| matches!(one, ":{$HTTP}" | "http://");
        let german = |one: &str| one.contains("cher");
        if !chosen.iter().any(|one| {
            same(one, address) || catch_all(one) && catch_all(address) || german(one) && german(address)
        }) {
            chosen.push(address);
        }
    }
    let mut out = String::new();
    for (number, address) in chosen.iter().enumerate() {
        let line = |random: &mut Random| match random.below(8) {
            0 => format!(
                "redir {} https://{}{{uri}}",
                one(random, "/a ~ /a/* ~ /*.php"),
                one(random, "{host} ~ www.{host} ~ {labels.1}.o.test")
            ),
            1 => format!("respond {} \"{number} {}\"", in_place(random), text(random)),
            2 => format!(
                "@h{} host {}\nrespond @h{} \"h {{host}}\"",
                number,
                one(random, "a.b.test ~ v.test"),
                number
            ),
            3 => format!(
                "handle {} {{\nrespond \"{number} h {}\"\n}}",
                one(random, "/a* ~ /api/* ~ "),
                text(random)
            ),
            4 => format!("error {} {}", one(random, "/a* ~ /b*"), one(random, "404 ~ 500")),
            5 => format!("header X-Site {number}"),
            6 => format!("handle_errors {{\nrespond \"{number} e {{err.status_code}}\"\n}}"),
            _ => format!("rewrite {} /rw{{uri}}", one(random, "/a* ~ /b*")),
        };
        let mut lines = Vec::new();
        let mut has = [false; 2];
        for _ in 0..random.below(5) {
            let line = line(random);
            let kind = if line.starts_with("handle_errors") {
                0
            } else if line.starts_with('@') {
                1
            } else {
                2
            };
            if kind < 2 && has[kind] {
                continue;
            }
            if kind < 2 {
                has[kind] = true;
            }
            lines.push(line);
        }
        if random.below(4) > 0 {
            lines.push(format!("respond \"site {number} {}\"", text(random)));
        }
        out += &format!("{address} {{\n{}\n}}\n", lines.join("\n"));
    }
    out
}

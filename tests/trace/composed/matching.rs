//! Sites whose matchers are composed.

use super::{in_place, matcher, one, several, text};

use crate::generate::random::Random;

pub(super) fn matching(random: &mut Random) -> String {
    let mut body = format!("vars v {}\n", one(random, "1 ~ {query.a} ~ x{path}"));
    let count = 3 + random.below(6);
    for number in 0..count {
        let lines = several(random, 1, 3, matcher);
        let words: Vec<&str> = lines.lines().map(|line| line.split(' ').next().unwrap_or_default()).collect();
        let is_again = |word: &&str| words.iter().filter(|other| *other == word).count() > 1;
        let once = [
            "path_regexp",
            "expression",
            "protocol",
            "remote_ip",
            "client_ip",
            "query",
            "vars_regexp",
            "vars",
        ];
        let lines = if words.iter().any(|word| once.contains(word) && is_again(word)) {
            matcher(random)
        } else {
            lines
        };
        body += &format!("@m{number} {{\n{lines}\n}}\n");
    }
    if random.one_in(3) {
        body += "handle {\n";
        for number in 0..count {
            body += &format!("header @m{number} +X-M {number}\n");
        }
        body += &format!("respond \"{}\"\n}}\n", text(random));
    } else {
        for number in 0..count {
            body += &format!("respond @m{number} \"m{number} {}\"\n", text(random));
        }
        if random.one_in(2) {
            body += &format!("respond {} \"p {}\"\n", in_place(random), text(random));
        }
        body += &format!("respond \"rest {}\"\n", text(random));
    }
    body
}

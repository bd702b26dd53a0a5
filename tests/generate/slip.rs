//! A Caddyfile with a slip of the pen in it.

use super::random::Random;

/// One small mistake of the kind that people make.
pub(super) fn spoil(random: &mut Random, text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = random.below(lines.len());
    match random.below(9) {
        0 => drop(lines.remove(at)),
        1 => lines[at].push_str(" {"),
        2 => lines[at] = lines[at].replace(['{', '}'], ""),
        3 => lines[at].push_str(" \""),
        4 => lines.insert(at, "}".to_owned()),
        5 => {
            let word: String = lines[at].chars().filter(|c| *c != 'e').collect();
            lines[at] = word;
        }
        6 => lines[at].push_str(" }"),
        7 => {
            let line = lines[at].clone();
            lines.insert(at, line);
        }
        _ => lines[at].push_str(" \\"),
    }
    lines.join("\n") + if random.one_in(3) { "" } else { "\n" }
}

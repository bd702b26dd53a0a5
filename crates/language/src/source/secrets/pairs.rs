//! `name = value` and `name: value` over several words.

use std::ops::Range;

use super::lines::Line;
use super::{names, shapes};

/// `name = value` and `name: value` over several words, in comments and where a directive is not known.
pub(crate) fn pairs_of_words(line: &Line, words: &[&str], found: &mut Vec<Range<usize>>) {
    for (number, word) in words.iter().enumerate() {
        let value = match word.strip_suffix([':', '=']) {
            Some("") => number + 1,
            Some(_) if word.ends_with(':') || line.is_comment => number + 1,
            _ => continue,
        };
        let name = word.trim_end_matches([':', '=']);
        let name = if name.is_empty() && number > 0 { words[number - 1] } else { name };
        let name = name.trim_matches(['"', '\'', '`', ',']);
        let is_alone = !line.is_comment
            || value + 1 == words.len()
            || (value < words.len() && looks_random(words[value]));
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        if let Some(strength) = names::strength(name).filter(|_| is_alone && is_name)
            && value < words.len()
            && !shapes::is_harmless(words[value], strength)
            && !words[value].ends_with('{')
        {
            found.push(line.words[value].range.clone());
        }
    }
}

/// Whether a word of prose is hardly meant.
pub(crate) fn looks_random(word: &str) -> bool {
    let has = |kind: fn(&char) -> bool| word.chars().any(|c| kind(&c));
    let has_capital = word.chars().skip(1).any(|c| c.is_ascii_uppercase());
    has(char::is_ascii_digit) || (has_capital && has(char::is_ascii_lowercase))
}

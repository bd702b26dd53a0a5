//! `'…%s…'.format([…])`, which is checked when the text is written out.

use super::Fault;
use super::types::Type;

/// The letters of the clauses of `text`, which stands at `at`.
pub(super) fn clauses(text: &str, at: usize) -> Result<Vec<char>, Fault> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('%') {
        if let Some(next) = after.strip_prefix('%') {
            rest = next;
            continue;
        }
        let mut clause = after;
        if let Some(digits) = after.strip_prefix('.') {
            clause = digits.trim_start_matches(|c: char| c.is_ascii_digit());
            let precision = &digits[..digits.len() - clause.len()];
            if !precision.parse::<u32>().is_ok_and(|precision| precision <= 100) {
                return Fault::new(at, "the precision after `%.` must be a number from 0 to 100");
            }
        }
        let Some(letter) = clause.chars().next().filter(|c| "sdfebxXo".contains(*c)) else {
            return Fault::with_help(
                at,
                "the text has a `%` that starts no known clause",
                "%s, %d, %f, %e, %b, %x, %X and %o exist; write %% for a percent sign",
            );
        };
        rest = &clause[letter.len_utf8()..];
        found.push(letter);
    }
    Ok(found)
}

/// Whether the clause `letter` can show a value of this type. A placeholder's value fits none.
pub(super) fn shows(letter: char, found: &Type) -> bool {
    match found {
        Type::Dyn | Type::Open(_) | Type::Int | Type::Uint => true,
        Type::Any | Type::Request => false,
        Type::Double => letter != 'b' && letter != 'o' && letter != 'x' && letter != 'X',
        Type::Bool => matches!(letter, 's' | 'b'),
        Type::Text | Type::Bytes => matches!(letter, 's' | 'x' | 'X'),
        _ => letter == 's',
    }
}

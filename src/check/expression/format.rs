//! `'…%s…'.format([…])`, which is checked when the text is written out.

use super::Fault;
use super::ast::{Expr, Kind};

/// Checks the clauses of a written-out text, and their number against a written-out list.
pub(super) fn check(target: &Expr, list: &Expr) -> Result<(), Fault> {
    let Some(text) = target.text() else { return Ok(()) };
    let mut clauses = 0;
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('%') {
        if let Some(next) = after.strip_prefix('%') {
            rest = next;
            continue;
        }
        let precise = after
            .strip_prefix('.')
            .map_or(after, |digits| digits.trim_start_matches(|c: char| c.is_ascii_digit()));
        let Some(letter) = precise.chars().next().filter(|c| "sdfebxXo".contains(*c)) else {
            return Fault::with_help(
                target.at,
                "the text has a `%` that starts no known clause",
                "%s, %d, %f, %e, %b, %x, %X and %o exist; write %% for a percent sign",
            );
        };
        rest = &precise[letter.len_utf8()..];
        clauses += 1;
    }
    match &list.kind {
        Kind::List(items) if items.len() != clauses => {
            let reason = format!("the text has {clauses} clauses for {} values", items.len());
            Fault::new(list.at, reason)
        }
        _ => Ok(()),
    }
}

//! A `path` matcher with `%` compares by case.

use super::rules;
use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Edit, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "CVE-2026-27587",
    aliases: &["GHSA-g7pc-pc7g-h8jh"],
    title: "A `path` matcher with `%` compares by case",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 1)),
    second_fact: None,
    absent: "no `path` matcher has an entry with `%`",
    witness: "`/admin%2Fpanel` is denied, and GET `/ADMIN%2Fpanel` gets 200; a repaired version refuses with 403",
    remedy: "write the path decoded, such as `/admin/panel`",
    dated: "2026-11-30",
    edits: Some(edits),
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for route in subject.handlers.routes() {
        let mut entries = route.matchers().into_iter().flat_map(rules::paths);
        if entries.any(|entry| entry.contains('%')) {
            found.push(subject.pointer(route.pointer()));
        }
    }
}

/// The paths decoded, where they are plain words.
fn edits(subject: &Subject) -> Vec<Edit> {
    let entries = |route: crate::handlers::Route<'_, '_>| -> Vec<String> {
        let own = route.matchers().into_iter().filter(|matcher| matcher.name == "path");
        own.flat_map(|matcher| matcher.texts().map(str::to_owned).collect::<Vec<_>>()).collect()
    };
    let mut out = Vec::new();
    for entry in subject.handlers.routes().flat_map(entries).filter(|entry| entry.contains('%')) {
        let Some(decoded) = decoded(&entry) else { continue };
        out.extend(subject.words(&entry).into_iter().map(|span| Edit { span, replacement: decoded.clone() }));
    }
    out.sort_by_key(|edit| edit.span);
    out.dedup();
    out
}

/// A path without escapes; `None` if the result cannot be a word of a Caddyfile.
fn decoded(path: &str) -> Option<String> {
    let mut pieces = path.split('%');
    let mut out = pieces.next()?.to_owned();
    for piece in pieces {
        let byte = piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok())?;
        if !byte.is_ascii_graphic() || b"%\"`{}*#".contains(&byte) {
            return None;
        }
        out.push(char::from(byte));
        out.push_str(&piece[2..]);
    }
    Some(out)
}

//! Names that `hide` has with a slash are in listings of folders.

use caddyctl_language::Version;
use serde_json::Value;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "browse-hidden-names",
    aliases: &[],
    title: "Names that `hide` has with a slash are in listings of folders",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 8)),
    second_fact: None,
    absent: "no file server with `browse` has a `hide` entry with a slash",
    witness: "the listing has the name, although the file itself gets 404; in a repaired version it does not",
    remedy: "write the bare name in `hide`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.named("file_server") {
        let hidden = handler.at("hide").as_array().into_iter().flatten().filter_map(Value::as_str);
        let is_own = |entry: &str| {
            subject.path.is_some_and(|path| path.trim_start_matches("./") == entry.trim_start_matches("./"))
        };
        let mut hidden = hidden.filter(|entry| !is_own(entry));
        if handler.at("browse").is_object() && hidden.any(|entry| entry.contains('/')) {
            found.push(subject.handler(handler));
        }
    }
}

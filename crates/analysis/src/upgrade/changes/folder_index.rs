//! `try_files {path} /index.html` leads a folder to its own index.

use caddyctl_language::Version;

use super::not_found_at_root::{first_exist, tried};
use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "try-files-folder",
    title: "`try_files {path} /index.html` leads a folder to its own index",
    since: Version::new(2, 11, 8),
    until: Some(Version::new(2, 11, 9)),
    old: "`/dir/` gets `/index.html`",
    new: "`/dir/` gets the index file of the folder",
    remedy: "",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for (route, matcher) in subject.handlers.matchers("file") {
        let tried = tried(matcher.value);
        let is_path = tried.first().is_some_and(|first| *first == "{http.request.uri.path}");
        if first_exist(matcher.value)
            && is_path
            && tried.len() > 1
            && !tried.iter().any(|entry| entry.starts_with('='))
        {
            found.push(subject.pointer(route.pointer()));
        }
    }
}

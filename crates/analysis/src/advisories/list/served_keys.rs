//! A file server in the working folder hands out the private keys.

use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "data-folder-served",
    aliases: &[],
    title: "A file server in the working folder hands out the private keys",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 8)),
    second_fact: Some(
        "Caddy runs without HOME and XDG_DATA_HOME, so that its data is in the working folder, and the root has that folder",
    ),
    absent: "no file server has a root that is relative, `/` or `/srv`",
    witness: "GET `/caddy/pki/authorities/local/root.key`: the key; a repaired version responds 404",
    remedy: "set XDG_DATA_HOME to a folder that is not served",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.named("file_server") {
        let roots: Vec<&str> = match handler.at("root").as_str() {
            Some(root) if root != "{http.vars.root}" => vec![root],
            _ => {
                let set = handler.before().into_iter().filter(|earlier| earlier.is("vars"));
                set.filter_map(|earlier| earlier.at("root").as_str()).collect()
            }
        };
        let holds = |root: &&str| !root.starts_with('/') || matches!(root.trim_end_matches('/'), "" | "/srv");
        if roots.is_empty() || roots.iter().any(holds) {
            found.push(subject.handler(handler));
        }
    }
}

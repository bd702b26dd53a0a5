//! What is true after a deploy that failed, beyond what was undone: the file on the disk may be the one that failed.

use std::path::Path;

use caddyctl_deploy::files::digest::Digest;
use caddyctl_deploy::place::Found;
use caddyctl_deploy::place::installed::Installed;
use caddyctl_deploy::place::losses::silent_upstreams;
use caddyctl_deploy::transaction::error::{Cause, Failure};
use caddyctl_deploy::transaction::undo::Undo;
use caddyctl_language::source::shown;
use serde_json::Value;

use super::checking::Checking;

/// What is known of a deploy that failed.
pub(super) struct Aftermath<'a> {
    pub found: &'a Found,
    /// What was installed before it, and is again.
    pub installed: Option<&'a Installed>,
    /// Whether the source is the installed file itself.
    pub is_in_place: bool,
    /// What Caddy ran before it, when that is known.
    pub ran: Option<&'a Digest>,
    /// The configuration that failed.
    pub config: &'a Value,
    pub checking: &'a Checking<'a>,
}

/// Whether the Caddyfile `main` is the installed one.
pub(super) fn is_in_place(found: &Found, main: &Path) -> bool {
    let host = &found.host;
    !host.is_staged() && host.real(main) == host.real(&host.caddyfile)
}

/// What is said of an installed Caddyfile with errors, whoever runs.
pub(super) fn refused_in_place(found: &Found) -> Option<String> {
    let is_up = found.systemd.as_ref().is_some_and(|(_, unit)| unit.is_active());
    let path = shown::path(&found.host.caddyfile);
    is_up.then(|| {
        format!(
            "{path} is the installed file: Caddy runs the configuration that it loaded before, and its next start fails with this file"
        )
    })
}

impl Aftermath<'_> {
    /// What is true after `failure`, each a sentence.
    pub fn of(&self, failure: &Failure) -> Vec<String> {
        let mut all = Vec::new();
        if matches!(*failure.cause, Cause::Checks(_)) {
            all.extend(self.before(failure.undo.as_ref()));
            all.extend(silent_upstreams(self.config).0);
        }
        all.extend(self.next_start());
        all
    }

    /// Whether the checks fail without the deploy as well.
    fn before(&self, undo: Option<&Undo>) -> Option<String> {
        let failed = self.checking.failed.borrow().len();
        let same = if undo.is_some_and(Undo::is_complete) { self.checking.failing_before() } else { 0 };
        let of = match (same, failed) {
            (0, _) => return None,
            (1, 1) => "the check fails".to_owned(),
            (same, failed) if same == failed => format!("all {failed} checks fail"),
            (1, failed) => format!("one of these {failed} checks fails"),
            (same, failed) => format!("{same} of these {failed} checks fail"),
        };
        Some(format!("{of} in the same way with the running configuration, so the cause is not this deploy"))
    }

    /// What the next start of Caddy would do that is not what runs.
    fn next_start(&self) -> Option<String> {
        let installed = self.installed?;
        let path = shown::path(&self.found.host.caddyfile);
        let ran = self.ran?;
        if let Some(reason) = &installed.fault {
            return Some(format!("the next start of Caddy fails with the installed file: {reason}"));
        }
        if installed.config.as_ref().map(Digest::of_config).as_ref() == Some(ran) {
            return None;
        }
        Some(if self.is_in_place {
            format!(
                "{path} itself is what failed: Caddy runs the configuration from before, and its next start uses this file"
            )
        } else {
            format!(
                "{path} is not what Caddy runs: it was changed and never loaded, and the next start of Caddy uses it"
            )
        })
    }
}

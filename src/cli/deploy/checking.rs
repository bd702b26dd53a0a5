//! The checks of a source, asked by root within what the new configuration names.

use std::cell::RefCell;
use std::time::Duration;

use caddyctl_deploy::admin::known::Known;
use caddyctl_deploy::place::Found;
use caddyctl_deploy::place::losses::silent_upstreams;
use caddyctl_deploy::process::deadline::Deadline;
use caddyctl_deploy::transaction::setup::Unserved;
use caddyctl_deploy::verify::{Check, Checks, Outcome, Reach, verify_until};
use caddyctl_language::source::shown::line;
use serde_json::Value;

use super::signals;
use crate::cli::{print, verify};

/// How long the checks that failed may take once more.
const AGAIN: Duration = Duration::from_secs(5);

/// The checks of a deploy.
pub(super) struct Checking<'c> {
    pub found: &'c Found,
    /// The new configuration.
    pub config: &'c Value,
    /// Where its admin API may answer.
    pub known: &'c Known,
    /// What is checked, when anything is.
    pub checks: Option<&'c Checks>,
    pub reach: Reach,
    /// Those that failed, with what was wrong.
    pub failed: RefCell<Vec<(Check, String)>>,
}

impl Checking<'_> {
    /// Runs them all; the error says what failed.
    pub fn run(&self, left: Duration) -> Result<(), Unserved> {
        let Some(checks) = self.checks else { return Ok(()) };
        let outcomes =
            self.ask(checks.clone(), left).ok_or_else(|| Unserved("stopped on request".to_owned()))?;
        let outcomes = outcomes.map_err(Unserved)?;
        let failed = checks.check.iter().zip(&outcomes);
        let failed = failed.filter_map(|(check, outcome)| Some((check.clone(), outcome.fault.clone()?)));
        self.failed.replace(failed.collect());
        verify::failures(&outcomes).map_err(Unserved)
    }

    /// The names that they ask over TLS.
    pub fn awaited(&self) -> Vec<String> {
        self.checks.map(|checks| checks.check.iter().filter_map(Check::host).collect()).unwrap_or_default()
    }

    /// How many of the checks that failed fail in the same way with the configuration that runs again after an undo. Only
    /// those that change nothing are asked.
    pub fn failing_before(&self) -> usize {
        let Some(checks) = self.checks else { return 0 };
        let failed: Vec<_> =
            self.failed.borrow().iter().filter(|(check, _)| check.is_safe()).cloned().collect();
        if failed.is_empty() {
            return 0;
        }
        let once = |(check, _): &(Check, String)| Check { retries: 0, ..check.clone() };
        let again = Checks { check: failed.iter().map(once).collect(), ..checks.clone() };
        let Some(Ok(outcomes)) = self.ask(again, AGAIN) else { return 0 };
        let same = outcomes
            .iter()
            .zip(&failed)
            .filter(|(outcome, (_, fault))| outcome.fault.as_ref() == Some(fault));
        same.count()
    }

    fn ask(&self, checks: Checks, left: Duration) -> Option<Result<Vec<Outcome>, String>> {
        let internal = self.found.authorities(self.config, &checks, self.known);
        let reach = Reach { internal, ..self.reach.clone() };
        let until = Some(Deadline::after(left));
        let asked = signals::unless_stopped(move || verify_until(&checks, &reach, until));
        asked.map(|outcomes| outcomes.map_err(|error| error.to_string()))
    }
}

/// Says that no site was asked, since nobody knows then whether one answers.
pub(super) fn unasked(config: &Value, by_wish: bool) {
    if !by_wish {
        print::stderr("note: no site was checked: no checks.toml next to the Caddyfile\n");
    }
    let (silent, unasked) = silent_upstreams(config);
    for silent in silent {
        print::stderr(format!("warning: {}\n", line(&silent)));
    }
    if unasked > 0 {
        let upstreams = if unasked == 1 { "upstream was" } else { "upstreams were" };
        print::stderr(format!("note: {unasked} {upstreams} not asked, because the others took too long\n"));
    }
}

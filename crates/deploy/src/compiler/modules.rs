//! The modules that a Caddy was built with, asked of the program itself.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Caddy;
use crate::process::run::{RunError, run};
use crate::systemd::Unit;

/// What `caddy list-modules` of `program` prints. It reads no configuration and touches nothing.
pub fn of_program(program: &Path, within: Duration) -> Result<BTreeSet<String>, RunError> {
    Ok(parse(&run(program, &["list-modules"], within)?))
}

/// The modules that a configuration may use with the service `unit`: those that the installed program has, for its next
/// start, and the running process too, which after an upgrade is still the old one. They are asked as `caddy` would be,
/// since they may be programs of the service's user. `None` when none could be asked.
pub fn of_service(unit: &Unit, caddy: &Caddy<'_>) -> Option<BTreeSet<String>> {
    let running = unit.main_pid().map(|pid| PathBuf::from(format!("/proc/{pid}/exe")));
    let installed = unit.caddy();
    let identity = |path: &PathBuf| path.metadata().ok().map(|found| (found.dev(), found.ino()));
    // The running process is mostly the installed program, and one answer is enough then.
    let is_same = running
        .as_ref()
        .and_then(identity)
        .is_some_and(|own| installed.as_ref().and_then(identity) == Some(own));
    let asked = [installed, running.filter(|_| !is_same)].into_iter().flatten();
    let answers = asked.filter_map(|program| Caddy { program, ..caddy.clone() }.modules().ok());
    answers.filter(|all| !all.is_empty()).reduce(|all, more| &all & &more)
}

/// One identifier a line; the sums between them are indented.
pub(crate) fn parse(text: &str) -> BTreeSet<String> {
    let is_identifier = |line: &&str| !line.is_empty() && !line.contains([' ', ':']);
    text.lines().filter(is_identifier).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list() {
        let all = parse(
            "http\nhttp.handlers.map\n\n  Standard modules: 2\n\ndns.providers.x\n\n  Unknown modules: 1\n",
        );
        assert_eq!(all.iter().collect::<Vec<_>>(), ["dns.providers.x", "http", "http.handlers.map"]);
    }
}

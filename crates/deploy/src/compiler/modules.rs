//! The modules that a Caddy was built with, asked of the program itself.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Caddy;
use crate::process::run::{RunError, run};
use crate::systemd::Unit;

/// Modules as `caddy list-modules` names them, and the Go module that each comes from, where the program says so.
pub type Modules = BTreeMap<String, Option<String>>;

/// Asks for them with `ask`, which runs the program with arguments: with packages, or else without.
pub(crate) fn ask(mut ask: impl FnMut(&[&str]) -> Result<String, RunError>) -> Result<Modules, RunError> {
    match ask(&["list-modules", "--packages"]).map(|text| parse(&text)) {
        Err(RunError::Failed { .. }) => {}
        Ok(all) if all.is_empty() => {}
        answer => return answer,
    }
    Ok(parse(&ask(&["list-modules"])?))
}

/// What `caddy list-modules` of `program` prints. It reads no configuration and touches nothing.
pub fn of_program(program: &Path, within: Duration) -> Result<Modules, RunError> {
    ask(|arguments| run(program, arguments, within))
}

/// The modules that a configuration may use with the service `unit`: those that the installed program has, for its next
/// start, and the running process too, which after an upgrade is still the old one. They are asked as `caddy` would be,
/// since they may be programs of the service's user. `None` when none could be asked.
pub fn of_service(unit: &Unit, caddy: &Caddy<'_>) -> Option<Modules> {
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
    answers
        .filter(|all| !all.is_empty())
        .reduce(|all, more| all.into_iter().filter(|(id, _)| more.contains_key(id)).collect())
}

/// One module a line, with the Go module that it comes from behind it; the sums between them are indented.
pub(crate) fn parse(text: &str) -> Modules {
    let lines = text.lines().filter(|line| !line.starts_with(char::is_whitespace));
    let lines = lines.filter_map(|line| {
        let mut parts = line.split_whitespace();
        let id = parts.next().filter(|id| !id.contains(':'))?;
        // A replaced module is followed by `=>` and what takes its place.
        let package = parts.find(|part| part.contains('/'));
        Some((id.to_owned(), package.map(str::to_owned)))
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list() {
        let all = parse(
            "http\nhttp.handlers.map github.com/caddyserver/caddy/v2\n\n  Standard modules: 2\n\ndns.providers.x v1 example.com/x => ../x\n\n  Unknown modules: 1\n",
        );
        let all: Vec<_> = all.iter().map(|(id, package)| (id.as_str(), package.as_deref())).collect();
        assert_eq!(
            all,
            [
                ("dns.providers.x", Some("example.com/x")),
                ("http", None),
                ("http.handlers.map", Some("github.com/caddyserver/caddy/v2"))
            ]
        );
    }
}

//! What the host's Caddy is asked side by side: each answer takes a tenth of a second, and a deploy needs up to three.

use std::thread;

use super::Found;
use crate::artifact::DeployFile;
use crate::compiler::modules::{self, Modules};
use crate::compiler::{AskError, Caddy};
use crate::systemd::Unit;
use caddyctl_language::source::Sources;
use serde_json::Value;

/// What is known of the installed Caddyfile before it is looked at.
pub(super) enum Ahead {
    /// The answer of the host's Caddy.
    Answer(Result<Value, AskError>),
    /// The configuration (JSON) that these same texts compile to; their names are those of the host.
    Same(Vec<(String, String)>, Vec<u8>),
}

/// The names and texts of all files.
pub(super) fn texts(sources: &Sources) -> Vec<(String, String)> {
    sources.iter().map(|(_, file)| (file.name().to_owned(), file.text().to_owned())).collect()
}

impl Found {
    /// Does `work`, which asks the host's Caddy about the new `files`, and meanwhile asks for what comes next: its modules,
    /// and what it makes of the installed Caddyfile, where that is another one.
    pub(super) fn beside<T>(&self, files: &[DeployFile], needs_modules: bool, work: impl FnOnce() -> T) -> T {
        let unit = self.systemd.as_ref().map(|(_, unit)| unit);
        let is_asked = needs_modules && !self.is_caddy_given && self.modules.get().is_none();
        let unit = unit.filter(|_| is_asked);
        let installed = self.needs_installed(files).then(|| self.host.on_disk(&self.host.caddyfile));
        let template = self.caddy_of(std::path::PathBuf::new());
        let caddy = self.caddy().filter(|_| installed.is_some());
        let (done, modules, answer) = thread::scope(|scope| {
            let ask = |unit: &Unit| modules::of_service(unit, &template);
            let modules = unit.map(|unit| scope.spawn(move || ask(unit)));
            let adapt = |caddy: Caddy<'_>, main: std::path::PathBuf| caddy.adapt(&main);
            let answer = caddy.zip(installed).map(|(caddy, main)| scope.spawn(move || adapt(caddy, main)));
            let done = work();
            // A thread of ours does not panic; should one, its answer is asked for once more.
            let modules: Option<Option<Modules>> = modules.and_then(|thread| thread.join().ok());
            (done, modules, answer.and_then(|thread| thread.join().ok()))
        });
        if let Some(modules) = modules {
            let _ = self.modules.set(modules);
        }
        if let Some(answer) = answer {
            self.ahead.replace(Some(Ahead::Answer(answer)));
        }
        done
    }

    /// Whether the installed Caddyfile has to be asked about as well: it is there, and is not what is deployed.
    fn needs_installed(&self, files: &[DeployFile]) -> bool {
        let is_known = self.installed.borrow().get().is_some();
        let is_same = |file: &DeployFile| {
            file.bytes.as_ref().is_some_and(|bytes| {
                self.host.read(&file.path, file.role.most()).is_ok_and(|installed| installed == *bytes)
            })
        };
        !is_known
            && !self.host.is_staged()
            && self.host.has(&self.host.caddyfile)
            && !files.iter().filter(|file| file.role.is_config()).all(is_same)
    }
}

//! Whether the new configuration is served: Caddy's own processes hold its listeners, and its sites have certificates.

use std::path::Path;
use std::time::Duration;

use caddyctl_analysis::check::Facts as _;
use caddyctl_language::source::Env;

use super::error::Cause;
use super::setup::Step;
use super::{ASKING, CHECKING, Transaction};
use crate::certificates::{secure_sites, shown_at};
use crate::listener::{Listener, sockets};
use crate::systemd::log::Kind;

impl Transaction<'_, '_> {
    /// A listener of the configuration that another program has.
    pub(super) fn taken(&self) -> Option<(Listener, String)> {
        Listener::of_config(self.job.config).into_iter().find_map(|listener| {
            let holder = holder(&listener)?;
            Some((listener, holder))
        })
    }

    pub(super) fn await_listener(&self, listener: &Listener) -> Result<(), Cause> {
        let mut tries = 0;
        loop {
            let Err(error) = self.probe(listener) else {
                // What answers may be another program.
                return self.is_ours(listener);
            };
            tries += 1;
            self.stop_if_asked()?;
            if tries >= 10 || self.job.deadline.has_passed() {
                return Err(Cause::Silent { listener: listener.clone(), reason: error.to_string() });
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Waits until Caddy shows a certificate for each site that the checks ask: a new one takes an authority some seconds. Where
    /// Caddy itself says that it tries again only after the deadline, there is nothing to wait for.
    pub(super) fn await_certificates(&self) -> Result<(), Cause> {
        let mut missing = secure_sites(self.job.config);
        missing.retain(|name, _| self.setup.awaited.contains(name));
        let begun = jiff::Timestamp::now();
        let (mut is_reported, mut last) = (false, None);
        loop {
            let mut why = None;
            missing.retain(|name, at| match shown_at(name, *at, begun) {
                Ok(_) => false,
                Err(reason) => {
                    why.get_or_insert((name.clone(), reason));
                    true
                }
            });
            let Some((name, reason)) = why else { break };
            if !std::mem::replace(&mut is_reported, true) {
                (self.setup.observe)(Step::Certificate);
            }
            let left = self.job.deadline.left();
            let logged = self.last_words(&name, begun);
            let is_late = logged.as_ref().is_some_and(|(_, again)| *again > left.as_secs_f64());
            if is_late || left < CHECKING {
                let words = logged.map_or(reason, |(words, _)| words);
                return Err(Cause::NoCertificate { name, words });
            }
            let news = logged.map(|(words, _)| format!("{name}: {words}"));
            if let Some(words) = news.as_ref().filter(|_| news != last) {
                (self.setup.hears)(words);
                last = news;
            }
            for _ in 0..20 {
                self.stop_if_asked()?;
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        if is_reported {
            (self.setup.observe)(Step::Verify);
        }
        Ok(())
    }

    /// What Caddy logged last about the certificate of `name`, and in how many seconds it tries again.
    fn last_words(&self, name: &str, since: jiff::Timestamp) -> Option<(String, f64)> {
        let journal = self.setup.systemd.as_ref()?.journal(ASKING);
        let words = journal.of_certificates().rfind(|words| {
            words.site.as_deref() == Some(name)
                && words.kind == Kind::Error
                && words.when.is_some_and(|when| when.as_second() >= since.as_second() - 1)
        })?;
        Some((words.text.clone(), words.retrying_in.unwrap_or(0.0)))
    }

    /// Whether a process of the service listens there. Where none can be looked at, any program counts.
    fn is_ours(&self, listener: &Listener) -> Result<(), Cause> {
        let Some(systemd) = &self.setup.systemd else { return Ok(()) };
        for _ in 0..10 {
            let unit = systemd.show(ASKING)?;
            let processes = unit.processes();
            let is_seen = !unit.is_active() || processes.iter().any(|pid| sockets::can_look(*pid));
            if !is_seen || sockets::has(&sockets::of_processes(&processes), listener) {
                return Ok(());
            }
            self.stop_if_asked()?;
            std::thread::sleep(Duration::from_millis(100));
        }
        let holder = holder(listener).unwrap_or_else(|| "another program".to_owned());
        let holder = if holder == "caddy" { "another caddy".to_owned() } else { holder };
        Err(Cause::Taken { listener: listener.clone(), holder })
    }

    /// Asks for a sign of life. A socket of a service with `PrivateTmp=` lies in a file system of its own.
    fn probe(&self, listener: &Listener) -> std::io::Result<()> {
        let within = Duration::from_millis(1500);
        let (Listener::Unix(path), Some(systemd)) = (listener, &self.setup.systemd) else {
            return listener.probe(within);
        };
        listener.probe(within).or_else(|error| {
            let pid = systemd.show(within).ok().and_then(|unit| unit.main_pid()).ok_or(error)?;
            let inside = path.strip_prefix("/").unwrap_or(path);
            Listener::Unix(Path::new("/proc").join(pid.to_string()).join("root").join(inside)).probe(within)
        })
    }
}

/// The program that listens on a TCP port, if the system says which.
fn holder(listener: &Listener) -> Option<String> {
    let Listener::Tcp(address) = listener else { return None };
    caddyctl_host::Machine::new("/", Env::empty()).listener("tcp", address.port())
}

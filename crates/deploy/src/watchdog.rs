//! The heartbeat that Caddy itself does not have: systemd gets a sign of life as long as Caddy answers.
//!
//! It runs in a unit of its own next to Caddy's. Caddy's watchdog is armed at the first sign of life, so that a Caddy
//! without this companion is never killed for its silence.

use std::io;
use std::sync::mpsc;
use std::time::Duration;

use crate::listener::Listener;
use crate::listener::sockets;
use crate::systemd::notify::Notify;

/// How long a listener may take to answer.
const PATIENCE: Duration = Duration::from_millis(1500);

/// More listeners than this are not asked: one answer is enough.
const ASKED: usize = 16;

/// What is known of Caddy's health.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// A listener answers.
    Answers,
    /// It listens nowhere, so that it cannot be asked; it is not stopped or gone.
    Unasked,
    /// It listens, and nothing answers.
    Silent,
    /// There is no such process, or it is stopped.
    Gone,
}

/// Asks all listeners of the process `pid` at once.
pub fn health(pid: u32) -> Health {
    let Some(state) = state(pid) else { return Health::Gone };
    if matches!(state, 'Z' | 'X' | 'T' | 't') {
        return Health::Gone;
    }
    let listeners = sockets::of_process(pid);
    if listeners.is_empty() { Health::Unasked } else { ask(listeners) }
}

fn ask(listeners: Vec<Listener>) -> Health {
    let (say, hear) = mpsc::channel();
    for listener in listeners.into_iter().take(ASKED) {
        let say = say.clone();
        std::thread::spawn(move || say.send(listener.probe(PATIENCE).is_ok()));
    }
    drop(say);
    if hear.iter().any(|answered| answered) { Health::Answers } else { Health::Silent }
}

/// The letter of `/proc/PID/stat` that shows what a process does.
fn state(pid: u32) -> Option<char> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    text.rsplit_once(") ")?.1.chars().next()
}

/// The heartbeat of one Caddy.
#[derive(Debug)]
pub struct Watchdog {
    systemd: Notify,
    armed: Option<u32>,
    span: Duration,
}

/// What a beat did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beat {
    /// Caddy's watchdog was armed, with its first sign of life.
    Armed,
    /// A sign of life was passed on.
    Alive,
    /// Nothing was passed on, for this reason.
    Withheld(Health),
}

impl Watchdog {
    /// Speaks to systemd at the socket of `systemd`; a Caddy that is silent for `span` is killed.
    pub fn new(systemd: Notify, span: Duration) -> Self {
        Self { systemd, armed: None, span }
    }

    /// Looks at Caddy's main process once, and notifies systemd when it is alive.
    pub fn beat(&mut self, pid: u32) -> io::Result<Beat> {
        let health = health(pid);
        let is_armed = self.armed == Some(pid);
        match health {
            Health::Answers if !is_armed => {
                let words = format!("WATCHDOG_USEC={}\nWATCHDOG=1", self.span.as_micros());
                self.systemd.send_for(pid, &words)?;
                self.armed = Some(pid);
                Ok(Beat::Armed)
            }
            // Its listeners come and go with its configuration; that alone is no reason to kill it.
            Health::Answers | Health::Unasked => {
                self.systemd.send_for(pid, "WATCHDOG=1")?;
                Ok(Beat::Alive)
            }
            other => Ok(Beat::Withheld(other)),
        }
    }
}

/// Takes the watchdog off the process `pid`, so that nothing kills it for its silence.
pub fn disarm(systemd: &Notify, pid: u32) -> io::Result<()> {
    systemd.send_for(pid, "WATCHDOG_USEC=0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_and_somebody() {
        assert_eq!(health(u32::MAX), Health::Gone);
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        assert_eq!(ask(vec![Listener::Tcp(silent.local_addr().unwrap())]), Health::Silent);
    }
}

//! Is the service up, does it answer, and if not, what did it say last?

use super::process::{self, Descriptors};
use super::{Finding, Journal};
use crate::admin::refusal::shortened;
use crate::systemd::Unit;
use crate::watchdog::Health;

/// The most characters of an error that a finding quotes.
const LONGEST: usize = 300;

/// What there is to know about the service.
#[derive(Clone, Copy, Debug)]
pub struct Life<'l> {
    /// Its name: `caddy.service`.
    pub name: &'l str,
    /// What systemd says of it.
    pub unit: &'l Unit,
    /// Whether its main process answers; `None` when there is no process.
    pub health: Option<Health>,
    /// Its journal.
    pub journal: &'l Journal,
    /// The file descriptors of its main process, where that is known.
    pub descriptors: Option<Descriptors>,
}

impl Life<'_> {
    /// Whether it is up and answers, so that it makes sense to ask it more.
    pub fn answers(&self) -> bool {
        self.unit.is_active() && matches!(self.health, Some(Health::Answers | Health::Unasked))
    }
}

/// What is wrong with the service.
pub fn service(life: &Life<'_>) -> Vec<Finding> {
    let Life { name, unit, health, journal, descriptors } = life;
    let mut findings = Vec::new();
    let last_error = || match journal.last_error() {
        Some(words) => format!("; the last error it logged: {}", shortened(words, LONGEST)),
        None => String::new(),
    };
    let since = unit.since();
    let pid = unit.main_pid().unwrap_or(0);
    let result = unit.get("Result");
    let see = format!("see `journalctl -u {name} -n 50` for details");
    let short = descriptors.filter(|descriptors| descriptors.is_short());
    match (unit.get("ActiveState"), unit.get("SubState")) {
        ("active" | "reloading", _) => match (health, short) {
            (Some(Health::Gone), _) => findings.push(Finding::fault(
                format!("Caddy (PID {pid}) is frozen: it was stopped, and does not respond"),
                format!("continue it with `kill -CONT {pid}`; an armed watchdog restarts it within 40 s; otherwise run `systemctl kill -s KILL {name}`"),
            )),
            (Some(Health::Silent), Some(Descriptors { open, most })) => findings.push(Finding::fault(
                format!("Caddy (PID {pid}) accepts no more connections: {open} of its {most} file descriptors are open"),
                process::help(name, most),
            )),
            (Some(Health::Silent), None) => findings.push(Finding::fault(
                format!("Caddy (PID {pid}) is listening but not responding"),
                format!("run `systemctl kill -s KILL {name}` to restart it; an armed watchdog does that within 40 s"),
            )),
            (_, Some(Descriptors { open, most })) => findings.push(Finding::warning(
                format!("{open} of the {most} file descriptors of Caddy (PID {pid}) are open; then it accepts no more connections"),
                process::help(name, most),
            )),
            _ => {}
        },
        // A result such as `watchdog` says what ended it; the errors that it logged before have nothing to do with it.
        ("failed" | "activating", "failed" | "auto-restart") if ended(result).is_some() => {
            let why = ended(result).unwrap_or_default();
            let (now, help) = if unit.get("SubState") == "auto-restart" {
                ("; systemd starts it again", format!("wait some seconds, and look again; {see}"))
            } else {
                ("", format!("run `systemctl start {name}`; `Restart=on-failure` would start it again by itself; {see}"))
            };
            findings.push(Finding::fault(format!("{name} is down{since}: {why}{now}"), help));
        }
        ("failed", _) => findings.push(Finding::fault(
            format!("{name} has failed ({result}){since}{}", last_error()),
            format!("fix the reported error, then run `systemctl restart {name}`; {see}"),
        )),
        ("activating", "auto-restart") => findings.push(Finding::fault(
            format!("{name} cannot start, and systemd keeps trying{}", last_error()),
            format!("fix the reported error, then run `systemctl restart {name}`; {see}"),
        )),
        ("inactive", _) => findings.push(Finding::fault(
            format!("{name} has been stopped{since}"),
            format!("run `systemctl start {name}`; `systemctl enable {name}` starts it at each boot"),
        )),
        (state, sub) => findings.push(Finding::fault(
            format!("{name} is {state} ({sub}){since}{}", last_error()),
            format!("see `systemctl status {name}` for what it waits for"),
        )),
    }
    if unit.is_stuck_in_reload() {
        findings.push(Finding::fault(
            format!("{name} is stuck in a reload{since}: Caddy did not report its end, and `systemctl reload` waits for it"),
            format!("`systemctl restart {name}` ends it; `caddyctl deploy` needs no reload, since it uses the admin API"),
        ));
    }
    if unit.is_active() && unit.get("UnitFileState") == "disabled" {
        findings.push(Finding::fault(
            format!("{name} is not enabled: it does not start at the next boot"),
            format!("`systemctl enable {name}`"),
        ));
    }
    findings.extend(restarts(name, unit, journal).filter(|_| unit.is_active()).map(|words| {
        Finding::warning(
            words,
            format!("see `journalctl -u {name} -g 'Main process exited|watchdog'` for the times"),
        )
    }));
    findings
}

/// That systemd had to start the service again, how often, and why the last time; `None` where it had not.
pub fn restarts(name: &str, unit: &Unit, journal: &Journal) -> Option<String> {
    let count = unit.get("NRestarts");
    if matches!(count, "" | "0") {
        return None;
    }
    let often = if count == "1" { "once".to_owned() } else { format!("{count} times") };
    let result = journal.last_end().unwrap_or_default();
    let why = ended(result).or_else(|| (result == "exit-code").then_some("it ended with an error"));
    let why = why.map(|why| format!(", the last time because {why}")).unwrap_or_default();
    Some(format!("systemd had to restart {name} {often} since its start{why}"))
}

/// What ended a service that did not end by itself, by systemd's word for its result (systemd.service(5)).
fn ended(result: &str) -> Option<&'static str> {
    Some(match result {
        "watchdog" => "it did not respond, and systemd's watchdog ended it",
        "signal" => "a signal ended it",
        "core-dump" => "it crashed",
        "oom-kill" => "the memory of the machine or of its limit ran out",
        "timeout" => "it did not start or stop in time",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states() {
        let journal = Journal::parse(
            "{\"level\":\"info\",\"msg\":\"serving\"}\nError: loading initial config: loading new config: http app \
             module: start: listening on :443: listen tcp :443: bind: address already in use\n",
        );
        let words = |properties: &str, health| {
            let unit = Unit::parse(properties);
            let life =
                Life { name: "caddy.service", unit: &unit, health, journal: &journal, descriptors: None };
            service(&life).into_iter().map(|finding| finding.fault).collect::<Vec<_>>().join("\n")
        };
        let failed =
            words("ActiveState=failed\nSubState=failed\nResult=exit-code\nStateChangeTimestamp=now\n", None);
        assert_eq!(
            failed,
            "caddy.service has failed (exit-code) since now; the last error it logged: http app module: start: \
             listening on :443: listen tcp :443: bind: address already in use"
        );
        assert!(words("ActiveState=inactive\nSubState=dead\n", None).contains("has been stopped"));
        assert_eq!(words("ActiveState=active\nMainPID=7\nNRestarts=0\n", Some(Health::Answers)), "");
        assert!(words("ActiveState=active\nMainPID=7\n", Some(Health::Gone)).contains("(PID 7) is frozen"));
        assert!(
            words("ActiveState=activating\nSubState=auto-restart\nNRestarts=4\n", None)
                .contains("keeps trying")
        );
        assert!(words("ActiveState=active\nUnitFileState=disabled\n", None).contains("next boot"));
        let killed = words("ActiveState=activating\nSubState=auto-restart\nResult=watchdog\n", None);
        assert_eq!(
            killed,
            "caddy.service is down: it did not respond, and systemd's watchdog ended it; systemd starts it again"
        );
        let dead = words("ActiveState=failed\nSubState=failed\nResult=watchdog\n", None);
        assert_eq!(dead, "caddy.service is down: it did not respond, and systemd's watchdog ended it");
        let stuck = words(
            "ActiveState=reloading\nSubState=reload-signal\nStateChangeTimestampMonotonic=1\n",
            Some(Health::Answers),
        );
        assert!(stuck.starts_with("caddy.service is stuck in a reload"), "{stuck}");
    }

    #[test]
    fn why_it_was_restarted() {
        let unit = Unit::parse("NRestarts=2\n");
        let journal = Journal::parse("caddy.service: Failed with result 'watchdog'.\n");
        assert_eq!(
            restarts("caddy.service", &unit, &journal).as_deref(),
            Some(
                "systemd had to restart caddy.service 2 times since its start, the last time because it did not respond, and systemd's watchdog ended it"
            )
        );
        assert_eq!(restarts("caddy.service", &Unit::parse("NRestarts=0\n"), &journal), None);
    }

    #[test]
    fn no_descriptor_is_left() {
        let unit = Unit::parse("ActiveState=active\nMainPID=7\n");
        let words = |health, open| {
            let descriptors = Some(Descriptors { open, most: 40 });
            let life = Life {
                name: "caddy.service",
                unit: &unit,
                health: Some(health),
                journal: &Journal::default(),
                descriptors,
            };
            service(&life).into_iter().map(|finding| finding.fault).collect::<Vec<_>>()
        };
        assert_eq!(
            words(Health::Silent, 40),
            ["Caddy (PID 7) accepts no more connections: 40 of its 40 file descriptors are open"]
        );
        assert_eq!(words(Health::Answers, 39).len(), 1);
        assert!(words(Health::Answers, 9).is_empty());
    }
}

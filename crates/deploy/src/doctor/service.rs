//! Is the service up, does it answer, and if not, what did it say last?

use super::{Finding, Journal};
use crate::systemd::Unit;
use crate::watchdog::Health;

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
}

impl Life<'_> {
    /// Whether it is up and answers, so that it makes sense to ask it more.
    pub fn answers(&self) -> bool {
        self.unit.is_active() && matches!(self.health, Some(Health::Answers | Health::Unasked))
    }
}

/// What is wrong with the service.
pub fn service(life: &Life<'_>) -> Vec<Finding> {
    let Life { name, unit, health, journal } = life;
    let mut findings = Vec::new();
    let last_error = || match journal.last_error() {
        Some(words) => format!("; the last error it logged: {words}"),
        None => String::new(),
    };
    let since = unit.since();
    let pid = unit.main_pid().unwrap_or(0);
    let restarts = unit.get("NRestarts");
    match (unit.get("ActiveState"), unit.get("SubState")) {
        ("active" | "reloading", _) => match health {
            Some(Health::Gone) => findings.push(Finding::fault(
                format!("Caddy (PID {pid}) is frozen: it was stopped, and does not respond"),
                format!("continue it with `kill -CONT {pid}`; an armed watchdog restarts it within 40 s; otherwise run `systemctl kill -s KILL {name}`"),
            )),
            Some(Health::Silent) => findings.push(Finding::fault(
                format!("Caddy (PID {pid}) is listening but not responding"),
                format!("run `systemctl kill -s KILL {name}` to restart it; an armed watchdog does that within 40 s"),
            )),
            _ => {}
        },
        ("failed", _) => findings.push(Finding::fault(
            format!("{name} has failed ({}){since}{}", unit.get("Result"), last_error()),
            format!("fix the reported error, then run `systemctl restart {name}`; see `journalctl -u {name} -n 50` for details"),
        )),
        ("activating", "auto-restart") => findings.push(Finding::fault(
            format!("{name} cannot start, and systemd keeps trying{}", last_error()),
            format!("fix the reported error, then run `systemctl restart {name}`; see `journalctl -u {name} -n 50` for details"),
        )),
        ("inactive", _) => findings.push(Finding::fault(
            format!("{name} is stopped{since}"),
            format!("run `systemctl start {name}`; `systemctl enable {name}` starts it at each boot"),
        )),
        (state, sub) => findings.push(Finding::fault(
            format!("{name} is {state} ({sub}){since}{}", last_error()),
            format!("see `systemctl status {name}` for what it waits for"),
        )),
    }
    if unit.is_active() && unit.get("UnitFileState") == "disabled" {
        findings.push(Finding::fault(
            format!("{name} is not enabled: it does not start at the next boot"),
            format!("`systemctl enable {name}`"),
        ));
    }
    if unit.is_active() && !matches!(restarts, "" | "0") {
        findings.push(Finding::warning(
            format!(
                "systemd had to restart {name} {} since its start",
                if restarts == "1" { "once".to_owned() } else { format!("{restarts} times") }
            ),
            format!("see `journalctl -u {name} -g 'Main process exited|watchdog'` for times and reasons"),
        ));
    }
    findings
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
            let life = Life { name: "caddy.service", unit: &unit, health, journal: &journal };
            service(&life).into_iter().map(|finding| finding.fault).collect::<Vec<_>>().join("\n")
        };
        let failed =
            words("ActiveState=failed\nSubState=failed\nResult=exit-code\nStateChangeTimestamp=now\n", None);
        assert_eq!(
            failed,
            "caddy.service has failed (exit-code) since now; the last error it logged: http app module: start: \
             listening on :443: listen tcp :443: bind: address already in use"
        );
        assert!(words("ActiveState=inactive\nSubState=dead\n", None).contains("is stopped"));
        assert_eq!(words("ActiveState=active\nMainPID=7\nNRestarts=0\n", Some(Health::Answers)), "");
        assert!(words("ActiveState=active\nMainPID=7\n", Some(Health::Gone)).contains("(PID 7) is frozen"));
        assert!(
            words("ActiveState=activating\nSubState=auto-restart\nNRestarts=4\n", None)
                .contains("keeps trying")
        );
        assert!(words("ActiveState=active\nUnitFileState=disabled\n", None).contains("next boot"));
    }
}

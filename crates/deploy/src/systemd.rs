//! systemd, through `systemctl`, each call with a deadline.

pub mod drop_in;
pub mod log;
pub mod next;
pub mod notify;
pub mod service;
mod specifier;
pub mod unit_file;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::process::deadline::Deadline;
use crate::process::run::{RunError, run};
use caddyctl_host::regular;
use caddyctl_language::source::Env;
use log::Journal;

/// The service manager of this machine, and the unit that is Caddy.
#[derive(Clone, Debug)]
pub struct Systemd {
    program: PathBuf,
    unit: String,
}

/// What systemd says of a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit(BTreeMap<String, String>);

impl Systemd {
    /// Speaks through the program `systemctl` of the unit `unit`.
    pub fn new(systemctl: impl Into<PathBuf>, unit: impl Into<String>) -> Self {
        Self { program: systemctl.into(), unit: unit.into() }
    }

    /// Whether this machine was booted with systemd (`sd_booted`(3): the folder is there).
    pub fn is_here() -> bool {
        Path::new("/run/systemd/system").is_dir()
    }

    /// The same service manager, asked about another unit.
    #[must_use]
    pub fn of(&self, unit: &str) -> Self {
        Self { program: self.program.clone(), unit: unit.to_owned() }
    }

    /// Its version, such as 252.
    pub fn version(&self, within: Duration) -> Result<u32, RunError> {
        let text = run(&self.program, &["--version"], within)?;
        Ok(text.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0))
    }

    /// The unit's name.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// The properties of the unit that matter here. A property that systemd does not know is simply missing
    /// (measured: `show` prints nothing for it and ends well).
    pub fn show(&self, within: Duration) -> Result<Unit, RunError> {
        let text = run(&self.program, &["show", &self.unit, "-p", PROPERTIES], within)?;
        Ok(Unit::parse(&text))
    }

    /// Makes systemd read its units again.
    pub fn daemon_reload(&self, within: Duration) -> Result<(), RunError> {
        run(&self.program, &["daemon-reload"], within).map(drop)
    }

    /// Starts the unit, and waits until it is up. A start limit that it may have hit before is forgotten.
    pub fn start(&self, within: Duration) -> Result<(), RunError> {
        self.bring_up("start", within)
    }

    /// Starts the unit anew, and waits until it is up.
    pub fn restart(&self, within: Duration) -> Result<(), RunError> {
        self.bring_up("restart", within)
    }

    fn bring_up(&self, verb: &str, within: Duration) -> Result<(), RunError> {
        let deadline = Deadline::after(within);
        // It fails for a unit that has not failed.
        let _ = run(&self.program, &["reset-failed", &self.unit], within);
        let done = run(&self.program, &[verb, &self.unit], deadline.left_or(Duration::from_secs(1)));
        done.map(drop).map_err(|error| match error {
            RunError::Failed { command, status, words } => {
                // systemctl only says that the journal knows more.
                let last = self.last_error(Duration::from_secs(5));
                RunError::Failed { command, status, words: last.unwrap_or(words) }
            }
            other => other,
        })
    }

    /// Has systemd start the unit again, and waits for nothing: it was being started again and again.
    pub fn start_again(&self, within: Duration) -> Result<(), RunError> {
        run(&self.program, &["start", "--no-block", &self.unit], within).map(drop)
    }

    /// What was logged, with systemd's own words; nothing when the journal cannot be read.
    pub fn journal(&self, within: Duration) -> Journal {
        let words = ["-u", &self.unit, "-n", "1000", "-o", "cat", "--no-pager", "-q"];
        Journal::parse(&run(Path::new("journalctl"), &words, within).unwrap_or_default())
    }

    /// The last error since the unit was last started, when there is one.
    pub fn last_error(&self, within: Duration) -> Option<String> {
        self.journal(within).last_error().map(str::to_owned)
    }

    /// Restarts the unit if it is up.
    pub fn try_restart(&self, within: Duration) -> Result<(), RunError> {
        run(&self.program, &["try-restart", &self.unit], within).map(drop)
    }

    /// Stops the unit.
    pub fn stop(&self, within: Duration) -> Result<(), RunError> {
        run(&self.program, &["stop", &self.unit], within).map(drop)
    }
}

const PROPERTIES: &str = "LoadState,UnitFileState,Result,StateChangeTimestamp,StateChangeTimestampMonotonic,ActiveState,SubState,MainPID,User,Group,ExecStart,Restart,RestartUSec,WatchdogUSec,\
                          NRestarts,ControlGroup,ActiveEnterTimestamp,FragmentPath,DropInPaths,NeedDaemonReload,Environment,\
                          EnvironmentFiles,PassEnvironment,UnsetEnvironment,Upholds";

/// A reload takes less than this (microseconds).
const RELOADING: i64 = 5_000_000;

impl Unit {
    /// Understands the output of `systemctl show`.
    pub fn parse(text: &str) -> Self {
        let mut properties: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
            let all = properties.entry(name.to_owned()).or_default();
            // `EnvironmentFiles` comes once a file.
            if !all.is_empty() {
                all.push('\n');
            }
            all.push_str(value);
        }
        Self(properties)
    }

    /// The value of a property; empty when systemd did not give it.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Whether there is such a unit.
    pub fn exists(&self) -> bool {
        self.get("LoadState") == "loaded"
    }

    /// Whether the service is up.
    pub fn is_active(&self) -> bool {
        matches!(self.get("ActiveState"), "active" | "reloading")
    }

    /// The time after which systemd kills the service for its silence, as systemd writes it; `None` where no watchdog is
    /// in force.
    pub fn watchdog(&self) -> Option<&str> {
        Some(self.get("WatchdogUSec")).filter(|span| !matches!(*span, "" | "0" | "infinity"))
    }

    /// ` since` and when its state changed last; empty when systemd does not say, as of a unit that was never started.
    pub fn since(&self) -> String {
        match self.get("StateChangeTimestamp") {
            "" => String::new(),
            when => format!(" since {when}"),
        }
    }

    /// Whether a reload has been under way for longer than one takes: Caddy has told systemd of its begin and
    /// not of its end (measured on Caddy 2.6.2 with a configuration that it refuses).
    pub fn is_stuck_in_reload(&self) -> bool {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
        let now = now.tv_sec.saturating_mul(1_000_000).saturating_add(now.tv_nsec / 1000);
        let since: Option<i64> = self.get("StateChangeTimestampMonotonic").parse().ok();
        let is_long = since.is_some_and(|since| now.saturating_sub(since) > RELOADING);
        self.get("ActiveState") == "reloading" && is_long
    }

    /// The main process, when there is one.
    pub fn main_pid(&self) -> Option<u32> {
        self.get("MainPID").parse().ok().filter(|pid| *pid != 0)
    }

    /// Whether it is down and systemd starts it again and again: it waits for the next try, or is in one.
    pub fn is_looping(&self) -> bool {
        let is_again = || !matches!(self.get("NRestarts"), "" | "0");
        self.get("SubState").starts_with("auto-restart")
            || (self.get("ActiveState") == "activating" && is_again())
    }

    /// The processes of the service: all of its control group, or else the main one.
    pub fn processes(&self) -> Vec<u32> {
        let group = self.get("ControlGroup").trim_start_matches('/');
        let mut all = Vec::new();
        if !group.is_empty() {
            for tree in ["/sys/fs/cgroup", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified"] {
                of_group(&Path::new(tree).join(group), &mut all);
            }
        }
        all.extend(self.main_pid());
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The program that the unit starts.
    pub fn program(&self) -> Option<PathBuf> {
        let (_, path) = self.get("ExecStart").split_once("path=")?;
        Some(PathBuf::from(path.split(" ;").next()?)).filter(|path| path.is_absolute())
    }

    /// The Caddy that the unit starts; `None` where it starts a shell, which finds Caddy by itself.
    pub fn caddy(&self) -> Option<PathBuf> {
        let shells = ["sh", "bash", "dash", "ash", "zsh", "env"];
        self.program().filter(|program| {
            program.file_name().is_none_or(|name| shells.iter().all(|shell| name != *shell))
        })
    }

    /// The Caddyfile that the unit starts Caddy with (`--config`), when it names one.
    pub fn config_path(&self) -> Option<PathBuf> {
        self.options(&["--config", "-c"]).into_iter().next().map(PathBuf::from)
    }

    /// The files of variables that the unit has Caddy itself read (`--envfile`).
    pub fn envfiles(&self) -> Vec<PathBuf> {
        let all = self.options(&["--envfile"]);
        all.iter().flat_map(|paths| paths.split(',')).map(PathBuf::from).collect()
    }

    /// Whether the unit has Caddy resume what was loaded last, whatever the Caddyfile says (`--resume`).
    pub fn resumes(&self) -> bool {
        let argv = self.get("ExecStart").split_once("argv[]=").map_or("", |(_, argv)| argv);
        argv.split(" ;").next().unwrap_or_default().split_whitespace().any(|word| word == "--resume")
    }

    /// The values of an option in the command line that the unit starts.
    fn options(&self, names: &[&str]) -> Vec<String> {
        let argv = self.get("ExecStart").split_once("argv[]=").map_or("", |(_, argv)| argv);
        let mut words = argv.split(" ;").next().unwrap_or_default().split_whitespace();
        let mut values = Vec::new();
        while let Some(word) = words.next() {
            match word.split_once('=') {
                Some((name, value)) if names.contains(&name) => values.push(value.to_owned()),
                _ if names.contains(&word) => values.extend(words.next().map(str::to_owned)),
                _ => {}
            }
        }
        values
    }

    /// The environment that the service has, or would have at its next start: `Environment=`, then the files, less
    /// `UnsetEnvironment=`. `read` reads a file of the host.
    pub fn environment(&self, read: &dyn Fn(&Path) -> Option<String>) -> Env {
        let mut env = Env::empty();
        for word in words(self.get("Environment")) {
            set(&mut env, &word);
        }
        for line in self.get("EnvironmentFiles").lines() {
            let path = line.split(" (").next().unwrap_or(line);
            for assignment in read(Path::new(path)).as_deref().map(environment_file).unwrap_or_default() {
                set(&mut env, &assignment);
            }
        }
        let unset = words(self.get("UnsetEnvironment"));
        env.iter()
            .filter(|(name, value)| {
                !unset.iter().any(|word| word == name || *word == format!("{name}={value}"))
            })
            .collect()
    }
}

/// The processes of a control group, and of those inside it.
fn of_group(folder: &Path, all: &mut Vec<u32>) {
    let own = regular::read_text(&folder.join("cgroup.procs"), regular::MOST).unwrap_or_default();
    all.extend(own.lines().filter_map(|line| line.parse::<u32>().ok()));
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            of_group(&entry.path(), all);
        }
    }
}

/// The environment of a process, from the text of `/proc/PID/environ`.
pub fn environ(bytes: &[u8]) -> Env {
    let mut env = Env::empty();
    for assignment in bytes.split(|byte| *byte == 0) {
        set(&mut env, &String::from_utf8_lossy(assignment));
    }
    env
}

fn set(env: &mut Env, assignment: &str) {
    if let Some((name, value)) = assignment.split_once('=') {
        env.set(name, value);
    }
}

/// Splits as systemd quotes lists: blanks, `"…"`, `\` before a character.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('\\', _) => word.get_or_insert_default().extend(letters.next()),
            (mark, Some(open)) if mark == open => quote = None,
            (mark @ ('"' | '\''), None) => {
                quote = Some(mark);
                word.get_or_insert_default();
            }
            (blank, None) if blank.is_whitespace() => words.extend(word.take()),
            (other, _) => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

/// The assignments of an environment file (systemd.exec(5): lines, `#` and `;` comments, quotes).
fn environment_file(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';']));
    lines
        .filter_map(|line| {
            let (name, value) = line.split_once('=')?;
            let value = value.trim();
            let quoted = value.starts_with(['"', '\'']);
            let value =
                if quoted { words(value).into_iter().next().unwrap_or_default() } else { value.to_owned() };
            Some(format!("{}={value}", name.trim()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_in_one_of_many_tries_is_looping() {
        for (text, expected) in [
            ("ActiveState=activating\nSubState=auto-restart\nNRestarts=0\n", true),
            ("ActiveState=activating\nSubState=start\nNRestarts=3\n", true),
            ("ActiveState=activating\nSubState=start\nNRestarts=0\n", false),
            ("ActiveState=active\nSubState=running\nNRestarts=3\n", false),
        ] {
            assert_eq!(Unit::parse(text).is_looping(), expected, "{text}");
        }
    }

    #[test]
    fn a_unit() {
        let unit = Unit::parse(
            "LoadState=loaded\nActiveState=active\nMainPID=42\n\
             ExecStart={ path=/usr/bin/caddy ; argv[]=/usr/bin/caddy run --environ --envfile /a,/b --config /etc/caddy/Caddyfile --envfile=/c ; ignore_errors=no }\n\
             Environment=A=1 \"B=two words\" C=3\nEnvironmentFiles=/etc/caddy/env (ignore_errors=yes)\n\
             EnvironmentFiles=/etc/other (ignore_errors=no)\nUnsetEnvironment=C\n",
        );
        assert!(unit.exists() && unit.is_active());
        assert_eq!((unit.main_pid(), unit.config_path()), (Some(42), Some("/etc/caddy/Caddyfile".into())));
        assert_eq!(
            (unit.program(), unit.caddy()),
            (Some("/usr/bin/caddy".into()), Some("/usr/bin/caddy".into()))
        );
        let shell = Unit::parse("ExecStart={ path=/bin/sh ; argv[]=/bin/sh -c exec caddy run ; }\n");
        assert_eq!((shell.program(), shell.caddy()), (Some("/bin/sh".into()), None));
        assert_eq!(unit.envfiles(), ["/a", "/b", "/c"].map(PathBuf::from));
        let env = unit.environment(&|path| match path.to_str()? {
            "/etc/caddy/env" => Some("# x\nA=9\nD=\"x y\"\n".to_owned()),
            _ => None,
        });
        let all: Vec<_> = env.iter().collect();
        assert_eq!(all, [("A", "9"), ("B", "two words"), ("D", "x y")]);
    }

    #[test]
    fn an_environ() {
        assert_eq!(environ(b"A=1\0B=x=y\0").iter().collect::<Vec<_>>(), [("A", "1"), ("B", "x=y")]);
    }
}

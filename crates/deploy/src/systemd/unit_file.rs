//! Unit files, read as systemd reads them (systemd.syntax(7); `config_parse` of systemd 252), and what a source may set in
//! one.
//!
//! A unit file decides which programs root runs. Who may edit a site is not root, so a source sets only how the service is
//! restarted and limited.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// One assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<'t> {
    /// Its section; empty before the first one, where systemd ignores it.
    pub section: &'t str,
    /// Its key. Case counts.
    pub key: String,
    /// Its value, with continued lines joined. An empty one resets a list.
    pub value: String,
    /// The number of its first line, from 1.
    pub line: usize,
    /// Its lines in the text, with their line breaks and the comments between them.
    pub lines: Range<usize>,
}

/// A unit file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitFile<'t> {
    /// The assignments, in their order.
    pub settings: Vec<Setting<'t>>,
    /// The first line that is no section, comment, continuation or assignment.
    pub torn: Option<&'t str>,
}

/// systemd's blanks.
const BLANK: [char; 4] = [' ', '\t', '\n', '\r'];

impl<'t> UnitFile<'t> {
    /// Reads a text. Any text is a unit file: systemd ignores what it cannot read.
    pub fn parse(text: &'t str) -> Self {
        let mut file = Self::default();
        let mut section = "";
        // What is to be continued: the text so far, its first line's number and place.
        let mut open: Option<(String, usize, Range<usize>)> = None;
        for (number, place) in lines(text).into_iter().enumerate() {
            let line = text[place.clone()].trim_start_matches('\u{feff}').trim_start_matches(BLANK);
            let line = line.trim_end_matches(['\n', '\r', '\0']);
            // A comment does not end what is continued.
            if line.starts_with(['#', ';']) {
                continue;
            }
            let (mut whole, first, start) = open.take().unwrap_or((String::new(), number + 1, place.clone()));
            whole.push_str(line);
            let lines = start.start..place.end;
            let slashes = whole.bytes().rev().take_while(|byte| *byte == b'\\').count();
            if slashes % 2 == 1 {
                whole.pop();
                whole.push(' ');
                open = Some((whole, first, lines));
                continue;
            }
            file.add(text, &mut section, &whole, first, lines);
        }
        if let Some((whole, first, lines)) = open {
            file.add(text, &mut section, &whole, first, lines);
        }
        file
    }

    /// Takes in a line with its continuations.
    fn add(&mut self, text: &'t str, section: &mut &'t str, whole: &str, line: usize, lines: Range<usize>) {
        let whole = whole.trim_matches(BLANK);
        let shown =
            || text[lines.clone()].trim_matches(|c| BLANK.contains(&c) || matches!(c, '\0' | '\u{feff}'));
        if whole.is_empty() {
        } else if whole.starts_with('[') {
            match shown().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                Some(name) => *section = name,
                None => drop(self.torn.get_or_insert(shown())),
            }
        } else if let Some((key, value)) = whole.split_once('=') {
            let (key, value) = (key.trim_matches(BLANK).to_owned(), value.trim_matches(BLANK).to_owned());
            self.settings.push(Setting { section, key, value, line, lines });
        } else {
            self.torn.get_or_insert(shown());
        }
    }

    /// The value that counts of a setting that is no list: the last one.
    pub fn last(&self, section: &str, key: &str) -> Option<&str> {
        let mut of_key =
            self.settings.iter().rev().filter(|found| found.section == section && found.key == key);
        of_key.next().map(|found| found.value.as_str())
    }

    /// The settings that a source may not have. Of `Upholds=` the units `companions` may be named, which a deploy
    /// installs itself.
    pub fn beyond_source(&self, companions: &[&str]) -> Vec<Beyond> {
        let beyond = |setting: &Setting<'t>| {
            let why = objection(setting, companions)?;
            let Setting { section, key, line, .. } = setting;
            Some(Beyond { section: (*section).to_owned(), key: key.clone(), line: *line, why })
        };
        self.settings.iter().filter_map(beyond).collect()
    }
}

/// The lines of a text with their line breaks. systemd ends a line at a line feed, a carriage return or a NUL byte, and
/// takes one of each for one line break.
fn lines(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let is_break = |byte: u8| matches!(byte, b'\n' | b'\r' | 0);
    let (mut all, mut start, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        if !is_break(bytes[at]) {
            at += 1;
            continue;
        }
        let first = at;
        while at < bytes.len() && is_break(bytes[at]) && !bytes[first..at].contains(&bytes[at]) {
            at += 1;
        }
        all.push(start..at);
        start = at;
    }
    if start < bytes.len() {
        all.push(start..bytes.len());
    }
    all
}

/// A setting that a source may not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Beyond {
    /// Its section.
    pub section: String,
    /// Its key.
    pub key: String,
    /// The number of its line, from 1.
    pub line: usize,
    /// Why not.
    #[serde(skip)]
    pub why: Objection,
}

impl fmt::Display for Beyond {
    /// Its key and section, and not its value, which may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |text: &str| text.escape_debug().take(60).collect::<String>();
        match self.section.as_str() {
            "" => write!(f, "{}=, before any section", short(&self.key)),
            section => write!(f, "{}= in [{}]", short(&self.key), short(section)),
        }
    }
}

/// Why a source may not have a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objection {
    /// It is not a setting of restarts, of the watchdog or of limits.
    Key,
    /// Its value has characters that none of these settings needs.
    Value,
    /// It starts a unit that the deploy does not install.
    Unit,
}

/// The settings of `[Service]` that a source may have: restarts, the watchdog, and limits (systemd.service(5),
/// systemd.exec(5)). All that systemd 257 has are listed, since a later one might run something.
const OF_SERVICE: [&str; 25] = [
    "Restart",
    "RestartSec",
    "RestartSteps",
    "RestartMaxDelaySec",
    "RestartMode",
    "RestartPreventExitStatus",
    "RestartForceExitStatus",
    "RestartKillSignal",
    "WatchdogSec",
    "LimitCPU",
    "LimitFSIZE",
    "LimitDATA",
    "LimitSTACK",
    "LimitCORE",
    "LimitRSS",
    "LimitNOFILE",
    "LimitAS",
    "LimitNPROC",
    "LimitMEMLOCK",
    "LimitLOCKS",
    "LimitSIGPENDING",
    "LimitMSGQUEUE",
    "LimitNICE",
    "LimitRTPRIO",
    "LimitRTTIME",
];

fn objection(setting: &Setting<'_>, companions: &[&str]) -> Option<Objection> {
    let upholds = (setting.section, setting.key.as_str()) == ("Unit", "Upholds");
    let is_known = upholds || (setting.section == "Service" && OF_SERVICE.contains(&setting.key.as_str()));
    // Neither specifiers and quotes, nor another assignment on a continued line.
    let is_plain = |c: char| {
        c.is_ascii_alphanumeric() || BLANK.contains(&c) || matches!(c, '-' | '_' | '.' | ':' | '+' | '@')
    };
    if !is_known {
        Some(Objection::Key)
    } else if !setting.value.chars().all(is_plain) {
        Some(Objection::Value)
    } else if upholds
        && !setting.value.split(BLANK).filter(|name| !name.is_empty()).all(|name| companions.contains(&name))
    {
        Some(Objection::Unit)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPANION: &[&str] = &["caddy-watchdog.service"];

    fn seen(text: &str) -> Vec<(String, String, usize)> {
        let file = UnitFile::parse(text);
        let shown = |found: &Setting<'_>| {
            (format!("{} {}", found.section, found.key), found.value.clone(), found.line)
        };
        file.settings.iter().map(shown).collect()
    }

    fn beyond(text: &str) -> Vec<(String, usize, Objection)> {
        let all = UnitFile::parse(text).beyond_source(COMPANION);
        all.into_iter().map(|found| (found.key, found.line, found.why)).collect()
    }

    #[test]
    fn as_systemd_reads_it() {
        let one = |text: &str| {
            let all = seen(text);
            assert_eq!(all.len(), 1, "{text:?}: {all:?}");
            all[0].clone()
        };
        let is = |name: &str, value: &str, line| (name.to_owned(), value.to_owned(), line);
        assert_eq!(one("[Service]\n  Restart = no \t\r\n"), is("Service Restart", "no", 2));
        assert_eq!(one("[Service]\nA=b \\\n  c\\\nd\n"), is("Service A", "b  c d", 2));
        assert_eq!(one("[Service]\nA=b\\\\\n"), is("Service A", "b\\\\", 2));
        assert_eq!(one("[Service]\nA=b \\\n# c \\\n; d\ne\n"), is("Service A", "b  e", 2));
        assert_eq!(one("[Service]\nA=b \\\n"), is("Service A", "b", 2));
        assert_eq!(one("\u{feff}[Service]\nA=\n"), is("Service A", "", 2));
        assert_eq!(one("A=b\n[Service]\n"), is(" A", "b", 1));
        assert_eq!(one("[X]\n[Unit]\nA=b=c\n"), is("Unit A", "b=c", 3));
        assert_eq!(one("# A=b\n;A=b\n\n[Service]\nA=b # c"), is("Service A", "b # c", 5));
        for text in ["[Service]\rA=b\rC=d", "[Service]\0A=b\0C=d\0", "[Service]\n\rA=b\n\rC=d\r\n"] {
            assert_eq!(seen(text), [is("Service A", "b", 2), is("Service C", "d", 3)], "{text:?}");
        }
        // An empty line ends what is continued; a line break of two bytes is one.
        assert_eq!(seen("[S]\nA=b\\\n\nC=d\n").len(), 2);
        assert_eq!(seen("[S]\r\nA=b\\\r\nC=d\r\n"), [is("S A", "b C=d", 2)]);
        let text = "[S]\nA=b \\\n# c\n d\nE=f\n";
        assert_eq!(&text[UnitFile::parse(text).settings[0].lines.clone()], "A=b \\\n# c\n d\n");
    }

    #[test]
    fn what_counts_and_what_is_torn() {
        let file = UnitFile::parse("[Service]\nRestart=no\n[Unit]\nRestart=x\n[Service]\nRestart =always\n");
        assert_eq!(
            (file.last("Service", "Restart"), file.last("Service", "restart")),
            (Some("always"), None)
        );
        let torn = |text| UnitFile::parse(text).torn;
        assert_eq!(torn("# x\n[Service]\nRestart=on-failure\nRestartS\n"), Some("RestartS"));
        assert_eq!(torn("[Service\nA=b\n"), Some("[Service"));
        assert_eq!(torn("[Service]\nA=b \\\n  run\n"), None);
    }

    #[test]
    fn what_a_source_may_set() {
        let own = include_str!("../../../../systemd/caddy.service.d/override.conf");
        assert_eq!(beyond(own), []);
        let more = "[Service]\nRestartSteps=5\nRestartPreventExitStatus=1 SIGKILL\nLimitNOFILE=1024:1048576\nLimitCORE=infinity\n\
                    WatchdogSec=1min 30s\nRestart=\n[Unit]\nUpholds=\nUpholds=caddy-watchdog.service\n";
        assert_eq!(beyond(more), []);
    }

    #[test]
    fn what_a_source_may_not_set() {
        let key = |text: &str| {
            let found = beyond(text);
            assert_eq!(found.len(), 1, "{text:?}: {found:?}");
            (found[0].0.clone(), found[0].2)
        };
        for (text, name) in [
            ("[Service]\nUser=root\n", "User"),
            ("[Service]\nRestart=no\nExecStartPre=+/bin/sh -c id\n", "ExecStartPre"),
            ("[Service]\nRestart=no\\\\\nExecStartPre=x\n", "ExecStartPre"),
            ("[Service]\nRestart=no\rExecStartPre=x\n", "ExecStartPre"),
            ("[Service]\nRestart=no\0ExecStartPre=x\n", "ExecStartPre"),
            ("[Service]\n#\\\nExecStartPre=x\n", "ExecStartPre"),
            ("[Service]\n# c\rExecStartPre=x\n", "ExecStartPre"),
            ("[Service]\nExecStart\\\nPre=x\n", "ExecStart Pre"),
            ("[Service]\n  ExecStartPre  =\n", "ExecStartPre"),
            ("\u{feff}ExecStartPre=x\n", "ExecStartPre"),
            ("[Service]\nrestart=no\n", "restart"),
            ("[Service]\nRESTARTSEC=1\n", "RESTARTSEC"),
            ("[Service]\nRestartFoo=1\n", "RestartFoo"),
            ("[Service]\nLimit=1\n", "Limit"),
            ("[Service]\nUpholds=caddy-watchdog.service\n", "Upholds"),
            ("[Unit]\nRestart=no\n", "Restart"),
            ("[unit]\nUpholds=caddy-watchdog.service\n", "Upholds"),
            ("[Install]\nRestart=no\n", "Restart"),
            ("Restart=no\n[Service]\n", "Restart"),
            ("[Service]\nEnvironmentFile=/etc/shadow\n", "EnvironmentFile"),
            ("[Unit]\nOnFailure=debug-shell.service\n", "OnFailure"),
            ("[Service]\nStartLimitAction=reboot\n", "StartLimitAction"),
            ("[Service]\n=x\n", ""),
        ] {
            let found = beyond(text);
            let last = found.last().map(|found| (found.0.as_str(), found.2));
            assert_eq!(last, Some((name, Objection::Key)), "{text:?}");
        }
        assert_eq!(key("[Unit]\nUpholds=debug-shell.service\n"), ("Upholds".into(), Objection::Unit));
        assert_eq!(key("[Unit]\nUpholds=caddy-watchdog.service rescue.target\n").1, Objection::Unit);
        for value in ["%n", "\"debug-shell.service\"", "a \\\nExecStart=b", "a\u{1b}[2K", "$A", "a;b"] {
            assert_eq!(key(&format!("[Unit]\nUpholds={value}\n")).1, Objection::Value, "{value}");
            assert_eq!(key(&format!("[Service]\nRestart={value}\n")).1, Objection::Value, "{value}");
        }
    }
}

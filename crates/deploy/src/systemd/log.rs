//! What Caddy wrote to the journal: one JSON object a line, plain words when it could not start, and systemd's own words.

use jiff::Timestamp;
use serde_json::Value;

use crate::admin::refusal::{essence, readable};

/// Words of Caddy's, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Journal(Vec<Words>);

/// One line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    /// When, where Caddy's log says so as it does by default.
    pub when: Option<Timestamp>,
    /// Such as `tls.obtain`; empty for plain words.
    pub logger: String,
    /// The message, and behind it the error.
    pub text: String,
    /// The site that it is about, when it is about a certificate.
    pub site: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// When Caddy tries again, in seconds from then, where it says so.
    pub retrying_in: Option<f64>,
}

/// What a line of the journal is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Anything else.
    #[default]
    Other,
    /// Caddy's error, or systemd's when it cannot start Caddy.
    Error,
    /// systemd starts Caddy: what was logged before is from an earlier start.
    Start,
    /// Caddy ended, and systemd names the result in one word: `watchdog`, `exit-code`, `signal`.
    End,
}

/// What Caddy logs at each start with an authority of its own whose root certificate it may not add to those of the machine.
/// No site suffers.
const HARMLESS: &str = "failed to install root certificate";

/// How the line begins in which the library for HTTP/3 asks for larger buffers (measured on Caddy 2.11.7).
const BUFFERS: &str = "failed to sufficiently increase ";

impl Journal {
    /// Reads what `journalctl -o cat` prints.
    pub fn parse(text: &str) -> Self {
        Self(text.lines().filter_map(line).collect())
    }

    /// The last error since systemd last started Caddy, without the way that led to it. Caddy 2.11.7 says nothing when it
    /// cannot read its Caddyfile (measured), so an older error would name the wrong cause.
    pub fn last_error(&self) -> Option<&str> {
        let is_cause = |words: &&Words| words.kind == Kind::Error && !words.text.starts_with(HARMLESS);
        self.life().find(is_cause).map(|words| words.text.as_str())
    }

    /// What was said since systemd last started Caddy, newest first.
    fn life(&self) -> impl Iterator<Item = &Words> {
        self.0.iter().rev().take_while(|words| words.kind != Kind::Start)
    }

    /// How Caddy ended last, in systemd's word; `None` when it did not in all that is known.
    pub fn last_end(&self) -> Option<&str> {
        self.0.iter().rev().find(|words| words.kind == Kind::End).map(|words| words.text.as_str())
    }

    /// What the library for HTTP/3 said of the buffers of UDP since the last start.
    pub fn of_buffers(&self) -> Option<&str> {
        self.life().find(|words| words.text.starts_with(BUFFERS)).map(|words| words.text.as_str())
    }

    /// The last different errors since systemd last started Caddy, oldest first, at most `count`. An older one says nothing
    /// of what runs now.
    pub fn errors(&self, count: usize) -> Vec<&Words> {
        let mut errors: Vec<&Words> = Vec::new();
        for words in self.life().filter(|words| words.kind == Kind::Error) {
            if errors.len() < count && errors.iter().all(|known| known.text != words.text) {
                errors.push(words);
            }
        }
        errors.reverse();
        errors
    }

    /// The lines about certificates.
    pub(crate) fn of_certificates(&self) -> impl DoubleEndedIterator<Item = &Words> {
        self.0.iter().filter(|words| words.logger.starts_with("tls."))
    }
}

fn line(line: &str) -> Option<Words> {
    let plain = |text: &str, kind| Words { text: text.to_owned(), kind, ..Words::default() };
    if let Some(text) = line.strip_prefix("Error: ") {
        return Some(plain(&readable(essence(text)), Kind::Error));
    }
    if line.starts_with("Starting ") {
        return Some(plain(line, Kind::Start));
    }
    if let Some((_, result)) = line.split_once(".service: Failed with result '") {
        return Some(plain(result.trim_end_matches(['.', '\'']), Kind::End));
    }
    // `caddy.service: Failed to locate executable …`
    if let Some((_, words)) = line.split_once(".service: Failed ") {
        return Some(plain(&format!("failed {words}"), Kind::Error));
    }
    let entry: Value = serde_json::from_str(line).ok().filter(Value::is_object)?;
    let word = |key: &str| entry[key].as_str().unwrap_or_default();
    let text = match word("error") {
        "" => word("msg").to_owned(),
        error => format!("{}: {error}", word("msg")),
    };
    let text = readable(if word("logger").is_empty() { essence(&text) } else { &text });
    // `will retry` has the site only at the begin of its error: `[a.test] Obtain: …`.
    let of_error = || Some(word("error").strip_prefix('[')?.split_once(']')?.0);
    let site = entry["identifier"].as_str().or_else(of_error).map(str::to_owned);
    let is_error = matches!(word("level"), "error" | "fatal" | "panic");
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds are meant")]
    let when = entry["ts"].as_f64().and_then(|seconds| Timestamp::from_second(seconds as i64).ok());
    let kind = if is_error { Kind::Error } else { Kind::Other };
    let retrying_in = entry["retrying_in"].as_f64();
    Some(Words { when, logger: word("logger").to_owned(), text, site, kind, retrying_in })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_try() {
        let line = r#"{"level":"error","ts":60.5,"logger":"tls.obtain","msg":"will retry","error":"[a.test] Obtain: dial tcp: connection refused","attempt":1,"retrying_in":60,"elapsed":1.2}"#;
        let journal = Journal::parse(line);
        let words = journal.of_certificates().next().unwrap();
        assert_eq!((words.site.as_deref(), words.retrying_in), (Some("a.test"), Some(60.0)));
    }

    #[test]
    fn errors_of_this_life_and_of_all() {
        let old = r#"{"level":"error","ts":60.5,"logger":"pki.ca.local","msg":"failed","error":"no tee"}"#;
        let journal = format!(
            "Starting caddy.service - Caddy...\n{old}\n{old}\nError: loading new config: no\nStarting caddy.service - Caddy...\n"
        );
        let silent = Journal::parse(&journal);
        assert_eq!(silent.last_error(), None);
        let texts =
            |journal: &Journal| journal.errors(5).iter().map(|words| words.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&silent), [""; 0]);
        let this_life = Journal::parse(&(journal.clone() + old + "\n" + &old.replace("failed", HARMLESS)));
        assert_eq!(texts(&this_life), ["failed: no tee", "failed to install root certificate: no tee"]);
        assert_eq!(this_life.errors(5)[0].when, Timestamp::from_second(60).ok());
        assert_eq!((this_life.errors(1).len(), this_life.last_error()), (1, Some("failed: no tee")));
        let gone = Journal::parse(
            &(journal
                + "caddy.service: Failed at step EXEC spawning /usr/bin/caddy: No such file or directory\n\
                                               caddy.service: Failed with result 'exit-code'.\n"),
        );
        assert_eq!(
            gone.last_error(),
            Some("failed at step EXEC spawning /usr/bin/caddy: No such file or directory")
        );
        assert_eq!((gone.last_end(), silent.last_end()), (Some("exit-code"), None));
        let buffers =
            r#"{"level":"info","msg":"failed to sufficiently increase receive buffer size (was: 208 kiB)"}"#;
        assert!(Journal::parse(buffers).of_buffers().is_some());
    }
}

//! Faults that are not in a Caddyfile: files that are missing, rights that are lacking, wrong usage. They go to
//! standard error as `error: what: why`, with a `help:` line that says what to do.

use std::error::Error;
use std::ffi::OsString;
use std::fmt::{self, Write};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::ExitCode;

use caddyctl_language::source::shown;
use clap::error::{ContextKind, ContextValue};

use super::{colour, print};

/// An error that is not in a Caddyfile, with a help and the exit status.
#[derive(Debug)]
pub struct Fault {
    message: String,
    help: Option<String>,
    status: u8,
}

impl Fault {
    /// A system error or a usage error: exit status 2.
    pub fn system(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, status: 2 }
    }

    /// An error in the input: exit status 1.
    pub fn input(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, status: 1 }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// The same with what to do about it, if anything can be done.
    #[cfg(feature = "deploy")]
    #[must_use]
    pub fn with_help(self, help: Option<impl Into<String>>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// `path` could not be read.
    pub fn unreadable(path: &Path, error: &io::Error) -> Self {
        let fault = Self::system(format!("cannot read {}: {}", shown::path(path), reason(error)));
        match error.kind() {
            ErrorKind::NotFound => fault.help("name the file, or run this in its folder"),
            ErrorKind::PermissionDenied => fault.help("run this as a user who may read the file"),
            _ => fault,
        }
    }

    /// `path` could not be written.
    pub fn unwritable(path: &Path, error: &io::Error) -> Self {
        let fault = Self::system(format!("cannot write {}: {}", shown::path(path), reason(error)));
        match error.kind() {
            ErrorKind::PermissionDenied => {
                fault.help("run this as a user who may write the file and its folder")
            }
            _ => fault,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Fault {}

/// Why it failed, in few words and without error numbers where the kind is well known.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        // A link that leads nowhere is named.
        ErrorKind::NotFound if error.get_ref().is_none() => "no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

/// `error` with all its causes. Some of ours say what their cause says, too.
pub fn words(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.ends_with(&cause) {
            text += &format!(": {cause}");
        }
    }
    text
}

/// Shows `error` with all its causes on standard error; the exit status is 2, or what a [`Fault`] among them says.
pub fn report(error: &anyhow::Error) -> ExitCode {
    let fault = error.chain().find_map(|cause| cause.downcast_ref::<Fault>());
    let (red, bold, reset) =
        if colour::on_stderr() { ("\x1b[1;31m", "\x1b[1m", "\x1b[0m") } else { ("", "", "") };
    let mut text = format!("{red}error{reset}: {}\n", lines(&words(error)));
    if let Some(help) = fault.and_then(|fault| fault.help.as_ref()) {
        let _ = writeln!(text, "{bold}help{reset}: {}", lines(help));
    }
    print::stderr_styled(text);
    ExitCode::from(fault.map_or(2, |fault| fault.status))
}

/// Commands of Caddy and of other programs, and what to use here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("check", "`caddyctl validate` reports the errors of Caddyfiles"),
    ("config", "`caddyctl adapt` prints the JSON of a Caddyfile"),
    ("format", "`caddyctl fmt` formats Caddyfiles"),
    ("hash-password", "`caddy hash-password` does that; caddyctl has no such command"),
    ("lint", "`caddyctl validate` runs the lint rules"),
    ("manpage", "`caddyctl man` prints the manual pages"),
    ("completion", "`caddyctl completions` prints completion scripts"),
    ("reload", "`caddyctl deploy` installs a Caddyfile and loads it into the running Caddy"),
    ("rule", "`caddyctl explain CODE` prints the page of a rule, and `caddyctl rules` lists them"),
    ("run", "caddyctl does not run Caddy: use `systemctl start caddy`, or `caddy run`"),
    ("start", "caddyctl does not run Caddy: use `systemctl start caddy`, or `caddy start`"),
    ("stop", "caddyctl does not stop Caddy: use `systemctl stop caddy`, or `caddy stop`"),
];

/// Shows what is wrong with the arguments, or the help that was asked for, and ends the program as clap does.
pub fn usage(mut error: clap::Error) -> ! {
    if let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidSubcommand)
        && let Some((_, tip)) = ELSEWHERE.iter().find(|(known, _)| known == name)
    {
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![(*tip).to_owned().into()]));
    }
    let is_plain =
        |argument: OsString| shown::line(&argument.to_string_lossy()) == argument.to_string_lossy();
    if !error.use_stderr() || std::env::args_os().all(is_plain) {
        error.exit()
    }
    let given: Vec<_> = error.context().map(|(kind, value)| (kind, value.clone())).collect();
    for (kind, value) in given {
        if kind == ContextKind::Suggested {
            // A text of clap's that quotes the argument as it is.
            error.remove(kind);
            continue;
        }
        let value = match value {
            ContextValue::String(text) => ContextValue::String(shown::line(&text).into_owned()),
            ContextValue::Strings(texts) => {
                ContextValue::Strings(texts.iter().map(|text| shown::line(text).into_owned()).collect())
            }
            other => other,
        };
        error.insert(kind, value);
    }
    // Without colours: what a parser of values quotes may hold some.
    print::stderr(error.render().to_string());
    std::process::exit(error.exit_code())
}

/// A message of one line or several. Only our own words begin a line: what follows the first line is indented.
fn lines(message: &str) -> String {
    let is_indented = message.lines().skip(1).all(|line| line.starts_with("  "));
    let shown: Vec<_> = message.split('\n').map(shown::source_line).collect();
    shown.join(if is_indented { "\n" } else { "\n  " })
}

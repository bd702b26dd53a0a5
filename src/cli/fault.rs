//! Faults that are not in a Caddyfile: files that are missing, rights that are lacking, wrong usage. They go to
//! standard error as `error: what: why`, with a `help:` line that says what to do.

use std::error::Error;
use std::fmt::{self, Write};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::ExitCode;

use super::{colour, print};

/// A fault with a way out, and the exit status it deserves.
#[derive(Debug)]
pub struct Fault {
    message: String,
    help: Option<String>,
    status: u8,
}

impl Fault {
    /// The world is at fault, or the usage: exit status 2.
    pub fn world(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, status: 2 }
    }

    /// The input is at fault: exit status 1.
    pub fn input(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, status: 1 }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// `path` could not be read.
    pub fn unreadable(path: &Path, error: &io::Error) -> Self {
        let fault = Self::world(format!("cannot read {}: {}", path.display(), reason(error)));
        match error.kind() {
            ErrorKind::NotFound => fault.help("name the file, or run this in the folder where it is"),
            ErrorKind::PermissionDenied => fault.help("run this as a user who may read the file"),
            _ => fault,
        }
    }

    /// `path` could not be written.
    pub fn unwritable(path: &Path, error: &io::Error) -> Self {
        let fault = Self::world(format!("cannot write {}: {}", path.display(), reason(error)));
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
        ErrorKind::NotFound => "no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

/// Shows `error` with all its causes on standard error; the exit status is 2, or what a [`Fault`] among them says.
pub fn report(error: &anyhow::Error) -> ExitCode {
    let fault = error.chain().find_map(|cause| cause.downcast_ref::<Fault>());
    let (red, bold, reset) =
        if colour::on_stderr() { ("\x1b[1;31m", "\x1b[1m", "\x1b[0m") } else { ("", "", "") };
    let mut text = format!("{red}error{reset}: {error:#}\n");
    if let Some(help) = fault.and_then(|fault| fault.help.as_ref()) {
        let _ = writeln!(text, "{bold}help{reset}: {help}");
    }
    print::stderr(text);
    ExitCode::from(fault.map_or(2, |fault| fault.status))
}

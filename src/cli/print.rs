//! Writing to standard output and standard error. A reader that went away (`caddyctl adapt | head`) is not a fault:
//! the rest is dropped, and the exit status stays what the run deserves. What is for people is made safe here once more,
//! whatever its renderer did.

use std::borrow::Cow;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};

use caddyctl_language::source::shown::{self, page};

use super::fault::Fault;
use super::{colour, os};

/// Writes lines for people to standard output: nothing hidden, no colours, no commands for a runner.
pub fn stdout(text: impl AsRef<str>) -> anyhow::Result<()> {
    as_it_is(|out| out.write_all(page::plain(text.as_ref()).as_bytes()))
}

/// As [`stdout`], with the colours that a renderer chose.
pub fn stdout_styled(text: impl AsRef<str>) -> anyhow::Result<()> {
    as_it_is(|out| out.write_all(styled(text.as_ref(), colour::on_stdout()).as_bytes()))
}

/// Writes `text`, which is for programs, to standard output: byte for byte, unless somebody looks at it on a terminal.
pub fn data(text: impl AsRef<[u8]>) -> anyhow::Result<()> {
    data_with(|out| out.write_all(text.as_ref()))
}

/// Writes `value` as a line of JSON to standard output.
#[cfg(feature = "deploy")]
pub fn json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    data(shown::json(&(serde_json::to_string(value)? + "\n")).as_bytes())
}

/// As [`data`], with what `write` gives, in pieces that should be large.
pub fn data_with(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    if !io::stdout().is_terminal() {
        return as_it_is(write);
    }
    as_it_is(|out| {
        let mut text = Vec::new();
        write(&mut text)?;
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            let (line, end) = line.strip_suffix(b"\n").map_or((line, &b""[..]), |line| (line, &b"\n"[..]));
            out.write_all(shown::source_bytes(line.strip_suffix(b"\r").unwrap_or(line)).as_bytes())?;
            out.write_all(end)?;
        }
        Ok(())
    })
}

/// How many columns the terminal of standard output has; `None` where it is not one.
pub fn width() -> Option<usize> {
    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0.into()).filter(|width| *width > 0)
}

fn as_it_is(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    match write_to_file(write) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(unwritable(&error)),
        _ => Ok(()),
    }
}

/// Clears the screen and what was scrolled away.
const CLEAR: &str = "\x1b[H\x1b[2J";

/// Writes lines for people as [`stdout_styled`] does, onto an empty screen if `clear`; `false` when nobody reads them any
/// more.
pub fn stdout_while_read(clear: bool, text: &str) -> anyhow::Result<bool> {
    written(&format!("{}{}", if clear { CLEAR } else { "" }, styled(text, colour::on_stdout())))
}

/// Writes what is for programs, as it is; `false` when nobody reads it any more.
pub fn data_while_read(text: &str) -> anyhow::Result<bool> {
    if io::stdout().is_terminal() { written(&page::plain(text)) } else { written(text) }
}

fn written(text: &str) -> anyhow::Result<bool> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(unwritable(&error)),
    }
}

fn styled(text: &str, colours: bool) -> Cow<'_, str> {
    if colours { page::styled(text) } else { page::plain(text) }
}

fn unwritable(error: &io::Error) -> anyhow::Error {
    Fault::system(format!("cannot write to standard output: {}", super::fault::reason(error))).into()
}

/// What is shorter goes out together with what comes before or behind it, in bytes.
const TOGETHER: usize = 1024;

fn write_to_file(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(TOGETHER, os::stdout()?);
    write(&mut out)?;
    out.flush()
}

/// Writes lines for people to standard error, without colours. When that fails, nobody can read about it.
pub fn stderr(text: impl AsRef<str>) {
    let _ = io::stderr().lock().write_all(page::plain(text.as_ref()).as_bytes());
}

/// Shows on a terminal how far a run is, in place of what was shown before.
pub fn progress(text: &str) {
    let _ = write!(io::stderr().lock(), "\r\x1b[K{}", page::plain(text));
}

/// As [`stderr`], with the colours that a renderer chose.
pub fn stderr_styled(text: impl AsRef<str>) {
    let text = styled(text.as_ref(), colour::on_stderr());
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

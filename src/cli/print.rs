//! Writing to standard output and standard error. A reader that went away (`caddyctl adapt | head`) is not a fault:
//! the rest is dropped, and the exit status stays what the run deserves.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::os::fd::AsFd;

use super::fault::Fault;

/// Writes `text` to standard output, as it is.
pub fn stdout(text: impl AsRef<[u8]>) -> anyhow::Result<()> {
    stdout_with(|out| out.write_all(text.as_ref()))
}

/// Writes to standard output what `write` gives, in pieces that should be large.
pub fn stdout_with(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    match write_to_file(write) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(unwritable(&error)),
        _ => Ok(()),
    }
}

/// Writes `text` to standard output; `false` when nobody reads it any more.
pub fn stdout_while_read(text: &str) -> anyhow::Result<bool> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(unwritable(&error)),
    }
}

fn unwritable(error: &io::Error) -> anyhow::Error {
    Fault::world(format!("cannot write to standard output: {}", super::fault::reason(error))).into()
}

/// What is shorter goes out together with what comes before or behind it, in bytes.
const TOGETHER: usize = 1024;

/// `Stdout` would look for the last line break in all that it gets.
fn write_to_file(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let mut out = BufWriter::with_capacity(TOGETHER, out);
    write(&mut out)?;
    out.flush()
}

/// Writes `text` to standard error, as it is. Nobody is left to be told when that fails.
pub fn stderr(text: impl AsRef<[u8]>) {
    let _ = io::stderr().lock().write_all(text.as_ref());
}

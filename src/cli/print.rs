//! Writing to standard output and standard error. A reader that went away (`caddyctl adapt | head`) is not a fault:
//! the rest is dropped, and the exit status stays what the run deserves.

use std::io::{self, BufWriter, ErrorKind, Write};

use super::fault::Fault;

/// Bytes that go out at once.
const BUFFER: usize = 64 * 1024;

/// Writes `text` to standard output, as it is.
pub fn stdout(text: impl AsRef<[u8]>) -> anyhow::Result<()> {
    stdout_with(|out| out.write_all(text.as_ref()))
}

/// Writes to standard output what `write` gives, piece by piece.
pub fn stdout_with(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
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

/// Writes `text` to standard error, as it is. Nobody is left to be told when that fails.
pub fn stderr(text: impl AsRef<[u8]>) {
    let _ = io::stderr().lock().write_all(text.as_ref());
}

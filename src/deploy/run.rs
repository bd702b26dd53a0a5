//! Programs of the host, run with a deadline and without a shell.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use super::deadline::Deadline;

/// A program that could not be run, failed, or did not end in time.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It could not be started.
    #[error("cannot run {}: {source}", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// It ended with a failure.
    #[error("`{command}` failed ({status}): {words}")]
    Failed {
        /// The program and its arguments.
        command: String,
        /// How it ended.
        status: ExitStatus,
        /// What it said on standard error.
        words: String,
    },
    /// It was stopped when its time was up.
    #[error("`{command}` did not end within {} s", within.as_secs_f64())]
    TimedOut {
        /// The program and its arguments.
        command: String,
        /// The deadline that passed.
        within: Duration,
    },
}

/// Runs `program` and gives its standard output. It is killed when `within` has passed.
pub fn run(program: &Path, arguments: &[&str], within: Duration) -> Result<String, RunError> {
    let command = std::iter::once(program.to_string_lossy().as_ref())
        .chain(arguments.iter().copied())
        .fold(String::new(), |line, word| if line.is_empty() { word.to_owned() } else { line + " " + word });
    let start = |source| RunError::Start { program: program.to_owned(), source };
    let mut child = Command::new(program)
        .args(arguments)
        .env("LC_ALL", "C")
        .env("SYSTEMD_PAGER", "")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(start)?;
    let out = collect(child.stdout.take());
    let err = collect(child.stderr.take());
    let deadline = Deadline::after(within);
    let status = loop {
        match child.try_wait().map_err(start)? {
            Some(status) => break status,
            None if deadline.has_passed() => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(RunError::TimedOut { command, within });
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    // A grandchild may hold the pipe open for ever.
    let text = |pipe: std::sync::mpsc::Receiver<String>| {
        pipe.recv_timeout(Duration::from_secs(2)).unwrap_or_default()
    };
    if status.success() {
        return Ok(text(out));
    }
    Err(RunError::Failed { command, status, words: text(err).trim().to_owned() })
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> std::sync::mpsc::Receiver<String> {
    let (say, hear) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        say.send(String::from_utf8_lossy(&bytes).into_owned())
    });
    hear
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_failure_and_deadline() {
        let sh = |script: &str, within| run(Path::new("/bin/sh"), &["-c", script], within);
        let long = Duration::from_secs(10);
        assert_eq!(sh("echo hi", long).unwrap(), "hi\n");
        assert_eq!(
            sh("echo no >&2; exit 3", long).unwrap_err().to_string(),
            "`/bin/sh -c echo no >&2; exit 3` failed (exit status: 3): no"
        );
        assert!(matches!(sh("sleep 9", Duration::from_millis(50)), Err(RunError::TimedOut { .. })));
        assert!(matches!(run(Path::new("/no/program"), &[], long), Err(RunError::Start { .. })));
    }
}

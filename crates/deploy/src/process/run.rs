//! Programs of the host, run with a deadline and without a shell.

use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

use super::apart;
use super::deadline::Deadline;
use caddyctl_language::source::{Env, shown};

/// A program that could not be run, failed, or did not end in time.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It could not be started.
    #[error("cannot run {}: {source}", shown::path(program))]
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
        /// What it wrote to standard error.
        words: String,
    },
    /// It wrote more than is read.
    #[error("`{command}` printed more than {} MiB", most >> 20)]
    TooMuch {
        /// The program and its arguments.
        command: String,
        /// The limit, in bytes.
        most: u64,
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

/// What a program runs with that is started apart from this one; see [`apart`].
#[derive(Clone, Copy, Debug)]
pub struct Context<'c> {
    /// The program that starts it.
    pub launcher: &'c Path,
    /// Its environment.
    pub env: &'c Env,
    /// Its user and group, by number; those of this process when they are `None`.
    pub user: Option<(u32, u32)>,
    /// The most bytes that are read of its standard output.
    pub most: u64,
}

/// Runs `program` and gives its standard output. It is killed when `within` has passed.
pub fn run(program: &Path, arguments: &[&str], within: Duration) -> Result<String, RunError> {
    let mut command = Command::new(program);
    command.args(arguments).env("LC_ALL", "C").env("SYSTEMD_PAGER", "").stdin(Stdio::null());
    finish(command, program, arguments, within, LARGEST, |child| drop(child.kill()))
}

/// The same in the working directory, with the environment `env` alone, and with `input` on standard input.
pub fn run_here(
    program: &Path,
    arguments: &[&str],
    input: Option<&[u8]>,
    env: &Env,
    within: Duration,
) -> Result<String, RunError> {
    let mut command = Command::new(program);
    command.args(arguments).env_clear().envs(env.iter());
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    let text = input.unwrap_or_default().to_vec();
    finish_with(command, program, arguments, within, LARGEST, text, |child| drop(child.kill()))
}

/// The same, apart from this process.
pub fn run_apart(
    program: &Path,
    arguments: &[&str],
    within: Duration,
    context: &Context<'_>,
) -> Result<String, RunError> {
    let mut command = apart::command(context.launcher, program, arguments, context.env, context.user);
    command.stdin(Stdio::null());
    finish(command, program, arguments, within, context.most, |child| {
        // It leads a session, and thereby a group: what it started ends with it.
        let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let _ = group.map(|group| kill_process_group(group, Signal::KILL));
        let _ = child.kill();
    })
}

fn finish(
    command: Command,
    program: &Path,
    arguments: &[&str],
    within: Duration,
    most: u64,
    kill: impl Fn(&mut Child),
) -> Result<String, RunError> {
    finish_with(command, program, arguments, within, most, Vec::new(), kill)
}

fn finish_with(
    mut command_line: Command,
    program: &Path,
    arguments: &[&str],
    within: Duration,
    most: u64,
    input: Vec<u8>,
    kill: impl Fn(&mut Child),
) -> Result<String, RunError> {
    let command = std::iter::once(program.to_string_lossy().as_ref())
        .chain(arguments.iter().copied())
        .fold(String::new(), |line, word| if line.is_empty() { word.to_owned() } else { line + " " + word });
    let start = |source| RunError::Start { program: program.to_owned(), source };
    let mut child = command_line.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(start)?;
    if let Some(mut pipe) = child.stdin.take() {
        // A program that does not read all of it ends the writing.
        std::thread::spawn(move || pipe.write_all(&input));
    }
    let out = collect(child.stdout.take(), most);
    let err = collect(child.stderr.take(), LARGEST_WORDS);
    let deadline = Deadline::after(within);
    // Most programs end after some milliseconds, and few after seconds.
    let mut pause = Duration::from_micros(250);
    let status = loop {
        match child.try_wait().map_err(start)? {
            Some(status) => break status,
            None if deadline.has_passed() => {
                kill(&mut child);
                let _ = child.wait();
                return Err(RunError::TimedOut { command, within });
            }
            None => {
                std::thread::sleep(pause);
                pause = (pause * 5 / 4).min(Duration::from_millis(5));
            }
        }
    };
    // A grandchild may hold the pipe open for ever.
    let text = |pipe: Receiver<(String, bool)>| pipe.recv_timeout(Duration::from_secs(2)).unwrap_or_default();
    if !status.success() {
        return Err(RunError::Failed { command, status, words: text(err).0.trim().to_owned() });
    }
    match text(out) {
        (_, true) => Err(RunError::TooMuch { command, most }),
        (text, false) => Ok(text),
    }
}

/// More than this is not read of what a program of the host prints (bytes).
const LARGEST: u64 = 64 << 20;

/// More than this is not kept of what a program says on standard error (bytes).
const LARGEST_WORDS: u64 = 1 << 20;

/// The text that comes, at most so many bytes of it, and whether there was more. The rest is read and forgotten: a program
/// that nobody listens to would end for that reason.
fn collect(pipe: Option<impl Read + Send + 'static>, most: u64) -> Receiver<(String, bool)> {
    let (say, hear) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let mut rest = 0;
        if let Some(mut pipe) = pipe {
            let _ = pipe.by_ref().take(most).read_to_end(&mut bytes);
            rest = io::copy(&mut pipe, &mut io::sink()).unwrap_or(0);
        }
        let text = String::from_utf8(bytes);
        let text = text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        say.send((text, rest > 0))
    });
    hear
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh_command(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn output_failure_and_deadline() {
        let sh = |script: &str, within| run(Path::new("/bin/sh"), &["-c", script], within);
        let long = Duration::from_secs(10);
        assert_eq!(sh("echo hi", long).unwrap(), "hi\n");
        assert_eq!(
            sh("echo no >&2; exit 3", long).unwrap_err().to_string(),
            "`/bin/sh -c echo no >&2; exit 3` failed (exit status: 3): no"
        );
        let much = finish(sh_command("yes | head -c 99"), Path::new("sh"), &[], long, 98, |_| {});
        assert!(matches!(much, Err(RunError::TooMuch { most: 98, .. })), "{much:?}");
        let all = finish(sh_command("yes | head -c 98"), Path::new("sh"), &[], long, 98, |_| {});
        assert_eq!(all.unwrap().len(), 98);
        assert!(matches!(sh("sleep 9", Duration::from_millis(50)), Err(RunError::TimedOut { .. })));
        assert!(matches!(run(Path::new("/no/program"), &[], long), Err(RunError::Start { .. })));
    }
}

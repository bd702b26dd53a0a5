//! A program that is started apart from this one: in a session of its own, without its terminal, its descriptors and its
//! rights, in the folder `/`.
//!
//! A process that runs as the service's user can be traced by that user. With root's terminal it could then type into
//! root's shell. What has to happen between `fork` and `exec` cannot be written in safe Rust, so this program is started
//! once more, with a first argument that makes it the other one.

use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::process::{Gid, Pid, Resource, Rlimit, Signal, Uid, getrlimit, setrlimit};
use rustix::thread::{set_no_new_privs, set_thread_groups, set_thread_res_gid, set_thread_res_uid};

use caddyctl_language::source::{Env, shown};

/// This program, also when its file was replaced meanwhile.
pub const ITSELF: &str = "/proc/self/exe";

/// The first argument that makes this program another one; see [`become_other`].
pub const WORD: &str = "become-other";

/// How variables of the other program begin until it is started: some, such as `LD_PRELOAD`, are obeyed by whatever is
/// started with them, and this program is still root then.
const PREFIX: &str = "CADDYCTL_PASSES_";

/// A command that starts `program` apart, as the user and group `user` where they are given, with the environment `env`
/// alone. `launcher` is a program whose `main` calls [`become_other`] when its first argument is [`WORD`].
pub fn command(
    launcher: &Path,
    program: &Path,
    arguments: &[&str],
    env: &Env,
    user: Option<(u32, u32)>,
) -> Command {
    let mut command = Command::new(launcher);
    let user = user.map_or_else(|| "-".to_owned(), |(uid, gid)| format!("{uid}:{gid}"));
    command.env_clear().envs(env.iter().map(|(name, value)| (format!("{PREFIX}{name}"), value)));
    command.arg(WORD).arg(std::process::id().to_string()).arg(user).arg(program).args(arguments);
    command
}

/// Becomes the program that `arguments` name, which are those of [`command`] after [`WORD`]. Comes back only when that
/// did not work, with the reason. The caller has one thread.
pub fn become_other(arguments: impl IntoIterator<Item = OsString>) -> String {
    let mut arguments = arguments.into_iter();
    let (Some(parent), Some(user), Some(program)) = (arguments.next(), arguments.next(), arguments.next())
    else {
        return format!("{WORD} is for internal use");
    };
    let Err(error) = leave(&parent, &user, Path::new(&program), arguments);
    error
}

/// Nothing: what it is the result of does not come back.
enum Never {}

fn leave(
    parent: &OsStr,
    user: &OsStr,
    program: &Path,
    arguments: impl Iterator<Item = OsString>,
) -> Result<Never, String> {
    fn trouble<T, E: Display>(what: &str, result: Result<T, E>) -> Result<T, String> {
        result.map_err(|error| format!("cannot {what}: {error}"))
    }
    trouble("close inherited descriptors", close_inherited())?;
    trouble("begin a session", rustix::process::setsid())?;
    trouble("give up new privileges", set_no_new_privs(true))?;
    trouble("go to /", std::env::set_current_dir("/"))?;
    // The user may be unable to follow `/proc/PID/exe` to the program of a process.
    let opened =
        if program.starts_with("/proc") { Some(trouble("open the program", open(program))?) } else { None };
    if let Some((uid, gid)) = trouble("understand the user", numbers(user))? {
        trouble("leave root's groups", set_thread_groups(&[]))?;
        trouble("change the group", set_thread_res_gid(gid, gid, gid))?;
        trouble("change the user", set_thread_res_uid(uid, uid, uid))?;
    }
    trouble("limit what it may use", limit())?;
    trouble("end with the parent", rustix::process::set_parent_process_death_signal(Some(Signal::KILL)))?;
    let is_there =
        rustix::process::getppid().is_some_and(|pid| pid_text(pid).as_bytes() == parent.as_bytes());
    if !is_there {
        return Err("the parent is gone".to_owned());
    }
    let path = opened.as_ref().map_or(program.to_owned(), descriptor_path);
    let passed = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.as_bytes().strip_prefix(PREFIX.as_bytes()).filter(|name| !name.is_empty())?;
        Some((OsString::from_vec(name.to_vec()), value))
    });
    let mut other = Command::new(path);
    other.arg0(program).args(arguments).env_clear().envs(passed);
    Err(format!("cannot run {}: {}", shown::path(program), other.exec()))
}

/// What a program may use that is asked and ends: processor time (seconds), bytes of a file that it writes, descriptors,
/// bytes of a core dump. Memory has none: a program in Go reserves much more than it uses.
const MOST: [(Resource, u64); 4] =
    [(Resource::Cpu, 300), (Resource::Fsize, 16 << 20), (Resource::Nofile, 1024), (Resource::Core, 0)];

/// Lowers the limits of this process, which the other program keeps.
fn limit() -> io::Result<()> {
    MOST.into_iter().try_for_each(|(resource, most)| {
        let now = getrlimit(resource).maximum;
        let most = Some(now.map_or(most, |now| now.min(most)));
        Ok(setrlimit(resource, Rlimit { current: most, maximum: most })?)
    })
}

fn pid_text(pid: Pid) -> String {
    pid.as_raw_nonzero().to_string()
}

fn open(program: &Path) -> io::Result<OwnedFd> {
    Ok(openat(CWD, program, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?)
}

fn descriptor_path(file: &OwnedFd) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

/// `UID:GID`, or `-`.
fn numbers(user: &OsStr) -> Result<Option<(Uid, Gid)>, &'static str> {
    let text = user.to_str().unwrap_or_default();
    if text == "-" {
        return Ok(None);
    }
    let number = |text: &str| text.parse().ok().filter(|number| *number != u32::MAX);
    let parsed = text.split_once(':').and_then(|(uid, gid)| Some((number(uid)?, number(gid)?)));
    let (uid, gid) = parsed.ok_or("it is not UID:GID")?;
    Ok(Some((Uid::from_raw(uid), Gid::from_raw(gid))))
}

/// Closes what whoever started the parent left open in it. The standard streams stay.
fn close_inherited() -> io::Result<()> {
    let listed: Vec<i32> = std::fs::read_dir("/proc/self/fd")?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|number| *number > 2)
        .collect();
    for number in listed {
        // The descriptor of the listing itself is closed by now.
        let _ = nix::unistd::close(number);
    }
    Ok(())
}

/// The bytes of this program, also when its file was replaced meanwhile.
pub fn own_bytes(most: u64) -> io::Result<Vec<u8>> {
    caddyctl_host::regular::read_from(File::open(ITSELF)?, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_by_numbers() {
        let of = |text: &str| {
            numbers(OsStr::new(text)).map(|user| user.map(|(uid, gid)| (uid.as_raw(), gid.as_raw())))
        };
        assert_eq!((of("-"), of("977:65534")), (Ok(None), Ok(Some((977, 65534)))));
        for wrong in ["", "977", "977:", "x:1", "4294967295:1"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn variables_mean_nothing_to_the_launcher() {
        let env: Env = [("LD_PRELOAD", "/x.so"), ("A", "b")].into_iter().collect();
        let command = command(Path::new("/launcher"), Path::new("/caddy"), &["version"], &env, Some((1, 2)));
        let names: Vec<_> = command.get_envs().map(|(name, _)| name.to_str().unwrap().to_owned()).collect();
        assert_eq!(names, ["CADDYCTL_PASSES_A", "CADDYCTL_PASSES_LD_PRELOAD"]);
        let words: Vec<_> = command.get_args().map(|word| word.to_str().unwrap().to_owned()).collect();
        assert_eq!(words[2..], ["1:2", "/caddy", "version"]);
    }
}

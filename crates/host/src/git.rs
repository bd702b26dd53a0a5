//! The one way to run git: objects are read, and nothing of the checkout is executed, fetched or written.
//!
//! A checkout may come from anybody, with settings that name programs (gitcredentials(7), git-config(1)). So git runs
//!
//! - only where a `.git` was found by walking up, from the top of that work tree, and never in a bare repository that was
//!   committed into a folder (`safe.bareRepository`);
//! - only with commands that read objects, none of which asks for a pager, a filter, a diff driver or a hook;
//! - without any transport (`GIT_ALLOW_PROTOCOL` counts above all settings, those of one protocol too) and without lazy
//!   fetches (`GIT_NO_LAZY_FETCH`, which git knows since 2.45 and Debian's since 2.39.4);
//! - with an environment of our own, a deadline, and a limit on what it may print;
//! - as root only where everything that git reads settings from belongs to root. `safe.directory` is never set.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::{os, work_tree};

mod error;

pub use error::GitError;

/// Settings that name programs, or that decide whether one runs; the command line counts above the repository's.
const SETTINGS: [&str; 15] = [
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.alternateRefsCommand=false",
    "core.sshCommand=false",
    "core.askPass=",
    "core.editor=false",
    "core.pager=cat",
    "credential.helper=",
    "gpg.program=false",
    "protocol.allow=never",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
];

/// The same in the environment.
const VARIABLES: [(&str, &str); 9] = [
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_GRAFT_FILE", "/dev/null"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_ATTR_NOSYSTEM", "1"),
    ("GIT_PAGER", "cat"),
    // What git says is compared with what is known of it.
    ("LC_ALL", "C"),
];

/// The variables of the caller that git may see: where the caller's own settings are, which `safe.directory` is read from.
/// All others go, `GIT_DIR` of a hook too: the repository is that of the file.
const KEPT: [&str; 6] = [
    "HOME",
    "XDG_CONFIG_HOME",
    "LD_LIBRARY_PATH",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
];

/// The most bytes of a list of files.
const LONGEST_LIST: u64 = 64 * 1024 * 1024;

/// The most bytes of an answer of one line, and of what git says on standard error.
const LONGEST_LINE: u64 = 64 * 1024;

/// How git is found and run.
#[derive(Clone, Debug)]
pub struct Git {
    folders: Vec<PathBuf>,
    env: Vec<(OsString, OsString)>,
    patience: Duration,
}

impl Git {
    /// Git from a folder of `path`, with what it may see of the environment `env`. Each of its runs may last `patience`.
    pub fn new(
        path: &OsStr,
        env: impl IntoIterator<Item = (OsString, OsString)>,
        patience: Duration,
    ) -> Self {
        let folders = std::env::split_paths(path).filter(|folder| folder.is_absolute()).collect();
        let kept = |name: &OsStr| {
            KEPT.iter().any(|kept| name == *kept)
                || ["GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"]
                    .iter()
                    .any(|start| os::starts_with(name, start))
        };
        let env = env.into_iter().filter(|(name, _)| kept(name)).collect();
        Self { folders, env, patience }
    }

    /// The work tree around `folder`.
    pub fn work_tree(&self, folder: &Path) -> Result<WorkTree, GitError> {
        let none = || GitError::NoRepository { folder: folder.to_owned() };
        let top = work_tree::top_of(&folder.canonicalize().map_err(|_| none())?).ok_or_else(none)?;
        let is_root = os::is_root();
        if is_root && let Some((path, owner)) = work_tree::owned_by_another(&top, 0) {
            return Err(GitError::OtherOwner { top, path, owner, user: 0 });
        }
        if let Some(folder) = work_tree::foreign_repository(&top) {
            return Err(GitError::OtherRepository { top, folder });
        }
        if let Some(path) = work_tree::leading_out(&top) {
            return Err(GitError::LeadsOut { top, path });
        }
        let outside = |path: &Path| path.canonicalize().is_ok_and(|path| !path.starts_with(&top));
        let folders: Vec<_> = self.folders.iter().filter(|folder| outside(folder)).cloned().collect();
        let candidates = folders.iter().map(|folder| folder.join(format!("git{}", os::PROGRAM_END)));
        let program = candidates.into_iter().find(|path| is_program(path) && outside(path));
        let program = program.ok_or(GitError::NoProgram)?;
        // What root trusts was looked at above; the settings of the user behind sudo are not root's.
        let mut env = if is_root { Vec::new() } else { self.env.clone() };
        env.push(("PATH".into(), std::env::join_paths(folders).unwrap_or_default()));
        env.push(("GIT_CEILING_DIRECTORIES".into(), top.parent().unwrap_or(&top).into()));
        let tree = WorkTree { program, env, top, patience: self.patience };
        let output = tree.line(&["rev-parse", "--show-toplevel"])?;
        match os::path(output).canonicalize() {
            Ok(output) if output == tree.top => Ok(tree),
            _ => Err(GitError::OtherWorkTree { top: tree.top }),
        }
    }
}

/// Whether `path` is a file that may be run.
fn is_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| found.is_file() && os::mode(&found) & 0o111 != 0)
}

/// What an entry of a commit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A symbolic link; the object is its target.
    Link,
    /// A commit of another repository.
    Submodule,
}

/// An entry of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// The name of its object.
    pub object: String,
}

/// A work tree whose repository git reads.
#[derive(Clone, Debug)]
pub struct WorkTree {
    program: PathBuf,
    env: Vec<(OsString, OsString)>,
    top: PathBuf,
    patience: Duration,
}

impl WorkTree {
    /// The top of the work tree, without symbolic links.
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// The full name of the commit that `revision` means: 40 or 64 hexadecimal digits. `None` when it means none.
    pub fn commit(&self, revision: &str) -> Result<Option<String>, GitError> {
        // A NUL cannot be handed to a program, and git reads no name with a line break.
        if revision.is_empty() || revision.contains(char::is_control) {
            return Ok(None);
        }
        let spec = format!("{revision}^{{commit}}");
        match self.line(&["rev-parse", "--verify", "--quiet", "--end-of-options", &spec]) {
            Ok(name) => Ok(String::from_utf8(name).ok().filter(|name| is_object_name(name))),
            Err(GitError::Failed { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The short names of branches, remote branches and tags, in the order of git.
    pub fn names(&self) -> Result<Vec<String>, GitError> {
        let list = self.run(&["for-each-ref", "--format=%(refname:short)"], LONGEST_LIST)?;
        let lines = list.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        Ok(lines.map(|line| String::from_utf8_lossy(line).into_owned()).collect())
    }

    /// Whether the history is cut off.
    pub fn is_shallow(&self) -> bool {
        self.line(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer == b"true")
    }

    /// All files of a commit, with their paths from the top.
    pub fn entries(&self, commit: &str) -> Result<Vec<(PathBuf, Entry)>, GitError> {
        let list = self.run(&["ls-tree", "-r", "-z", "--full-tree", commit], LONGEST_LIST)?;
        Ok(list.split(|byte| *byte == 0).filter_map(entry).collect())
    }

    /// The bytes of an object that is a file or a link; an error of kind `FileTooLarge` when there are more than `most`.
    pub fn blob(&self, object: &str, most: u64) -> io::Result<Vec<u8>> {
        let too_large = || {
            let text = format!("it is larger than {} MiB", most / (1024 * 1024));
            io::Error::new(io::ErrorKind::FileTooLarge, text)
        };
        // Git unpacks a file before it prints the first byte, so its size is asked for first.
        let size = self.line(&["cat-file", "-s", object]).map_err(io::Error::other)?;
        let size: Option<u64> = std::str::from_utf8(&size).ok().and_then(|size| size.parse().ok());
        if size.is_none_or(|size| size > most) {
            return Err(too_large());
        }
        self.run(&["cat-file", "blob", object], most).map_err(io::Error::other)
    }

    /// An answer of one line, without its line break.
    fn line(&self, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        let mut line = self.run(arguments, LONGEST_LINE)?;
        while line.last() == Some(&b'\n') {
            line.pop();
        }
        Ok(line)
    }

    /// Runs git at the top; its output, of at most `most` bytes.
    fn run(&self, arguments: &[&str], most: u64) -> Result<Vec<u8>, GitError> {
        let mut command = Command::new(&self.program);
        command.env_clear().envs(self.env.iter().map(|(name, value)| (name, value))).envs(VARIABLES);
        command.args(["--no-pager", "--no-replace-objects"]);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.args(arguments).current_dir(&self.top);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(GitError::Start)?;
        let out = collect(child.stdout.take(), most.saturating_add(1));
        let err = collect(child.stderr.take(), LONGEST_LINE);
        let end = Instant::now() + self.patience;
        let slow = GitError::Slow { within: self.patience };
        let Ok(bytes) = out.recv_timeout(self.patience) else {
            stop(&mut child);
            return Err(slow);
        };
        if bytes.len() as u64 > most {
            stop(&mut child);
            return Err(GitError::TooLong { most });
        }
        let status = loop {
            match child.try_wait().map_err(GitError::Start)? {
                Some(status) => break status,
                None if Instant::now() >= end => {
                    stop(&mut child);
                    return Err(slow);
                }
                // The output is there, so the end is near.
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        };
        if status.success() {
            return Ok(bytes);
        }
        let output = err.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
        let output = String::from_utf8_lossy(&output);
        let is_foreign = output.contains("dubious ownership") || output.contains("unsafe repository");
        if is_foreign
            && let Some(user) = os::user()
            && let Some((path, owner)) = work_tree::owned_by_another(&self.top, user)
        {
            return Err(GitError::OtherOwner { top: self.top.clone(), path, owner, user });
        }
        Err(GitError::Failed { top: self.top.clone(), reason: reason(&output) })
    }
}

/// The first line of what git wrote to standard error that is no warning, shortened and without control characters.
fn reason(output: &str) -> String {
    let line = output.lines().find(|line| !line.starts_with("warning: ")).unwrap_or("it gave no reason");
    let line = line.trim_start_matches("fatal: ").trim_start_matches("error: ");
    line.chars().take(200).map(|c| if c.is_control() { '?' } else { c }).collect()
}

fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Reads a pipe to its end in a thread; gives its first `most` bytes.
fn collect(pipe: Option<impl Read + Send + 'static>, most: u64) -> Receiver<Vec<u8>> {
    let (say, hear) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let Some(mut pipe) = pipe else { return };
        let _ = pipe.by_ref().take(most).read_to_end(&mut bytes);
        let is_full = bytes.len() as u64 == most;
        let _ = say.send(bytes);
        if is_full {
            let _ = io::copy(&mut pipe, &mut io::sink());
        }
    });
    hear
}

/// One entry of `ls-tree -z`: `MODE TYPE OBJECT<tab>PATH`.
fn entry(line: &[u8]) -> Option<(PathBuf, Entry)> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let (head, path) = (std::str::from_utf8(&line[..tab]).ok()?, &line[tab + 1..]);
    let mut words = head.split(' ');
    let kind = match words.next()? {
        "120000" => Kind::Link,
        "160000" => Kind::Submodule,
        _ => Kind::File,
    };
    let object = words.nth(1).filter(|object| is_object_name(object))?.to_owned();
    Some((os::path(path.to_vec()), Entry { kind, object }))
}

/// Whether it is the full name of an object: SHA-1 or SHA-256 in hexadecimal digits.
fn is_object_name(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_and_names_of_objects() {
        let name = "e3e403862b8c0172477c862d7474ccbec1f8ec63";
        let file = |kind| Entry { kind, object: name.to_owned() };
        assert_eq!(
            entry(format!("100644 blob {name}\ta b").as_bytes()),
            Some(("a b".into(), file(Kind::File)))
        );
        assert_eq!(entry(format!("120000 blob {name}\tl").as_bytes()), Some(("l".into(), file(Kind::Link))));
        assert_eq!(entry(format!("160000 commit {name}\ts").as_bytes()).unwrap().1.kind, Kind::Submodule);
        assert_eq!(entry(b"100644 blob /etc/shadow\tx"), None);
        assert!(is_object_name(&"a".repeat(64)));
        for wrong in ["", "HEAD", &name[1..], &format!("^{}", &name[1..]), &name.to_uppercase()] {
            assert!(!is_object_name(wrong), "{wrong}");
        }
    }

    #[test]
    fn what_git_writes_is_one_short_line() {
        assert_eq!(reason("warning: x\nfatal: no \u{1b}[2J here\nmore"), "no ?[2J here");
        assert_eq!(reason(&"x".repeat(1000)).len(), 200);
        assert_eq!(reason(""), "it gave no reason");
    }

    #[test]
    fn only_some_variables_are_kept() {
        let env = ["HOME", "GIT_DIR", "GIT_EXTERNAL_DIFF", "GIT_CONFIG_KEY_0", "SSH_ASKPASS", "SUDO_UID"];
        let git = Git::new(
            OsStr::new("/usr/bin:.:bin::/bin"),
            env.map(|name| (name.into(), "x".into())),
            Duration::from_secs(1),
        );
        let kept: Vec<_> = git.env.iter().map(|(name, _)| name.as_os_str()).collect();
        assert_eq!(kept, ["HOME", "GIT_CONFIG_KEY_0"]);
        assert_eq!(git.folders, [Path::new("/usr/bin"), Path::new("/bin")]);
    }
}

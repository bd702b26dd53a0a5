//! The host's own Caddy, asked what it makes of the files: it may be older than the language spoken here, or have plugins.

pub mod modules;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::admin::TEXT_PART;
use crate::admin::refusal::{readable, without_chain};
use crate::artifact::DeployFile;
use crate::files::digest::same_config;
use crate::files::folder::Folder;
use crate::files::host::Host;
use crate::files::owner::{Ownership, Reader};
use crate::files::write::{self, WriteError, at};
use crate::process::run::{Context, RunError, run_apart};
use crate::source::moved::{at_home, moved_imports};
use caddyctl_language::config::pointer::escape;
use caddyctl_language::config::{ReadError, read_within};
use caddyctl_language::source::{Env, secrets, shown};

/// Caddy took too long, could not be run, or refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// It could not be run, or did not end in time.
    #[error(transparent)]
    Run(RunError),
    /// The files to ask about could not be laid out.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Its answer is no configuration.
    #[error("`{} adapt` did not print a configuration", shown::path(.0))]
    Garbage(PathBuf),
    /// Its answer is more than is read.
    #[error(
        "`{} adapt` prints a configuration that takes more than {} MiB; `--raise-limits 10` allows ten times as much",
        shown::path(program),
        most >> 20
    )]
    TooLarge {
        /// The program.
        program: PathBuf,
        /// The limit, in bytes.
        most: u64,
    },
    /// It does not take the file.
    #[error("{message}")]
    Refused {
        /// The file that it names, as it lies on the host, and the line.
        place: Option<(PathBuf, usize)>,
        /// Its own words, without the place.
        message: String,
    },
}

/// A Caddy to ask.
#[derive(Clone, Debug)]
pub struct Caddy<'c> {
    /// The program.
    pub program: PathBuf,
    /// The environment of the service.
    pub env: &'c Env,
    /// The user of the service; only root can ask as somebody else.
    pub user: Option<&'c Reader>,
    /// The program that starts it; see [`apart`](crate::process::apart).
    pub launcher: &'c Path,
    /// How long it may take.
    pub within: Duration,
    /// The most bytes of memory that the values of its answer may take.
    pub memory: usize,
}

impl Caddy<'_> {
    /// Its version, such as `2.6.2`; empty when it does not say.
    pub fn version(&self) -> String {
        let output = run_apart(&self.program, &["version"], self.within, &self.context()).unwrap_or_default();
        output.split_whitespace().next().unwrap_or_default().trim_start_matches('v').to_owned()
    }

    /// What it makes of the Caddyfile at `path`. `caddy adapt` provisions nothing and touches nothing.
    pub fn adapt(&self, path: &Path) -> Result<Value, AskError> {
        let shown = path.to_string_lossy();
        let arguments = ["adapt", "--config", &shown, "--adapter", "caddyfile"];
        match run_apart(&self.program, &arguments, self.within, &self.context()) {
            Ok(text) => match read_within(text.as_bytes(), crate::json::room(self.memory)) {
                Ok(value @ Value::Object(_)) => Ok(value),
                Err(ReadError::TooLarge(most)) => {
                    Err(AskError::TooLarge { program: self.program.clone(), most: most as u64 })
                }
                _ => Err(AskError::Garbage(self.program.clone())),
            },
            Err(RunError::Failed { words, command, status }) => {
                let output = words.lines().filter_map(error_line).next_back();
                let folder = path.parent().unwrap_or(Path::new("/"));
                // Without words of its own it crashed, or is no Caddy.
                let output = output.ok_or(AskError::Run(RunError::Failed { words, command, status }))?;
                Err(refused(&output, folder))
            }
            Err(RunError::TooMuch { most, .. }) => {
                Err(AskError::TooLarge { program: self.program.clone(), most })
            }
            Err(error) => Err(AskError::Run(error)),
        }
    }

    /// What it makes of `files` once they are in place. They are laid out below `scratch` for that, where only the group of
    /// the service can read them, and removed again. Everything there belongs to the user of this process: whoever could
    /// change it could have root write elsewhere.
    pub fn adapt_files(&self, files: &[DeployFile], host: &Host, scratch: &Path) -> Result<Value, AskError> {
        let laid_out = LaidOut::new(scratch)?;
        let gid = self.as_user().map(|(_, gid)| gid);
        let tree = laid_out.folder.path();
        for file in files.iter().filter(|file| file.role.is_config()) {
            let (Some(bytes), Ok(below)) = (&file.bytes, file.path.strip_prefix(host.config_folder())) else {
                continue;
            };
            laid_out.write(below, &moved_imports(bytes, host.config_folder(), tree), gid)?;
        }
        laid_out.share(gid)?;
        let name = host.caddyfile.file_name().unwrap_or_default();
        match self.adapt(&tree.join(name)) {
            Ok(config) => Ok(at_home(&config, tree, host.config_folder())),
            Err(AskError::Refused { place, message }) => {
                let home = |path: PathBuf| {
                    path.strip_prefix(tree).map_or(path.clone(), |below| host.config_folder().join(below))
                };
                let message =
                    message.replace(&*tree.to_string_lossy(), &host.config_folder().to_string_lossy());
                Err(AskError::Refused { place: place.map(|(path, line)| (home(path), line)), message })
            }
            Err(error) => Err(error),
        }
    }

    /// The modules that it was built with; it reads no configuration for that.
    pub fn modules(&self) -> Result<modules::Modules, RunError> {
        modules::ask(|arguments| run_apart(&self.program, arguments, self.within, &self.context()))
    }

    fn as_user(&self) -> Option<(u32, u32)> {
        let user = self.user.filter(|user| rustix::process::geteuid().is_root() && user.uid != 0)?;
        Some((user.uid, *user.gids.first()?))
    }

    fn context(&self) -> Context<'_> {
        let most = (self.memory / TEXT_PART) as u64;
        Context { launcher: self.launcher, env: self.env, user: self.as_user(), most }
    }
}

/// How the names of folders begin in which Caddy is asked; the process follows.
const SCRATCH: &str = "caddyctl-ask-";

/// A folder with a copy of the files that Caddy is asked about; removed when dropped.
struct LaidOut {
    scratch: Folder,
    name: OsString,
    folder: Folder,
}

impl LaidOut {
    /// Makes one in `scratch`, and removes those of processes that were killed.
    fn new(scratch: &Path) -> Result<Self, WriteError> {
        let path = at(scratch.canonicalize(), "open", scratch)?;
        let scratch = at(Folder::open(&path), "open", &path)?;
        sweep(&scratch);
        let now = jiff::Timestamp::now().as_nanosecond();
        let name = OsString::from(format!("{SCRATCH}{}-{now:x}", std::process::id()));
        let folder = at(scratch.make(&name), "create a folder in", &path)?;
        Ok(Self { scratch, name, folder })
    }

    /// Writes a file that `gid` can read to the path `below` the folder.
    fn write(&self, below: &Path, bytes: &[u8], gid: Option<u32>) -> Result<(), WriteError> {
        let path = self.folder.path().join(below);
        let mut made;
        let mut folder = &self.folder;
        for part in below.parent().unwrap_or(Path::new("")).components() {
            let name = part.as_os_str();
            let next = match folder.make(name) {
                Ok(next) => next.share(0o750, gid).map(|()| next),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => folder.own(name),
                Err(error) => Err(error),
            };
            made = at(next, "create", &path)?;
            folder = &made;
        }
        let ownership = Ownership { uid: None, gid, mode: 0o640 };
        write::stage_in(folder, below.file_name().unwrap_or_default(), bytes, ownership)
    }

    /// Lets `gid` in, now that everything is there.
    fn share(&self, gid: Option<u32>) -> Result<(), WriteError> {
        at(self.folder.share(0o750, gid), "change the mode of", self.folder.path())
    }
}

impl Drop for LaidOut {
    fn drop(&mut self) {
        let _ = self.scratch.remove_all(&self.name);
    }
}

/// Removes the folders of processes that were killed.
fn sweep(scratch: &Folder) {
    for name in scratch.names().unwrap_or_default() {
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(SCRATCH)) else { continue };
        let pid = rest.split('-').next().and_then(|pid| pid.parse::<u32>().ok());
        if pid.is_some_and(|pid| !Path::new("/proc").join(pid.to_string()).exists()) {
            let _ = scratch.remove_all(&name);
        }
    }
}

/// What a line on standard error says, when it is about an error: an entry of the log in JSON, or the last word.
fn error_line(line: &str) -> Option<String> {
    if let Some(words) = line.strip_prefix("Error: ") {
        return Some(words.to_owned());
    }
    let entry: Value = serde_json::from_str(line).ok()?;
    let word = |key: &str| entry[key].as_str().unwrap_or_default();
    let is_error = matches!(word("level"), "error" | "fatal" | "panic");
    is_error.then(|| format!("{} {} {}", word("logger"), word("msg"), word("error")).trim().to_owned())
}

/// Caddy's words, with the place that they name: `…: PATH:LINE: what`, or `what, at PATH:LINE`.
fn refused(output: &str, folder: &Path) -> AskError {
    let from = format!("{}/", folder.display());
    let place = output.match_indices(&from).find_map(|(at, _)| {
        let (path, after) = output[at..].split_once(':')?;
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let line = after[..digits].parse().ok()?;
        Some((at, at + path.len() + 1 + digits, path.to_owned(), line))
    });
    let (message, place) = match place {
        None => (output.to_owned(), None),
        Some((start, end, path, line)) => {
            // Caddy's words stand before the place or after it; a chain of imports is none of them.
            let after = without_chain(&output[end..]).trim_start_matches(':').trim();
            let before = output[..start].trim_end().trim_end_matches(", at").trim_end_matches(" at");
            let before = before.strip_prefix("adapting config using caddyfile: ").unwrap_or(before);
            (if after.is_empty() { before } else { after }.to_owned(), Some((path.into(), line)))
        }
    };
    AskError::Refused { place, message: secrets::hide_line(&readable(&message)) }
}

/// A point in which two configurations differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// JSON pointer (RFC 6901).
    pub pointer: String,
    /// How.
    pub how: How,
}

/// How a point differs. Values are not shown: they may be secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Only ours has it.
    OnlyOurs,
    /// Only theirs has it.
    OnlyTheirs,
    /// Both have it, with different values.
    Other,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.how {
            How::OnlyOurs => "caddy leaves it out",
            How::OnlyTheirs => "caddy adds it",
            How::Other => "caddy has another value",
        };
        write!(f, "{}: {how}", self.pointer)
    }
}

/// Every point in which `theirs` differs in meaning from `ours`, in the order of the document, the deepest that can be
/// named.
pub fn differences(ours: &Value, theirs: &Value) -> Vec<Difference> {
    let mut all = Vec::new();
    compare(ours, theirs, String::new(), &mut all);
    all
}

fn compare(ours: &Value, theirs: &Value, pointer: String, all: &mut Vec<Difference>) {
    let below = |key: &str| format!("{pointer}/{}", escape(key));
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                match b.get(key) {
                    Some(other) => compare(value, other, below(key), all),
                    None => all.push(Difference { pointer: below(key), how: How::OnlyOurs }),
                }
            }
            let added = b.keys().filter(|key| !a.contains_key(*key));
            all.extend(added.map(|key| Difference { pointer: below(key), how: How::OnlyTheirs }));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (value, other)) in a.iter().zip(b).enumerate() {
                compare(value, other, below(&index.to_string()), all);
            }
        }
        _ if same_config(ours, theirs) => {}
        _ => all.push(Difference { pointer, how: How::Other }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn points() {
        let ours = json!({"a": 1, "b": [1, {"c/d": "x"}], "e": [1], "f": 0});
        let theirs = json!({"a": 1.0, "b": [1, {"c/d": "y"}], "e": [1, 2], "g": 0});
        let all: Vec<String> = differences(&ours, &theirs).iter().map(ToString::to_string).collect();
        assert_eq!(
            all,
            [
                "/b/1/c~1d: caddy has another value",
                "/e: caddy has another value",
                "/f: caddy leaves it out",
                "/g: caddy adds it"
            ]
        );
        assert_eq!(differences(&ours, &ours), []);
    }

    /// Words measured on Caddy 2.6.2 and 2.11.7.
    #[test]
    fn places_in_caddys_words() {
        let folder = Path::new("/etc/caddy");
        for (output, line, what) in [
            ("/etc/caddy/Caddyfile:4: unrecognized directive: foo", Some(4), "unrecognized directive: foo"),
            (
                "adapting config using caddyfile: /etc/caddy/Caddyfile:7: unrecognized directive: log_skip",
                Some(7),
                "unrecognized directive: log_skip",
            ),
            (
                "File to import not found: /nonexist/x, at /etc/caddy/Caddyfile:1",
                Some(1),
                "File to import not found: /nonexist/x",
            ),
            (
                "adapting config using caddyfile: syntax error: unexpected token '{', expecting '}', at /etc/caddy/Caddyfile:1 import chain: ['']",
                Some(1),
                "syntax error: unexpected token '{', expecting '}'",
            ),
            ("server block without any key is global", None, "server block without any key is global"),
        ] {
            let AskError::Refused { place, message } = refused(output, folder) else { unreachable!() };
            assert_eq!((place.map(|(_, line)| line), message.as_str()), (line, what));
        }
    }

    #[test]
    fn errors_of_caddy_have_their_place() {
        let error = error_line("Error: loading initial config: x");
        assert_eq!(error.as_deref(), Some("loading initial config: x"));
        let entry = r#"{"level":"error","logger":"tls.obtain","msg":"could not","error":"no such host"}"#;
        assert_eq!(error_line(entry).as_deref(), Some("tls.obtain could not no such host"));
        assert_eq!(error_line(r#"{"level":"info","msg":"serving"}"#), None);
    }
}

//! Why a place cannot be deployed to, and what to do.

use std::io;
use std::path::PathBuf;

use crate::files::resolve::Untrusted;
use crate::process::run::RunError;
use crate::systemd::service::ServiceError;
use caddyctl_language::source::shown;

/// The unit of Caddy's packages that resumes what was loaded last (`caddy run --resume`).
pub(super) const RIVAL: &str = "caddy-api.service";

/// A place that cannot be deployed to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlaceError {
    /// The folder that is to be the root.
    #[error("cannot use --root {}: {}", shown::path(path), words(source))]
    Root {
        /// The folder.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// A link on the way to it.
    #[error("cannot use --root {}: {link}", shown::path(path))]
    RootLink {
        /// The folder.
        path: PathBuf,
        /// The link.
        link: Untrusted,
        /// Where it leads.
        to: PathBuf,
    },
    /// The Caddy to ask.
    #[error("program {} does not exist", shown::path(.0))]
    NoSuchCaddy(PathBuf),
    /// There is none.
    #[error("no Caddy program found")]
    NoCaddy,
    /// It may not be asked.
    #[error("cannot run the host's Caddy: {0}")]
    Unaskable(String),
    /// systemd did not say.
    #[error(transparent)]
    Systemd(#[from] RunError),
    /// The unit is masked.
    #[error("{0} is masked: systemd does not start it, now or at boot")]
    Masked(String),
    /// There is no such unit.
    #[error("unknown systemd unit {0}")]
    NoUnit(String),
    /// The unit starts Caddy without a Caddyfile.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// A part of the service's environment is not known.
    #[error("{0}")]
    Environment(String),
    /// What deploys keep, which only root may read.
    #[error("cannot read {}: permission denied", shown::path(.0))]
    Hidden(PathBuf),
    /// Something else is where deploys keep what they need.
    #[error("cannot use {}: it is not a folder", shown::path(.0))]
    NoFolder(PathBuf),
    /// A folder where nothing may be written.
    #[error("cannot write to {}: {}", shown::path(folder), words(source))]
    Unwritable {
        /// The folder.
        folder: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// What the unit starts is not there.
    #[error(
        "program {} does not exist, but {unit} starts it: Caddy would not start again",
        shown::path(program)
    )]
    NoProgram {
        /// The program.
        program: PathBuf,
        /// The unit.
        unit: String,
    },
    /// What the unit starts may not be run.
    #[error(
        "program {} is not executable, but {unit} starts it: Caddy would not start again",
        shown::path(program)
    )]
    NotExecutable {
        /// The program.
        program: PathBuf,
        /// The unit.
        unit: String,
    },
    /// A file that the unit cannot start without.
    #[error(
        "the environment file {} of {unit} does not exist: Caddy would not start again",
        shown::path(path)
    )]
    NoEnvironmentFile {
        /// The file.
        path: PathBuf,
        /// The unit.
        unit: String,
    },
    /// Another unit is the Caddy that runs.
    #[error("{RIVAL} runs, and {0} does not: a deploy would reach the wrong Caddy")]
    Rival(String),
}

impl PlaceError {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        let files_only = "--no-systemd uses only files and the admin API";
        let is_root = rustix::process::geteuid().is_root();
        Some(match self {
            Self::Root { .. } | Self::NoSuchCaddy(_) | Self::Unaskable(_) => return None,
            Self::RootLink { to, .. } => format!("name the folder itself: --root {}", shown::path(to)),
            Self::NoCaddy => "name it with --caddy".to_owned(),
            Self::Systemd(_) if is_root => return None,
            Self::Systemd(_) | Self::Hidden(_) => "run this as root (sudo)".to_owned(),
            Self::NoFolder(path) => {
                format!("move it away: caddyctl keeps its deployments in {}", shown::path(path))
            }
            Self::Masked(unit) => format!("`systemctl unmask {unit}`"),
            Self::NoUnit(unit) if unit == "caddy.service" => format!(
                "install Caddy: `apt install caddy`, `dnf install caddy`, or https://caddyserver.com/docs/install; or name its unit with --unit; {files_only}"
            ),
            Self::NoUnit(_) => {
                format!(
                    "name another one with --unit; `systemctl list-units '*caddy*'` lists them; {files_only}"
                )
            }
            Self::Service(_) => "--no-systemd deploys only the files and the configuration".to_owned(),
            Self::Environment(_) => "replace it with a regular file, or remove it".to_owned(),
            Self::Unwritable { .. } if is_root => "the folder has to be writable for a deploy".to_owned(),
            Self::Unwritable { .. } => {
                "run this as root (sudo), or stage the files with --root DIR".to_owned()
            }
            Self::NoProgram { .. } => "install Caddy again, then deploy".to_owned(),
            Self::NotExecutable { program, .. } => format!("`chmod 0755 {}`", shown::path(program)),
            Self::NoEnvironmentFile { .. } => {
                "restore it, or write `EnvironmentFile=-…` in the unit if Caddy does not need it".to_owned()
            }
            Self::Rival(unit) => {
                format!(
                    "`systemctl disable --now {RIVAL} && systemctl enable --now {unit}`; the configuration of {RIVAL} is in no Caddyfile: \
                     save it first with `curl localhost:2019/config/`"
                )
            }
        })
    }
}

/// Why something failed, in few words and without error numbers where the kind is well known.
pub(super) fn words(error: &io::Error) -> String {
    match error.kind() {
        // A link that leads nowhere is named.
        io::ErrorKind::NotFound if error.get_ref().is_none() => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

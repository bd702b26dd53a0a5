//! The program that the watchdog's unit runs: that of a package where there is one, else a copy that deploys install.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use crate::artifact::{DeployFile, Role};
use crate::files::digest::Digest;
use crate::files::disk;
use crate::files::host::Host;
use crate::files::resolve::is_trusted;
use crate::state::history::{self, Record};
use caddyctl_host::regular;
use caddyctl_language::source::shown;

/// Where a deploy installs its copy. The unit's sandbox sees it there.
pub(super) const COPY: &str = "/usr/local/bin/caddyctl";

/// Where packages have the program. Only a package manager installs files in `/usr/bin`
/// (Filesystem Hierarchy Standard 3.0, 4.9).
pub(super) const PACKAGED: &str = "/usr/bin/caddyctl";

/// The program of a package on `host`: no deploy installs, replaces or removes it. `None` when there is none that only root
/// can change and that can be executed.
pub fn packaged(host: &Host) -> Option<&'static Path> {
    let path = Path::new(PACKAGED);
    let found = host.real(path).metadata().ok()?;
    let is_roots = is_trusted(found.uid()) && found.mode() & 0o022 == 0;
    (found.is_file() && is_roots && found.mode() & 0o111 != 0).then_some(path)
}

/// The unit of another watchdog on `host` that runs `program`.
pub fn other_unit(host: &Host, program: &Path) -> Option<String> {
    let folder = Path::new("/etc/systemd/system");
    let names = disk::list(&host.root, folder).unwrap_or_default();
    let others =
        names.into_iter().filter(|name| name.ends_with("-watchdog.service") && *name != host.companion());
    let runs = |name: &String| {
        let text = disk::read_text(&host.root, &folder.join(name), regular::MOST).unwrap_or_default();
        text.contains(&format!("={} ", program.display()))
    };
    others.into_iter().find(runs)
}

/// What happens to the copy of an earlier deploy once the unit runs the program of a package.
pub(super) enum Copy {
    /// There is none.
    None,
    /// It goes: nothing runs it any longer, and a shell would find it before the package's.
    Removed(DeployFile),
    /// It stays, for this reason.
    Stays(String),
}

impl Copy {
    pub(super) fn of(host: &Host, records: &[Record]) -> Self {
        let path = Path::new(COPY);
        if !host.has(path) {
            return Self::None;
        }
        let digest =
            disk::open(&host.root, path).and_then(|file| Digest::of_file(file, Role::Program.most()));
        let is_ours = digest.is_ok_and(|digest| history::has(records, path, &digest));
        let reason = if !is_ours || history::was_there(records, path, None) {
            "no deploy of this unit installed it".to_owned()
        } else if let Some(unit) = other_unit(host, path) {
            format!("{} runs it", shown::line(&unit))
        } else {
            return Self::Removed(DeployFile { path: path.to_owned(), bytes: None, role: Role::Program });
        };
        Self::Stays(format!("{COPY} stays, and a shell finds it before {PACKAGED}: {reason}"))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_package_has_a_program_that_only_root_changes() {
        let root = tempfile::tempdir().unwrap();
        let host = Host::new(root.path());
        assert_eq!(packaged(&host), None);
        let program = root.path().join("usr/bin/caddyctl");
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        fs::write(&program, "").unwrap();
        for (mode, is_packaged) in
            [(0o755, true), (0o555, true), (0o644, false), (0o775, false), (0o757, false)]
        {
            fs::set_permissions(&program, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(packaged(&host).is_some(), is_packaged, "{mode:o}");
        }
        fs::remove_file(&program).unwrap();
        fs::create_dir(&program).unwrap();
        assert_eq!(packaged(&host), None, "a folder");
    }

    #[test]
    fn a_copy_that_is_not_of_a_deploy_stays() {
        let root = tempfile::tempdir().unwrap();
        let host = Host::new(root.path());
        assert!(matches!(Copy::of(&host, &[]), Copy::None));
        fs::create_dir_all(root.path().join("usr/local/bin")).unwrap();
        fs::write(root.path().join("usr/local/bin/caddyctl"), "").unwrap();
        assert!(matches!(Copy::of(&host, &[]), Copy::Stays(_)));
    }
}

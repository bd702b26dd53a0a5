//! Files that a less privileged user controls: links, FIFOs, folders, a journal, an admin API. Root is led nowhere by them,
//! does not wait for them, and shows nothing of what they point at.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::deploy::bench::{err, out};

mod api;
mod apart;
mod changes;
mod links;
mod special;
mod state;

/// A user that nobody else here is.
pub const USER: u32 = 977;

/// A folder with a source and a root, and no Caddy.
pub struct Scene {
    pub folder: tempfile::TempDir,
}

impl Scene {
    /// `None` when this is not run as root, past the test runner's capture.
    pub fn new(test: &str) -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            let _ = writeln!(std::io::stderr(), "NOT RUN: {test} needs root; run the tests with sudo");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir_all(folder.path().join("repo/sites")).unwrap();
        fs::write(folder.path().join("repo/Caddyfile"), "import sites/*\n\n:80 {\n\timport answer\n}\n")
            .unwrap();
        fs::write(folder.path().join("repo/sites/one"), "(answer) {\n\trespond hi\n}\n").unwrap();
        fs::create_dir_all(folder.path().join("root/etc/caddy")).unwrap();
        fs::write(folder.path().join("victim"), "SECRET of root\n").unwrap();
        Some(Self { folder })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new("timeout");
        command.args(["--signal=KILL", "30"]).arg(env!("CARGO_BIN_EXE_caddyctl")).args(words);
        command.args(["--root", "root"]).current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    pub fn deploy(&self, more: &[&str]) -> Output {
        self.run(&[&["deploy", "repo/Caddyfile"], more].concat())
    }

    /// That the deploy is refused, says this, and neither shows nor changes the victim.
    pub fn refuses(&self, printed: &str) {
        for more in [&["--dry-run"][..], &["--dry-run", "--format", "json"], &[], &["--no-drop-in"]] {
            let refused = self.deploy(more);
            let all = out(&refused) + &err(&refused);
            assert_eq!(refused.status.code(), Some(2), "{more:?}: {all}");
            assert!(all.contains(printed) && !all.contains("SECRET"), "{more:?}: {all}");
        }
        assert_eq!(fs::read_to_string(self.path("victim")).unwrap(), "SECRET of root\n");
    }
}

pub fn fifo(path: &Path) {
    let _ = fs::remove_file(path);
    mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o666), 0).unwrap();
}

/// `systemctl` of a service that is stopped, with files below `/run` that its user controls.
const SYSTEMCTL: &str = r#"#!/bin/sh
case "$1" in
--version) echo "systemd 252 (252)" ;;
show)
  case "$2" in
  caddy.service)
    printf '%s\n' LoadState=loaded ActiveState=inactive SubState=dead MainPID=0 User=daemon UnitFileState=enabled \
      'Environment=HOME=/run/home' 'EnvironmentFiles=/run/site/env (ignore_errors=no)' \
      'ExecStart={ path=/bin/true ; argv[]=/bin/true run --config /run/site/Caddyfile ; ignore_errors=no }'
    ;;
  *) echo LoadState=not-found ;;
  esac ;;
esac
"#;

/// Runs `script` where `/run` and the state are folders of its own, and where `systemctl` is the one above.
pub fn with_service(scene: &Scene, script: &str) -> Output {
    with_programs(scene, &[("systemctl", SYSTEMCTL)], script)
}

/// The same with these programs first on the path.
pub fn with_programs(scene: &Scene, programs: &[(&str, &str)], script: &str) -> Output {
    let bin = scene.path("bin");
    fs::create_dir_all(&bin).unwrap();
    for (name, text) in programs {
        fs::write(bin.join(name), text).unwrap();
        fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let prepare = "set -e; mount -t tmpfs none /run; mount -t tmpfs none /var/lib; umask 022
        mkdir -p /run/systemd/system /run/site/sites /run/home/.config/caddy /run/home/.local/share/caddy/certificates/x/a.test
        printf ':80 {\n\trespond hi\n}\n' > /run/site/Caddyfile; echo A=b > /run/site/env
        echo '{}' > /run/home/.config/caddy/autosave.json; chown -R 1:1 /run/site /run/home; set +e\n";
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    Command::new("unshare")
        .args(["--mount", "sh", "-c", &(prepare.to_owned() + script)])
        .env("PATH", path)
        .env("CADDYCTL", env!("CARGO_BIN_EXE_caddyctl"))
        .current_dir(scene.folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

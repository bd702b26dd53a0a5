//! Disks that are full, read-only, mounted in pieces, or not ours.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use caddyctl_deploy::artifact::{Artifact, DeployFile, Role};
use caddyctl_deploy::deploy;
use caddyctl_deploy::transaction::setup::{Setup, Step};
use serde_json::json;

use crate::support::site::{Site, artifact};

/// A mount that ends with the test.
struct Mount(PathBuf);

impl Mount {
    fn new(arguments: &[&str], at: &Path) -> Self {
        let status = Command::new("mount").args(arguments).arg(at).status().unwrap();
        assert!(status.success(), "mount {arguments:?} {}", at.display());
        Self(at.to_owned())
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Whether mounts can be made here; says so when not, past the test runner's capture.
fn can_mount(test: &str) -> bool {
    use std::io::Write as _;
    let is_root = rustix::process::geteuid().is_root();
    if !is_root {
        let _ = writeln!(
            std::io::stderr(),
            "NOT RUN: {test} makes mounts and needs root; run the tests with sudo"
        );
    }
    is_root
}

fn config() -> serde_json::Value {
    json!({"apps": {"http": {"servers": {}}}})
}

fn installed(site: &Site) {
    deploy(&artifact(&config(), "old"), &Setup::files_only(site.host.clone()), None).unwrap();
}

/// Deploys a new version and gives what went wrong.
fn fails(site: &Site, artifact: &Artifact) -> String {
    let before = site.tree();
    let failure = deploy(artifact, &Setup::files_only(site.host.clone()), None).unwrap_err();
    assert!(
        failure.undo.as_ref().is_none_or(caddyctl_deploy::transaction::undo::Undo::is_complete),
        "{failure:?}"
    );
    assert_eq!(site.tree(), before);
    failure.to_string()
}

#[test]
fn a_full_disk_changes_nothing() {
    if !can_mount("a_full_disk_changes_nothing") {
        return;
    }
    let site = Site::new();
    let folder = site.host.on_disk(Path::new("/etc/caddy"));
    fs::create_dir_all(&folder).unwrap();
    let mount = Mount::new(&["-t", "tmpfs", "-o", "size=256k", "tmpfs"], &folder);
    installed(&site);
    let mut big = artifact(&config(), "new");
    big.files[1].bytes = Some(vec![b'#'; 200_000]);
    let message = fails(&site, &big);
    let folder = folder.display();
    assert!(
        message.starts_with(&format!("the disk of {folder} is too full: the deploy needs ")),
        "{message}"
    );
    // It fills up only after it was asked.
    let fill = site.host.on_disk(Path::new("/etc/caddy/.fill"));
    let observe = |step| {
        if step == Step::Stage {
            let mut file = fs::File::create(&fill).unwrap();
            while std::io::Write::write_all(&mut file, &[0; 1024]).is_ok() {}
        }
    };
    let setup = Setup { observe: &observe, ..Setup::files_only(site.host.clone()) };
    let before = site.tree();
    let failure = deploy(&artifact(&config(), "new"), &setup, None).unwrap_err();
    assert!(failure.undo.as_ref().unwrap().is_complete(), "{failure:?}");
    assert!(failure.to_string().contains("No space left on device"), "{failure}");
    fs::remove_file(&fill).unwrap();
    assert_eq!(site.tree(), before);
    drop(mount);

    let state = site.host.state_folder();
    fs::create_dir_all(&state).unwrap();
    let _mount = Mount::new(&["-t", "tmpfs", "-o", "size=4k", "tmpfs"], &state);
    fs::write(state.join("fill"), vec![0; 4096]).unwrap();
    let message = fails(&site, &artifact(&config(), "new"));
    assert!(message.contains("is too full") && message.contains("caddyctl"), "{message}");
}

#[test]
fn a_read_only_folder_changes_nothing() {
    let site = Site::new();
    installed(&site);
    let folder = site.host.on_disk(Path::new("/etc/caddy"));
    let shown = folder.to_str().unwrap().to_owned();
    let mounted = can_mount("a_read_only_folder_changes_nothing (as a mount)")
        .then(|| Mount::new(&["--bind", "-o", "ro", &shown], &folder));
    if mounted.is_none() {
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    }
    let message = fails(&site, &artifact(&config(), "new"));
    assert!(message.contains("Read-only file system") || message.contains("Permission denied"), "{message}");
    assert!(message.contains("/etc/caddy/"), "{message}");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).ok();
}

#[test]
fn a_bind_mounted_file_keeps_its_inode() {
    if !can_mount("a_bind_mounted_file_keeps_its_inode") {
        return;
    }
    let site = Site::new();
    installed(&site);
    let outside = site.root.path().join("outside");
    fs::write(&outside, "# a long text that was there before\n").unwrap();
    let inside = site.host.on_disk(&site.host.caddyfile);
    let _mount = Mount::new(&["--bind", outside.to_str().unwrap()], &inside);
    let inode = fs::metadata(&outside).unwrap().ino();
    let report = deploy(&artifact(&config(), "new"), &Setup::files_only(site.host.clone()), None).unwrap();
    assert!(report.plan.to_string().contains("Caddyfile  "), "{}", report.plan);
    assert!(report.plan.to_string().contains("(in place)"), "{}", report.plan);
    assert_eq!(fs::read_to_string(&outside).unwrap(), "# new\nimport sites/*.caddy\n");
    assert_eq!(fs::metadata(&outside).unwrap().ino(), inode);
    assert_eq!(site.tree().len(), 3);
}

#[test]
fn owner_and_mode_stay() {
    let site = Site::new();
    installed(&site);
    let file = site.host.on_disk(&site.host.caddyfile);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o604)).unwrap();
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(&file, Some(12), Some(34)).unwrap();
    }
    let before = fs::metadata(&file).unwrap();
    deploy(&artifact(&config(), "new"), &Setup::files_only(site.host.clone()), None).unwrap();
    let now = fs::metadata(&file).unwrap();
    assert_eq!((now.uid(), now.gid(), now.mode()), (before.uid(), before.gid(), before.mode()));
    assert_ne!(now.ino(), before.ino(), "it was replaced in one step");
}

#[test]
fn a_file_that_is_no_longer_wanted_goes() {
    let site = Site::new();
    installed(&site);
    let mut fewer = artifact(&config(), "new");
    fewer.files[1] =
        DeployFile { path: "/etc/caddy/sites/two.caddy".into(), bytes: None, role: Role::Import };
    let report = deploy(&fewer, &Setup::files_only(site.host.clone()), None).unwrap();
    assert!(report.plan.to_string().contains("remove  /etc/caddy/sites/two.caddy"), "{}", report.plan);
    assert_eq!(site.tree().len(), 2);
}

//! What `fmt --overwrite` and `validate --fix` do to a file, apart from its text, and which files they leave alone. Where a
//! moment decides, strace stops or delays the program at the call.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::fs::{XattrFlags, getxattr, setxattr};
use tempfile::TempDir;

mod fix;

const PROGRAM: &str = env!("CARGO_BIN_EXE_caddyctl");
const NEAT: &str = "example.com {\n\trespond \"hello\"\n}\n";
const UNTIDY: &str = "example.com {\nrespond \"hello\"\n}\n";
const HIDDEN: &str = ".Caddyfile.caddyctl-new";

struct Folder(TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(TempDir::new().unwrap());
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::create_dir_all(self.at(name).parent().unwrap()).unwrap();
        fs::write(self.at(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Exit status and standard error of the program in the folder `inside`.
    fn run_in(&self, inside: &str, arguments: &[&str]) -> (i32, String) {
        let output = Command::new(PROGRAM).args(arguments).current_dir(self.at(inside)).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    fn run(&self, arguments: &[&str]) -> (i32, String) {
        self.run_in("", arguments)
    }

    /// The program under strace, which does to it what `inject` says.
    fn injected(&self, inject: &str, arguments: &[&str]) -> std::process::Child {
        Command::new("strace")
            .args(["--follow-forks", "--quiet=all", "--output=/dev/null", "--inject", inject, PROGRAM])
            .args(arguments)
            .current_dir(self.0.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

fn has_strace() -> bool {
    let status = Command::new("strace").arg("--version").stdout(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

#[test]
fn attributes_owner_and_mode_stay() {
    let folder = Folder::with(&[("Caddyfile", UNTIDY), ("again", "")]);
    let path = folder.at("Caddyfile");
    let is_root = path.metadata().unwrap().uid() == 0;
    let has_attributes = setxattr(&path, "user.note", b"mine", XattrFlags::empty()).is_ok();
    // user::rw-, user:977:rw-, group::r--, mask::rw-, other::r--
    let list: Vec<u8> =
        [(1_u16, 6_u16, u32::MAX), (2, 6, 977), (4, 4, u32::MAX), (16, 6, u32::MAX), (32, 4, u32::MAX)]
            .into_iter()
            .flat_map(|(tag, rights, id)| {
                [&tag.to_le_bytes()[..], &rights.to_le_bytes(), &id.to_le_bytes()].concat()
            })
            .collect();
    let list = [2_u32.to_le_bytes().to_vec(), list].concat();
    let has_list = setxattr(&path, "system.posix_acl_access", &list, XattrFlags::empty()).is_ok();
    if is_root {
        chown(&path, Some(977), Some(978)).unwrap();
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o6764)).unwrap();
    let expected = path.metadata().unwrap();
    let check = |name: &str| {
        let found = folder.at(name).metadata().unwrap();
        assert_eq!((found.uid(), found.gid()), (expected.uid(), expected.gid()), "{name}");
        assert_eq!(format!("{:o}", found.mode()), format!("{:o}", expected.mode()), "{name}");
        let value = |attribute: &str| {
            let mut value = vec![0; 1000];
            getxattr(folder.at(name), attribute, &mut value[..]).map(|length| value[..length].to_vec()).ok()
        };
        assert_eq!(value("user.note"), has_attributes.then(|| b"mine".to_vec()), "{name}");
        assert_eq!(value("system.posix_acl_access").is_some(), has_list, "{name}");
    };
    assert_eq!(folder.run(&["fmt", "--overwrite"]), (0, String::new()));
    assert_eq!(folder.read("Caddyfile"), NEAT);
    check("Caddyfile");
    // A file of two names is written in place.
    fs::remove_file(folder.at("again")).unwrap();
    fs::hard_link(&path, folder.at("again")).unwrap();
    let number = path.metadata().unwrap().ino();
    fs::write(&path, UNTIDY).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o6764)).unwrap();
    assert_eq!(folder.run(&["fmt", "--overwrite"]), (0, String::new()));
    assert_eq!(folder.read("again"), NEAT);
    assert_eq!(folder.at("again").metadata().unwrap().ino(), number);
    check("again");
    assert_eq!(folder.names(), ["Caddyfile", "again"]);
}

/// A folder may give new files a list of access that the old file does not have.
#[test]
fn no_attribute_comes_from_the_folder() {
    let folder = Folder::with(&[("Caddyfile", UNTIDY)]);
    let entry = |tag: u16, rights: u16, id: u32| {
        [&tag.to_le_bytes()[..], &rights.to_le_bytes(), &id.to_le_bytes()].concat()
    };
    let list = [
        2_u32.to_le_bytes().to_vec(),
        entry(1, 7, u32::MAX),
        entry(2, 7, 977),
        entry(4, 5, u32::MAX),
        entry(16, 7, u32::MAX),
        entry(32, 5, u32::MAX),
    ]
    .concat();
    if setxattr(folder.0.path(), "system.posix_acl_default", &list, XattrFlags::empty()).is_err() {
        return;
    }
    fs::set_permissions(folder.at("Caddyfile"), fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(folder.run(&["fmt", "--overwrite"]).0, 0);
    assert_eq!(folder.at("Caddyfile").metadata().unwrap().mode() & 0o7777, 0o600);
    assert!(getxattr(folder.at("Caddyfile"), "system.posix_acl_access", &mut [0; 100][..]).is_err());
}

#[test]
fn a_run_that_is_killed_leaves_a_whole_file_and_the_next_one_sweeps() {
    if !has_strace() {
        return;
    }
    for (call, left) in [("fsync", false), ("linkat", false), ("renameat", true), ("fchmod", false)] {
        let folder = Folder::with(&[("Caddyfile", UNTIDY)]);
        let arguments = ["fmt", "--overwrite", "Caddyfile"];
        folder.injected(&format!("{call}:signal=KILL:when=1"), &arguments).wait().unwrap();
        let text = folder.read("Caddyfile");
        // The kernel may carry out the call before it looks at the signal.
        assert!(text == UNTIDY || (text == NEAT && call == "renameat"), "{call}: {text}");
        let names = folder.names();
        if text == UNTIDY {
            let hidden = names.iter().any(|name| name == HIDDEN);
            assert!(names.len() == 1 || hidden && (left || call == "linkat"), "{call}: {names:?}");
            // Whatever was left, as if it were from a run that was killed.
            folder.write(HIDDEN, "left over");
        }
        assert_eq!(folder.run(&arguments), (0, String::new()), "{call}");
        assert_eq!(folder.read("Caddyfile"), NEAT);
        assert_eq!(folder.names(), ["Caddyfile"], "{call}");
    }
}

#[test]
fn a_left_over_that_is_a_link_is_removed_and_not_followed() {
    let folder = Folder::with(&[("Caddyfile", UNTIDY), ("other", "other\n")]);
    symlink("other", folder.at(HIDDEN)).unwrap();
    assert_eq!(folder.run(&["fmt", "--overwrite"]), (0, String::new()));
    assert_eq!((folder.read("Caddyfile").as_str(), folder.read("other").as_str()), (NEAT, "other\n"));
    assert_eq!(folder.names(), ["Caddyfile", "other"]);
}

/// A way in which an editor writes the file.
type Edit = fn(&Folder, &str);

#[test]
fn an_edit_that_is_made_while_it_runs_is_kept() {
    if !has_strace() {
        return;
    }
    let edited = UNTIDY.replace("hello", "HELLO");
    let in_place: Edit = |folder, text| folder.write("Caddyfile", text);
    let renamed: Edit = |folder, text| {
        folder.write("new", text);
        fs::rename(folder.at("new"), folder.at("Caddyfile")).unwrap();
    };
    for (call, names) in [("fsync", 1), ("linkat", 1), ("flistxattr", 1), ("fallocate", 2)] {
        for edit in [in_place, renamed] {
            let folder = Folder::with(&[("Caddyfile", UNTIDY)]);
            if names == 2 {
                fs::hard_link(folder.at("Caddyfile"), folder.at("again")).unwrap();
            }
            let inject = format!("{call}:delay_enter=1500000:when=1");
            let run = folder.injected(&inject, &["fmt", "--overwrite", "Caddyfile"]);
            std::thread::sleep(Duration::from_millis(800));
            edit(&folder, &edited);
            let output = run.wait_with_output().unwrap();
            let error = String::from_utf8_lossy(&output.stderr);
            assert_eq!(folder.read("Caddyfile"), edited, "{call}: {error}");
            assert_eq!(output.status.code(), Some(2), "{call}");
            assert!(error.contains("Caddyfile is not written: it changed in the meantime"), "{error}");
            assert!(error.contains("help: run the command again"), "{error}");
            assert!(!folder.at(HIDDEN).exists());
        }
    }
}

#[test]
fn links_in_a_folder_that_lead_out_of_it_are_left_alone() {
    let folder = Folder::with(&[
        ("outside/profile", UNTIDY),
        ("work/a.caddyfile", UNTIDY),
        ("work/inner/b.caddyfile", UNTIDY),
        ("work/notes", UNTIDY),
    ]);
    symlink("../outside/profile", folder.at("work/x.caddyfile")).unwrap();
    symlink(folder.at("outside/profile"), folder.at("work/inner/y.caddyfile")).unwrap();
    symlink("../x.caddyfile", folder.at("work/inner/z.caddyfile")).unwrap();
    symlink("notes", folder.at("work/n.caddyfile")).unwrap();
    symlink("../outside", folder.at("work/linked")).unwrap();
    for arguments in [&["fmt", "--check", "."][..], &["fmt", "--diff", "."], &["fmt", "--overwrite", "."]] {
        let (status, error) = folder.run_in("work", arguments);
        assert_eq!(status, 2, "{arguments:?}: {error}");
        for name in ["x.caddyfile", "inner/y.caddyfile", "inner/z.caddyfile"] {
            assert!(error.contains(&format!("error: {name} is skipped: it leads out of .")), "{error}");
        }
        assert_eq!(folder.read("outside/profile"), UNTIDY);
    }
    for name in ["work/a.caddyfile", "work/inner/b.caddyfile", "work/notes"] {
        assert_eq!(folder.read(name), NEAT, "{name}");
    }
    assert!(folder.at("work/n.caddyfile").is_symlink());
    // Who names the link means the file that it leads to.
    assert_eq!(folder.run_in("work", &["fmt", "--overwrite", "x.caddyfile"]), (0, String::new()));
    assert_eq!(folder.read("outside/profile"), NEAT);
    assert!(folder.at("work/x.caddyfile").is_symlink());
}

#[test]
fn the_file_of_the_folder_may_not_lead_out_of_the_work_tree() {
    let folder = Folder::with(&[("outside/profile", UNTIDY), ("work/.git/HEAD", "")]);
    symlink("../outside/profile", folder.at("work/Caddyfile")).unwrap();
    let (status, error) = folder.run_in("work", &["fmt", "--overwrite"]);
    assert!(status == 2 && error.contains("Caddyfile is skipped: it leads out of "), "{error}");
    assert_eq!(folder.read("outside/profile"), UNTIDY);
    // Without a work tree the folder is the limit.
    fs::remove_dir_all(folder.at("work/.git")).unwrap();
    for arguments in [&["fmt", "--overwrite"][..], &["fmt", "--check"], &["fmt"]] {
        let (status, error) = folder.run_in("work", arguments);
        assert!(status == 2 && error.contains("Caddyfile is skipped: it leads out of "), "{error}");
        assert!(error.contains("name the file that it leads to"), "{error}");
        assert_eq!(folder.read("outside/profile"), UNTIDY);
    }
    // A link inside the folder is the user's own, and so is what is named.
    fs::remove_file(folder.at("work/Caddyfile")).unwrap();
    folder.write("work/real", UNTIDY);
    symlink("real", folder.at("work/Caddyfile")).unwrap();
    assert_eq!(folder.run_in("work", &["fmt", "--overwrite"]), (0, String::new()));
    assert_eq!(folder.read("work/real"), NEAT);
    fs::remove_file(folder.at("work/Caddyfile")).unwrap();
    symlink("../outside/profile", folder.at("work/Caddyfile")).unwrap();
    assert_eq!(folder.run_in("work", &["fmt", "--overwrite", "Caddyfile"]), (0, String::new()));
    assert_eq!(folder.read("outside/profile"), NEAT);
}

#[test]
fn a_text_that_would_mean_something_else_is_not_written() {
    for text in [
        &b"a.test {\nredir x} {\n}\n"[..],
        b"a.test {\nrespond a\rb\n}\n",
        b"(a) {\nrespond a\rb\n}\nb.test {\n}\n",
    ] {
        let folder = Folder::with(&[]);
        folder.write("Caddyfile", text);
        let before = Command::new(PROGRAM).arg("adapt").current_dir(folder.0.path()).output().unwrap();
        let formatted =
            Command::new(PROGRAM).arg("fmt").current_dir(folder.0.path()).output().unwrap().stdout;
        let (status, error) = folder.run(&["fmt", "--overwrite"]);
        let shown = text.escape_ascii();
        assert_eq!(fs::read(folder.at("Caddyfile")).unwrap(), text, "{shown}: {error}");
        assert_eq!(status, 2, "{shown}");
        assert!(error.contains(": not formatted: the formatted text "), "{shown}: {error}");
        assert!(error.contains("help: "), "{error}");
        assert!(before.status.success(), "{shown} does not compile");
        assert_ne!(formatted, text);
    }
}

/// A fragment has no meaning by itself, and is formatted as Caddy does.
#[test]
fn a_fragment_is_formatted() {
    let folder = Folder::with(&[("Caddyfile", "respond   /x  ok\nhandle {\nabort\n}\n")]);
    assert_eq!(folder.run(&["fmt", "--overwrite"]), (0, String::new()));
    assert_eq!(folder.read("Caddyfile"), "respond /x ok\nhandle {\n\tabort\n}\n");
}

#[test]
fn special_files_are_refused_at_once() {
    let folder = Folder::with(&[("a.caddyfile", UNTIDY)]);
    let status =
        Command::new("mkfifo").arg(folder.at("fifo")).arg(folder.at("b.caddyfile")).status().unwrap();
    assert!(status.success());
    for arguments in [&["fmt", "--overwrite", "fifo"][..], &["fmt", "fifo"], &["fmt", "-w", "/dev/zero"]] {
        let (status, error) = folder.run(arguments);
        assert!(status == 2 && error.contains("it is not a regular file"), "{arguments:?}: {error}");
    }
    assert_eq!(folder.run(&["fmt", "--overwrite", "."]), (0, String::new()));
    assert_eq!(fs::read_to_string(Path::new(&folder.at("a.caddyfile"))).unwrap(), NEAT);
}

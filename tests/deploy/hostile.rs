//! Files that a less privileged user controls: links, FIFOs, folders, a journal, an admin API. Root is led nowhere by them,
//! does not wait for them, and shows nothing of what they point at.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, chown, lchown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use caddyctl::deploy::apart;
use caddyctl::deploy::compiler::Caddy;
use caddyctl::deploy::host::Host;
use caddyctl::deploy::owner::Reader;
use caddyctl::deploy::plan::{DeployFile, Role};
use caddyctl::source::Env;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::bench::{err, out};

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
    fn refuses(&self, said: &str) {
        for more in [&["--dry-run"][..], &["--dry-run", "--format", "json"], &[], &["--no-drop-in"]] {
            let refused = self.deploy(more);
            let all = out(&refused) + &err(&refused);
            assert_eq!(refused.status.code(), Some(2), "{more:?}: {all}");
            assert!(all.contains(said) && !all.contains("SECRET"), "{more:?}: {all}");
        }
        assert_eq!(fs::read_to_string(self.path("victim")).unwrap(), "SECRET of root\n");
    }
}

pub fn fifo(path: &Path) {
    let _ = fs::remove_file(path);
    mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o666), 0).unwrap();
}

#[test]
fn a_link_of_another_user_is_refused() {
    let Some(scene) = Scene::new("a_link_of_another_user_is_refused") else { return };
    let caddyfile = scene.path("root/etc/caddy/Caddyfile");
    fs::rename(scene.path("victim"), scene.path("root/victim")).unwrap();
    symlink("root/victim", scene.path("victim")).unwrap();
    symlink("../../victim", &caddyfile).unwrap();
    lchown(&caddyfile, Some(USER), None).unwrap();
    scene.refuses("/etc/caddy/Caddyfile belongs to user 977, who could lead this to any file");
    scene.refuses("or make the link root's: `chown -h root: ");
    lchown(&caddyfile, Some(0), None).unwrap();
    let deployed = scene.deploy(&["--no-drop-in"]);
    assert!(deployed.status.success(), "{}", err(&deployed));
    assert!(fs::read_to_string(scene.path("root/victim")).unwrap().starts_with("import sites/*"));
    assert!(caddyfile.is_symlink());
}

#[test]
fn a_folder_that_is_a_link_of_another_user_is_refused() {
    for folder in ["etc/caddy/sites", "etc/systemd/system", "usr/local/bin", "var/lib"] {
        let Some(scene) = Scene::new("a_folder_that_is_a_link_of_another_user_is_refused") else { return };
        fs::create_dir(scene.path("root/elsewhere")).unwrap();
        let link = scene.path("root").join(folder);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink("/elsewhere", &link).unwrap();
        lchown(&link, Some(USER), None).unwrap();
        let refused = scene.deploy(&[]);
        assert_eq!(refused.status.code(), Some(2), "{folder}: {}{}", out(&refused), err(&refused));
        assert!(err(&refused).contains("belongs to user 977"), "{folder}: {}", err(&refused));
        assert_eq!(fs::read_dir(scene.path("root/elsewhere")).unwrap().count(), 0, "{folder}");
        assert!(!scene.path("root/etc/caddy/Caddyfile").exists(), "{folder}");
    }
}

#[test]
fn a_second_name_of_another_users_file_is_refused() {
    let Some(scene) = Scene::new("a_second_name_of_another_users_file_is_refused") else { return };
    fs::hard_link(scene.path("victim"), scene.path("root/etc/caddy/Caddyfile")).unwrap();
    chown(scene.path("root/etc/caddy"), Some(USER), None).unwrap();
    scene.refuses("it has other names (hard links)");
}

#[test]
fn a_root_is_never_left() {
    for (link, to) in [
        ("etc/caddy/Caddyfile", "OUTSIDE/victim"),
        ("etc/caddy/Caddyfile", "../../../outside/victim"),
        ("etc/caddy/sites", "OUTSIDE"),
        ("etc/caddy", "OUTSIDE"),
        ("etc", "OUTSIDE"),
        ("etc/systemd", "OUTSIDE"),
        ("etc/systemd/system/caddy.service.d", "OUTSIDE"),
        ("usr/local/bin", "OUTSIDE"),
        ("usr/local/bin/caddyctl", "OUTSIDE/victim"),
        ("var", "../../outside"),
        ("var/lib", "OUTSIDE"),
        ("var/lib/caddyctl", "OUTSIDE"),
        ("etc/passwd", "OUTSIDE/victim"),
        ("etc/group", "OUTSIDE/group"),
    ] {
        let Some(scene) = Scene::new("a_root_is_never_left") else { return };
        let outside = scene.path("outside");
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("victim"), "SECRET of root\n").unwrap();
        fs::write(outside.join("group"), "caddy:x:4321:\n").unwrap();
        fs::write(outside.join("one"), "SECRET\n").unwrap();
        let at = scene.path("root").join(link);
        let _ = fs::remove_dir_all(&at);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        symlink(to.replace("OUTSIDE", outside.to_str().unwrap()), &at).unwrap();
        for words in
            [&["deploy", "repo/Caddyfile"][..], &["status"], &["doctor"], &["recover"], &["uninstall"]]
        {
            // The program is large, and takes its time to be installed.
            let is_of_units = words[0] != "deploy" || link.starts_with("usr") || link.contains("systemd");
            let ran = scene.run(&[words, if is_of_units { &[] } else { &["--no-drop-in"] }].concat());
            let all = out(&ran) + &err(&ran);
            assert!(ran.status.code().is_some() && !all.contains("SECRET"), "{link} {words:?}: {all}");
        }
        let mut left: Vec<_> =
            fs::read_dir(&outside).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["group", "one", "victim"], "{link}");
        assert_eq!(fs::read_to_string(outside.join("victim")).unwrap(), "SECRET of root\n", "{link}");
        if let Ok(installed) = fs::metadata(scene.path("root/etc/caddy/Caddyfile")) {
            assert_ne!(installed.gid(), 4321, "{link}");
        }
    }
}

#[test]
fn a_root_may_be_missing_and_may_be_a_link() {
    let Some(scene) = Scene::new("a_root_may_be_missing_and_may_be_a_link") else { return };
    symlink("real", scene.path("link")).unwrap();
    for (root, real) in [("root/../new/image", "new/image"), ("link", "real")] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
        let command = command.args(["deploy", "repo/Caddyfile", "--no-drop-in", "--root", root]);
        let done = command.current_dir(scene.folder.path()).output().unwrap();
        assert!(done.status.success(), "{root}: {}", err(&done));
        assert!(scene.path(real).join("etc/caddy/Caddyfile").exists(), "{root}");
    }
}

#[test]
fn a_root_is_not_reached_over_a_link_of_another_user() {
    let Some(scene) = Scene::new("a_root_is_not_reached_over_a_link_of_another_user") else { return };
    fs::create_dir(scene.path("elsewhere")).unwrap();
    symlink("elsewhere", scene.path("link")).unwrap();
    symlink("link", scene.path("own")).unwrap();
    lchown(scene.path("link"), Some(USER), None).unwrap();
    for root in ["link", "link/image", "own", "own/image"] {
        for words in [&["deploy", "repo/Caddyfile", "--no-drop-in"][..], &["recover"], &["uninstall"]] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
            let ran = command.args(words).args(["--root", root]).current_dir(scene.folder.path()).output();
            let ran = ran.unwrap();
            assert_eq!(ran.status.code(), Some(2), "{root} {words:?}: {}", err(&ran));
            let said = "/link belongs to user 977, who could lead this to any file\nhelp: name the folder itself: --root /";
            assert!(err(&ran).contains(said), "{root} {words:?}: {}", err(&ran));
        }
    }
    assert_eq!(fs::read_dir(scene.path("elsewhere")).unwrap().count(), 0);
}

#[test]
fn special_files_stop_no_command() {
    for name in [
        "etc/caddy/Caddyfile",
        "etc/caddy/sites/one",
        "etc/caddy/checks.toml",
        "etc/systemd/system/caddy.service.d/override.conf",
        "usr/local/bin/caddyctl",
        "etc/passwd",
        "etc/group",
        "var/lib/caddyctl/lock",
        "var/lib/caddyctl/journal.json",
        "var/lib/caddyctl/history/RECORD/record.json",
        "var/lib/caddyctl/history/RECORD/1",
    ] {
        let Some(scene) = Scene::new("special_files_stop_no_command") else { return };
        let is_of_units = name.starts_with("usr") || name.contains("systemd");
        let units: &[&str] = if is_of_units { &[] } else { &["--no-drop-in"] };
        let first = scene.deploy(units);
        assert!(first.status.success(), "{}", err(&first));
        let history = scene.path("root/var/lib/caddyctl/history");
        let record = fs::read_dir(&history).unwrap().next().unwrap().unwrap().file_name();
        let path = scene.path("root").join(name.replace("RECORD", record.to_str().unwrap()));
        fifo(&path);
        fs::write(scene.path("repo/Caddyfile"), ":80 {\n\timport sites/*\n\trespond ho\n}\n").unwrap();
        fs::write(scene.path("repo/sites/one"), "header a b\n").unwrap();
        for words in [
            &["status"][..],
            &["history"],
            &["doctor"],
            &["confirm"],
            &["recover"],
            &["rollback", "0", "--no-drop-in"],
            &["diff", "repo/Caddyfile"],
            &["deploy", "repo/Caddyfile", "--timeout", "5s"],
            &["uninstall"],
        ] {
            let begun = Instant::now();
            let ran = scene.run(&[words, if words[0] == "deploy" { units } else { &[] }].concat());
            let all = out(&ran) + &err(&ran);
            assert!(ran.status.code().is_some_and(|code| code < 3), "{name} {words:?}: {} {all}", ran.status);
            assert!(begun.elapsed() < Duration::from_secs(20), "{name} {words:?}: {:?}", begun.elapsed());
        }
    }
}

#[test]
fn a_special_file_in_the_source_is_refused() {
    let Some(scene) = Scene::new("a_special_file_in_the_source_is_refused") else { return };
    for name in
        ["repo/checks.toml", "repo/sites/one", "repo/systemd/caddy.service.d/override.conf", "repo/Caddyfile"]
    {
        fs::create_dir_all(scene.path(name).parent().unwrap()).unwrap();
        fifo(&scene.path(name));
        let ran = scene.deploy(&[]);
        assert!(ran.status.code().is_some(), "{name}: {}", err(&ran));
    }
}

#[test]
fn a_state_folder_of_another_user_is_refused() {
    let Some(scene) = Scene::new("a_state_folder_of_another_user_is_refused") else { return };
    let state = scene.path("root/var/lib/caddyctl");
    fs::create_dir_all(&state).unwrap();
    chown(&state, Some(USER), None).unwrap();
    let refused = scene.deploy(&[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("var/lib/caddyctl: it belongs to user 977"), "{}", err(&refused));
    assert_eq!(fs::read_dir(&state).unwrap().count(), 0);
    fs::remove_dir(&state).unwrap();
    fs::DirBuilder::new().mode(0o777).create(&state).unwrap();
    fs::set_permissions(&state, fs::Permissions::from_mode(0o777)).unwrap();
    assert!(scene.deploy(&[]).status.success());
    assert_eq!(fs::metadata(&state).unwrap().mode() & 0o777, 0o700);
}

#[test]
fn a_journal_in_an_image_names_only_files_of_the_image() {
    let Some(scene) = Scene::new("a_journal_in_an_image_names_only_files_of_the_image") else { return };
    assert!(scene.deploy(&[]).status.success());
    let planted = scene.path("root/planted");
    fs::write(&planted, "planted\n").unwrap();
    let digest = |text: &str| caddyctl::deploy::digest::Digest::of(text.as_bytes());
    for target in [scene.path("victim"), scene.path("root/../victim")] {
        let journal = serde_json::json!({
            "id": "x", "phase": "committing", "started": "", "admin": [], "moved": null,
            "old_config": null, "new_config": digest(""), "created": [], "pointer": null,
            "staging": [scene.path("victim")], "daemon_reload": false,
            "confirm_until": null,
            "entries": [{
                "role": "import", "target": target, "next": planted, "prev": planted,
                "old": digest("SECRET of root\n"), "new": digest("planted\n"), "in_place": false,
            }],
        });
        let path = scene.path("root/var/lib/caddyctl/journal.json");
        fs::write(path, journal.to_string()).unwrap();
        for words in [&["recover"][..], &["deploy", "repo/Caddyfile"]] {
            let refused = scene.run(words);
            assert_eq!(refused.status.code(), Some(2), "{}{}", out(&refused), err(&refused));
            assert!(err(&refused).contains("which does not lie below the root"), "{}", err(&refused));
        }
        assert_eq!(fs::read_to_string(scene.path("victim")).unwrap(), "SECRET of root\n");
    }
}

#[test]
fn a_folder_that_the_service_can_change_is_a_warning() {
    let Some(scene) = Scene::new("a_folder_that_the_service_can_change_is_a_warning") else { return };
    fs::write(scene.path("root/etc/passwd"), format!("caddy:x:{USER}:{USER}::/:\n")).unwrap();
    let well = scene.deploy(&["--dry-run"]);
    assert!(!err(&well).contains("warning"), "{}", err(&well));
    chown(scene.path("root/etc/caddy"), Some(USER), None).unwrap();
    let warned = scene.deploy(&[]);
    assert!(warned.status.success(), "{}", err(&warned));
    assert!(
        err(&warned).contains("warning: the service's user (number 977) can change the folder /etc/caddy"),
        "{}",
        err(&warned)
    );
}

/// The calls of a deploy and of all that follows it, which change something below the root.
fn changes(scene: &Scene, words: &[&str]) -> Vec<String> {
    let log = scene.path("strace");
    let calls = "trace=openat,open,creat,mkdir,mkdirat,rmdir,unlink,unlinkat,rename,renameat,renameat2,link,linkat,symlink,\
                 symlinkat,chmod,fchmod,fchmodat,chown,lchown,fchown,fchownat,truncate";
    let ran = Command::new("strace")
        .args([
            "--follow-forks",
            "--quiet=all",
            "--decode-fds=path",
            "--string-limit=300",
            "-e",
            calls,
            "--output",
        ])
        .arg(&log)
        .args(["sh", "-c", "umask 000; exec \"$@\"", "sh"])
        .arg(env!("CARGO_BIN_EXE_caddyctl"))
        .args(words)
        .args(["--root", "root"])
        .current_dir(scene.folder.path())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{words:?}: {}{}", out(&ran), err(&ran));
    let log = fs::read_to_string(log).unwrap();
    let is_change = |line: &&str| {
        let call = line.split_once(' ').map_or("", |(_, call)| call.trim_start());
        !call.starts_with("open") || ["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|flag| call.contains(flag))
    };
    let here = scene.path("root").canonicalize().unwrap();
    let is_below = |line: &&str| {
        (line.contains(here.to_str().unwrap()) || line.contains("caddyctl-ask-")) && !line.contains("/dev/")
    };
    log.lines().filter(is_change).filter(is_below).map(str::to_owned).collect()
}

/// A race is not won by luck where every call works on a descriptor and follows no link.
#[test]
fn every_change_is_made_through_a_descriptor() {
    let Some(scene) = Scene::new("every_change_is_made_through_a_descriptor") else { return };
    if !Command::new("strace").arg("--version").stdout(Stdio::null()).status().is_ok_and(|s| s.success()) {
        let _ =
            writeln!(std::io::stderr(), "NOT RUN: every_change_is_made_through_a_descriptor needs strace");
        return;
    }
    let caddy = crate::caddy::binary();
    let caddy = caddy.to_str().unwrap();
    let first = changes(&scene, &["deploy", "repo/Caddyfile", "--caddy", caddy]);
    fs::write(scene.path("repo/Caddyfile"), "import sites/*\n\n:81 {\n\timport answer\n}\n").unwrap();
    fs::write(scene.path("repo/sites/one"), "(answer) {\n\trespond ho\n}\n").unwrap();
    let second = changes(&scene, &["deploy", "repo/Caddyfile", "--caddy", caddy]);
    let gone = changes(&scene, &["uninstall"]);
    assert!(first.len() > 20 && second.len() > 20 && gone.len() > 2, "strace saw too little");
    for line in first.iter().chain(&second).chain(&gone) {
        let call = line.split_once(' ').unwrap().1.trim_start();
        let (name, arguments) = call.split_once('(').unwrap();
        match name {
            "mkdirat" => assert!(call.contains(", 0700)"), "{line}"),
            "openat" if call.contains("O_CREAT") => {
                let is_new = call.contains("O_EXCL") || call.contains("\"lock\"");
                assert!(is_new && call.contains("O_NOFOLLOW") && call.contains(", 0600)"), "{line}");
            }
            "openat" => assert!(call.contains("O_NOFOLLOW"), "{line}"),
            "fchmod" | "fchown" | "renameat" | "unlinkat" => {}
            _ => panic!("a call with a path: {line}"),
        }
        assert!(!arguments.contains("AT_FDCWD"), "{line}");
        let names = arguments.split('"').skip(1).step_by(2);
        assert!(names.into_iter().all(|name| !name.contains('/')), "{line}");
    }
}

/// What a program that stands for Caddy tells of itself.
const TELLS: &str = r#"#!/bin/sh
folder=$(dirname "$3")
files=$(cd "$folder" && find . -exec stat -c '%n %u:%g %a' {} + | sort | tr '\n' ';')
touch "$folder/x" "$folder/sites/x" "$folder/Caddyfile" 2>/dev/null && wrote=yes
stat=$(cat /proc/$$/stat); stat=${stat##*) }; set -- $stat
text=$(cat "$folder/Caddyfile" "$folder/sites/one" | wc -c)
fds=$(ls -l /proc/$$/fd | grep -c victim)
status=$(grep -E '^(Uid|Gid|Groups|NoNewPrivs|CapEff):' /proc/$$/status | tr -s '\t ' ' ' | tr '\n' ';')
printf '{"files":"%s","wrote":"%s","session":"%s","self":"%s","terminal":"%s","text":"%s","fds":"%s","status":"%s","pwd":"%s","env":"%s"}' \
  "$files" "$wrote" "$4" "$$" "$5" "$text" "$fds" "$status" "$(pwd)" "$(env | grep -v '^_=\|^PWD=\|^SHLVL=' | sort | tr '\n' ';')"
"#;

#[test]
fn caddy_is_asked_apart_and_in_a_folder_of_root() {
    let Some(scene) = Scene::new("caddy_is_asked_apart_and_in_a_folder_of_root") else { return };
    let program = scene.path("tells");
    fs::write(&program, TELLS).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let copy = scene.path("caddyctl");
    fs::copy(env!("CARGO_BIN_EXE_caddyctl"), &copy).unwrap();
    let env: Env = [("PATH", "/usr/bin:/bin"), ("LD_PRELOAD", "/nowhere/evil.so")].into_iter().collect();
    let user = Reader { uid: USER, gids: vec![USER, 4321] };
    let caddy = Caddy {
        program,
        env: &env,
        user: Some(&user),
        launcher: &copy,
        within: Duration::from_secs(20),
        memory: 1 << 20,
    };
    let file = |name: &str, role, text: &str| DeployFile {
        path: Path::new("/etc/caddy").join(name),
        bytes: Some(text.into()),
        role,
    };
    let files =
        [file("sites/one", Role::Import, "12345"), file("Caddyfile", Role::Caddyfile, "import sites/*\n")];
    // A descriptor that whoever started this left open.
    let left_open = fs::File::open(scene.path("victim")).unwrap();
    rustix::io::fcntl_setfd(&left_open, rustix::io::FdFlags::empty()).unwrap();
    let told = caddy.adapt_files(&files, &Host::new("/"), Path::new("/run"));
    let told = told.unwrap_or_else(|error| panic!("{error}"));
    let word = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        word("files"),
        ". 0:977 750;./Caddyfile 0:977 640;./sites 0:977 750;./sites/one 0:977 640;",
        "root's, and readable for the group"
    );
    assert_eq!((word("wrote"), word("text")), (String::new(), "20".to_owned()));
    assert_eq!(word("session"), word("self"), "it leads a session: {told}");
    assert_eq!((word("terminal"), word("pwd")), ("0".to_owned(), "/".to_owned()), "{told}");
    assert_eq!(word("fds"), "0", "{told}");
    let plain = Command::new("sh").args(["-c", "ls -l /proc/$$/fd"]).output().unwrap();
    assert!(out(&plain).contains("victim"), "a child that is not started apart has it: {}", out(&plain));
    let status = word("status");
    assert!(status.contains("Uid: 977 977 977 977;Gid: 977 977 977 977;Groups: ;"), "{status}");
    assert!(status.contains("CapEff: 0000000000000000;NoNewPrivs: 1;"), "{status}");
    assert_eq!(word("env"), "LD_PRELOAD=/nowhere/evil.so;PATH=/usr/bin:/bin;");
    let left = fs::read_dir("/run").unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap());
    let ours = format!("caddyctl-ask-{}-", std::process::id());
    assert_eq!(left.filter(|name| name.starts_with(&ours)).count(), 0);
}

#[test]
fn the_folder_of_a_killed_deploy_is_removed_and_another_users_is_not() {
    let Some(scene) = Scene::new("the_folder_of_a_killed_deploy_is_removed_and_another_users_is_not") else {
        return;
    };
    let scratch = scene.path("scratch");
    for name in ["caddyctl-ask-4194304000-a", "caddyctl-ask-4194304000-b"] {
        fs::create_dir_all(scratch.join(name)).unwrap();
        symlink(scene.path("repo"), scratch.join(name).join("link")).unwrap();
    }
    chown(scratch.join("caddyctl-ask-4194304000-b"), Some(USER), None).unwrap();
    let env = Env::empty();
    let caddy = Caddy {
        program: "/bin/false".into(),
        env: &env,
        user: None,
        launcher: Path::new(env!("CARGO_BIN_EXE_caddyctl")),
        within: Duration::from_secs(20),
        memory: 1 << 20,
    };
    assert!(caddy.adapt_files(&[], &Host::new("/"), &scratch).is_err());
    let left: Vec<_> = fs::read_dir(&scratch).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["caddyctl-ask-4194304000-b"]);
    assert!(scene.path("repo/Caddyfile").exists());
}

#[test]
fn the_program_starts_another_one_also_when_it_was_replaced() {
    let Some(scene) = Scene::new("the_program_starts_another_one_also_when_it_was_replaced") else { return };
    let copy = scene.path("caddyctl");
    fs::copy(env!("CARGO_BIN_EXE_caddyctl"), &copy).unwrap();
    // The first `caddy` that is asked replaces the program; the next one is started all the same.
    let caddy = crate::caddy::binary();
    let script = format!(
        "#!/bin/sh\nrm -f {0} && echo broken > {0}\nexec {1} \"$@\"\n",
        copy.display(),
        caddy.display()
    );
    let program = scene.path("replaces");
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = Command::new(&copy);
    command
        .args(["deploy", "repo/Caddyfile", "--root", "root", "--compiler", "caddy", "--caddy"])
        .arg(&program);
    let done = command.current_dir(scene.folder.path()).output().unwrap();
    assert!(done.status.success(), "{}{}", out(&done), err(&done));
    // The program that was started is what is installed for the heartbeat.
    let installed = fs::read(scene.path("root/usr/local/bin/caddyctl")).unwrap();
    assert!(installed == fs::read(env!("CARGO_BIN_EXE_caddyctl")).unwrap());
}

#[test]
fn the_word_that_starts_another_program_is_for_the_program_itself() {
    let ran = Command::new(env!("CARGO_BIN_EXE_caddyctl"))
        .args([apart::WORD, "1", "-", "/bin/true"])
        .output()
        .unwrap();
    assert_eq!((ran.status.code(), err(&ran).as_str()), (Some(126), "the parent is gone\n"));
}

/// An admin API whose socket belongs to another user; tells whether it was asked, and whether it was sent anything.
fn admin_of_another_user() -> (u16, Arc<AtomicBool>, Arc<AtomicBool>) {
    let (say, hear) = std::sync::mpsc::channel();
    let (asked, posted) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (heard, seen) = (Arc::clone(&asked), Arc::clone(&posted));
    std::thread::spawn(move || {
        // Of this thread alone.
        let user = rustix::process::Uid::from_raw(USER);
        rustix::thread::set_thread_res_uid(None, user, None).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        say.send(listener.local_addr().unwrap().port()).unwrap();
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 2048];
            let read = stream.read(&mut head).unwrap_or(0);
            heard.store(true, Ordering::SeqCst);
            if head[..read].starts_with(b"POST") {
                seen.store(true, Ordering::SeqCst);
            }
            let body = "{\"apps\":{\"http\":{}}}";
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    (hear.recv().unwrap(), asked, posted)
}

#[test]
fn nothing_is_sent_to_the_admin_api_of_another_user() {
    let Some(scene) = Scene::new("nothing_is_sent_to_the_admin_api_of_another_user") else { return };
    let (port, asked, posted) = admin_of_another_user();
    let admin = format!("127.0.0.1:{port}");
    for more in [&["--dry-run"][..], &[], &["--no-drop-in", "--force"]] {
        let refused = scene.deploy(&[&["--admin", &admin], more].concat());
        assert_eq!(refused.status.code(), Some(2), "{}", err(&refused));
        let said = "belongs to user 977, and neither to root nor to the service's user";
        assert!(err(&refused).contains(said) && err(&refused).contains("--admin-user"), "{}", err(&refused));
    }
    let status = scene.run(&["status", "--admin", &admin]);
    assert!(out(&status).contains("belongs to user 977"), "{}", out(&status));
    assert!(!asked.load(Ordering::SeqCst), "what it answers can be anything");
    assert!(!posted.load(Ordering::SeqCst) && !scene.path("root/etc/caddy/Caddyfile").exists());
    scene.deploy(&["--admin", &admin, "--admin-user", "977", "--timeout", "5s"]);
    assert!(posted.load(Ordering::SeqCst));
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

#[test]
fn special_files_of_a_service_stop_no_command() {
    let Some(scene) = Scene::new("special_files_of_a_service_stop_no_command") else { return };
    fs::write(scene.path("repo/Caddyfile"), "http://a.test {\n\trespond ho\n}\n").unwrap();
    let commands = "for words in status doctor history confirm recover 'deploy repo/Caddyfile --dry-run' \
                    'rollback --dry-run'; do timeout --signal=KILL 20 \"$CADDYCTL\" $words --compiler caddyctl \
                    >/tmp/out.$$ 2>&1; echo \"$words: $?\"; cat /tmp/out.$$; done; rm -f /tmp/out.$$";
    let commands = commands.replace("history", "'history'");
    let plain = with_service(&scene, &commands);
    assert!(out(&plain).contains("deploy repo/Caddyfile --dry-run: 0\n"), "{}{}", out(&plain), err(&plain));
    for (path, deploys, said) in [
        ("/run/home/.config/caddy/autosave.json", 0, "this is what a deploy would do"),
        ("/run/site/env", 2, "cannot read the environment file /run/site/env: it is not a regular file"),
        ("/run/site/Caddyfile", 2, "cannot replace /run/site/Caddyfile: it is not a regular file"),
        (
            "/run/home/.local/share/caddy/certificates/x/a.test/a.test.crt",
            0,
            "this is what a deploy would do",
        ),
    ] {
        for plant in ["mkfifo PATH", "ln -s /dev/zero PATH", "ln -s /proc/kmsg PATH"] {
            let plant = format!("rm -f PATH; {plant}; chown -h 1:1 PATH; ").replace("PATH", path);
            let ran = with_service(&scene, &(plant.clone() + &commands));
            let all = out(&ran);
            assert!(!all.contains(": 137\n") && !all.contains(": 124\n"), "{plant} {all}");
            assert!(all.contains(&format!("deploy repo/Caddyfile --dry-run: {deploys}\n")), "{plant} {all}");
            assert!(all.contains("recover: 0\n") && all.contains("confirm: 1\n"), "{plant} {all}");
            assert!(!plant.starts_with("mkfifo") || all.contains(said), "{plant} {all}");
        }
    }
}

//! The host's Caddy, which is asked as the service's user and in a session of its own.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use caddyctl_deploy::artifact::{DeployFile, Role};
use caddyctl_deploy::compiler::Caddy;
use caddyctl_deploy::files::host::Host;
use caddyctl_deploy::files::owner::Reader;
use caddyctl_deploy::process::apart;
use caddyctl_language::source::Env;

use super::{Scene, USER};
use crate::deploy::bench::{err, out};

/// What a program that stands for Caddy reports about itself.
const REPORTS: &str = r#"#!/bin/sh
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
    fs::write(&program, REPORTS).unwrap();
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
    let report = caddy.adapt_files(&files, &Host::new("/"), Path::new("/run"));
    let report = report.unwrap_or_else(|error| panic!("{error}"));
    let word = |name: &str| report[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        word("files"),
        ". 0:977 750;./Caddyfile 0:977 640;./sites 0:977 750;./sites/one 0:977 640;",
        "root's, and readable for the group"
    );
    assert_eq!((word("wrote"), word("text")), (String::new(), "20".to_owned()));
    assert_eq!(word("session"), word("self"), "it leads a session: {report}");
    assert_eq!((word("terminal"), word("pwd")), ("0".to_owned(), "/".to_owned()), "{report}");
    assert_eq!(word("fds"), "0", "{report}");
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
    let caddy = crate::support::caddy::binary();
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

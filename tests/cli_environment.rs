//! `validate` with other environments than the caller's, and again on each change.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_caddyctl");

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.arg("validate").args(args).current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

#[test]
fn each_error_has_the_environments_in_which_it_occurs() {
    let folder = folder(&[
        ("Caddyfile", "{$SITE} {\n\treverse_proxy {$UPSTREAM}\n\trespnd ok\n}\n"),
        ("staging.env", "SITE=staging.example.com\nUPSTREAM=localhost:1\n"),
        ("production.env", "SITE=example.com\n"),
    ]);
    let sets = ["--env-set", "staging=staging.env", "--env-set", "production=production.env"];
    let out = command(folder.path(), &[&sets[..], &["--format", "concise"]].concat()).output().unwrap();
    assert_eq!(out.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(out.stdout).unwrap(),
        "Caddyfile:2:16: warning[E0006]: the variable `UPSTREAM` is not set and has no default (in production)\n\
         Caddyfile:3:2: error[E0201]: unknown directive `respnd` (in every environment)\n\
         1 error, 1 warning in Caddyfile\n"
    );
    for wrong in ["staging", "=x", "x="] {
        assert_eq!(
            command(folder.path(), &["--env-set", wrong]).status().unwrap().code(),
            Some(2),
            "{wrong}"
        );
    }
}

/// The unit is a program that answers as `systemctl show` does, to have a file that cannot be read.
#[cfg(feature = "deploy")]
#[test]
fn a_services_environment_and_what_of_it_cannot_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[
        ("Caddyfile", "{$SITE} {\n\treverse_proxy {$UPSTREAM} {$CALLER:localhost:2}\n}\n"),
        ("env.d/a.env", "UPSTREAM=\"localhost:1\"\n"),
    ]);
    let here = folder.path().display().to_string();
    let shown = format!(
        "#!/bin/sh\necho LoadState=loaded\necho Environment=SITE=example.com\n\
         echo 'EnvironmentFiles={here}/env.d/*.env (ignore_errors=no)'\n\
         echo 'EnvironmentFiles={here}/missing (ignore_errors=no)'\n\
         echo 'EnvironmentFiles={here}/optional (ignore_errors=yes)'\n"
    );
    let systemctl = folder.path().join("systemctl");
    fs::write(&systemctl, shown).unwrap();
    fs::set_permissions(&systemctl, PermissionsExt::from_mode(0o755)).unwrap();
    let mut command = command(folder.path(), &["--service", "caddy"]);
    let out =
        command.env("PATH", format!("{here}:/usr/bin:/bin")).env("CALLER", "a/b/c://").output().unwrap();
    let (text, notes) = (String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap());
    assert_eq!((out.status.code(), text.as_str()), (Some(0), "no findings in Caddyfile\n"), "{notes}");
    assert_eq!(
        notes,
        format!(
            "note: none of the environment files of caddy.service exists: {here}/missing; variables that caddy.service sets there count as unset\n"
        )
    );
}

struct Watching(Child);

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn watching_checks_again_on_each_change_and_ends_with_the_last_verdict() {
    let folder = folder(&[
        ("Caddyfile", "{$SITE} {\n\timport sites/*.caddy\n}\n"),
        ("sites/a.caddy", "respond ok\n"),
        (".env", "SITE=http://localhost\n"),
    ]);
    let out = folder.path().join("out");
    let child = command(folder.path(), &["--watch", "--format", "concise", "--envfile", ".env"])
        .stdout(fs::File::create(&out).unwrap())
        .spawn()
        .unwrap();
    let mut watching = Watching(child);
    let wait_for = |wanted: &str, times: usize| {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let text = fs::read_to_string(&out).unwrap();
            if text.matches(wanted).count() >= times {
                return;
            }
            assert!(Instant::now() < end, "no {times} times `{wanted}` in:\n{text}");
            sleep(Duration::from_millis(20));
        }
    };
    wait_for("no findings in Caddyfile", 1);
    fs::write(folder.path().join("sites/b.caddy"), "respnd ok\n").unwrap();
    wait_for("sites/b.caddy:1:1: error[E0201]", 1);
    fs::write(folder.path().join("sites/b.caddy"), "encode gzip\n").unwrap();
    wait_for("no findings in Caddyfile", 2);
    fs::write(folder.path().join(".env"), "SITE=ftp://localhost\n").unwrap();
    wait_for("Caddyfile:1:1: error[E0101]", 1);
    let pid = Pid::from_child(&watching.0);
    kill_process(pid, Signal::INT).unwrap();
    assert_eq!(watching.0.wait().unwrap().code(), Some(1));
}

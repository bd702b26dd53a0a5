//! The Debian package: installed, upgraded, removed and purged, with and without a running watchdog.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::container::{Container, boot, say};
use crate::site::{answer, write};

const UNIT: &str = "/etc/systemd/system/caddy-watchdog.service";
const COPY: &str = "/usr/local/bin/caddyctl";

pub fn owns_the_program() {
    let container = boot("package");
    let folder = tempfile::tempdir().unwrap();
    for (version, name) in [("1.0-1", "old.deb"), ("1.0-2", "new.deb")] {
        container.copy(&package(folder.path(), version), &format!("/opt/{name}"));
    }
    write(&container, "v0");
    a_copy_of_a_deploy_gives_way(&container);
    // From here on only the package has the program.
    container.ok("rm /opt/caddyctl; hash -r");
    an_upgrade_restarts_what_runs(&container);
    a_removal_leaves_no_unit(&container);
    an_unfinished_deploy_keeps_the_program(&container);
    without_history_or_systemd(&container);
    two_units_and_a_caddy_that_is_gone(&container);
    a_purge_takes_the_history(&container);
    say("package: install, upgrade, removal and purge on a real systemd: no unit without its program\n");
}

/// A package of the program of this build.
fn package(folder: &Path, version: &str) -> PathBuf {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/deb/build");
    let out = folder.join(version);
    let built = Command::new(script)
        .args([Path::new(env!("CARGO_BIN_EXE_caddyctl")), &out])
        .args(["--fast", "--deb-version", version])
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let files = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "deb")).last().unwrap()
}

fn main_pid(container: &Container, unit: &str) -> String {
    container.property(unit, "MainPID")
}

/// No unit, and no file that a unit reads, names the program or the watchdog.
fn assert_no_unit(container: &Container) {
    let found = container.run("grep -rlE '^[^#]*(caddyctl|-watchdog)|^WatchdogSec' /etc/systemd/system");
    assert_eq!((found.status, &found.text[..]), (1, ""), "{}", found.text);
    assert_eq!(container.run("systemctl is-active caddy-watchdog").text.trim(), "inactive");
    assert_eq!(container.property("caddy", "WatchdogUSec"), "0");
    assert_eq!(container.property("caddy", "Upholds"), "");
}

/// What an earlier deploy installed is replaced by the program of the package.
fn a_copy_of_a_deploy_gives_way(container: &Container) {
    let done = container.ok("caddyctl deploy");
    assert!(done.contains(&format!("create  {COPY}")), "{done}");
    let installed = container.ok("dpkg -i /opt/old.deb");
    assert!(
        installed.contains("a shell finds /usr/local/bin/caddyctl before /usr/bin/caddyctl"),
        "{installed}"
    );
    container.ok("test -e /usr/share/man/man1/caddyctl-deploy.1.gz && test -e /usr/share/bash-completion/completions/caddyctl");
    assert_eq!(container.ok("dpkg -V caddyctl"), "");
    // The copy itself deploys, and hands over; with a timer that needs a program later.
    write(container, "v1");
    let done = container.ok(&format!("{COPY} deploy --confirm 60s"));
    assert!(done.contains(&format!("remove  {COPY}")), "{done}");
    container.ok("/usr/bin/caddyctl confirm");
    assert!(container.run(&format!("ls {COPY}")).status != 0);
    container.ok(&format!("grep -q '^ExecStart=/usr/bin/caddyctl watchdog --unit caddy.service' {UNIT}"));
    assert_eq!((answer(container), container.property("caddy", "WatchdogUSec")), ("v1".into(), "30s".into()));
    container.ok("caddyctl status");
    // Nobody confirms: the copy and the old unit come back, and go again.
    container.ok("caddyctl uninstall; dpkg -r caddyctl; caddyctl deploy; dpkg -i /opt/old.deb");
    write(container, "v2");
    container.ok("caddyctl deploy --confirm 2s");
    container
        .await_ok(&format!("test -e {COPY} && grep -q '^ExecStart={COPY} ' {UNIT}"), Duration::from_secs(20));
    container.await_ok("caddyctl status", Duration::from_secs(20));
    assert_eq!(answer(container), "v1");
    let done = container.ok("caddyctl deploy");
    assert!(done.contains(&format!("remove  {COPY}")), "{done}");
    // One that the operator put there stays, and is named.
    container.ok(&format!("cp /usr/bin/true {COPY}"));
    write(container, "v3");
    let done = container.ok("/usr/bin/caddyctl deploy");
    assert!(
        done.contains(&format!("note: {COPY} stays, and a shell finds it before /usr/bin/caddyctl")),
        "{done}"
    );
    container.ok(&format!("cmp /usr/bin/true {COPY}; rm {COPY}"));
}

/// Only a watchdog that runs is restarted. Caddy goes on with the process that it had.
fn an_upgrade_restarts_what_runs(container: &Container) {
    let (caddy, watchdog) = (main_pid(container, "caddy"), main_pid(container, "caddy-watchdog"));
    container.ok("dpkg -i /opt/new.deb");
    container.await_ok("caddyctl status", Duration::from_secs(20));
    assert_eq!(main_pid(container, "caddy"), caddy);
    let restarted = main_pid(container, "caddy-watchdog");
    assert!(restarted != watchdog && restarted != "0", "{watchdog} {restarted}");
    let program = container.ok(&format!("readlink /proc/{restarted}/exe"));
    assert_eq!(program, "/usr/bin/caddyctl");
    assert_eq!(container.property("caddy", "WatchdogUSec"), "30s");
    let done = container.ok("caddyctl deploy");
    assert!(done.contains("nothing to do"), "{done}");
    // One that does not run is not started.
    container.ok("systemctl stop caddy; dpkg -i /opt/old.deb");
    assert_eq!(container.run("systemctl is-active caddy-watchdog").text.trim(), "inactive");
    container.ok("systemctl start caddy");
    container.await_ok("caddyctl status", Duration::from_secs(20));
}

/// Caddy keeps running without a watchdog, also where somebody has edited the drop-in.
fn a_removal_leaves_no_unit(container: &Container) {
    for edit in [
        "true",
        "printf '[Service]\\nEnvironment=A=b\\n' >>/etc/systemd/system/caddy.service.d/override.conf; systemctl daemon-reload",
    ] {
        container.ok(edit);
        let caddy = main_pid(container, "caddy");
        let done = container.ok("dpkg -r caddyctl");
        assert!(done.contains(&format!("removed {UNIT}")), "{done}");
        assert_no_unit(container);
        assert_eq!(main_pid(container, "caddy"), caddy);
        container
            .ok("test -e /etc/caddy/Caddyfile && test -d /var/lib/caddyctl && ! test -e /usr/bin/caddyctl");
        container
            .ok("systemctl restart caddy; dpkg -i /opt/old.deb; caddyctl deploy --force; caddyctl status");
    }
    container
        .ok("rm -r /etc/systemd/system/caddy.service.d; systemctl daemon-reload; systemctl restart caddy; caddyctl deploy --force");
}

/// The history says what to undo; the program has to be there for that.
fn an_unfinished_deploy_keeps_the_program(container: &Container) {
    write(container, "unconfirmed");
    container.ok("caddyctl deploy --confirm 100s");
    let refused = container.run("dpkg -r caddyctl");
    assert_ne!(refused.status, 0, "{}", refused.text);
    assert!(refused.text.contains("error: a deploy is unfinished"), "{}", refused.text);
    assert!(
        refused.text.contains("help: see the message above; then remove the package again"),
        "{}",
        refused.text
    );
    container.ok("dpkg -V caddyctl; caddyctl confirm; caddyctl status");
    assert_eq!(answer(container), "unconfirmed");
}

fn without_history_or_systemd(container: &Container) {
    container.ok("rm -r /var/lib/caddyctl; dpkg -r caddyctl");
    assert_no_unit(container);
    container.ok("dpkg -i /opt/old.deb; caddyctl deploy --force; caddyctl status");
    // As in an image that is being built: no systemd answers, and no Caddy runs.
    container.ok("systemctl stop caddy; unshare -m sh -ec 'mount -t tmpfs none /run/systemd; dpkg -i /opt/new.deb; dpkg -r caddyctl'");
    container.ok("systemctl daemon-reload; systemctl start caddy");
    assert_no_unit(container);
    container.ok("dpkg -i /opt/old.deb");
}

fn two_units_and_a_caddy_that_is_gone(container: &Container) {
    container.ok(
        "mkdir -p /etc/web /opt/web; sed 's#/etc/caddy/Caddyfile#/etc/web/Caddyfile#g' /lib/systemd/system/caddy.service >/etc/systemd/system/web.service; \
         printf '{\\n\\tadmin localhost:2020\\n}\\n:8010 {\\n\\trespond web\\n}\\n' >/opt/web/Caddyfile; cp /opt/web/Caddyfile /etc/web/; \
         systemctl daemon-reload; systemctl enable --now web; caddyctl deploy --force; caddyctl deploy --unit web /opt/web/Caddyfile",
    );
    let pids = || ["caddy-watchdog", "web-watchdog"].map(|unit| main_pid(container, unit));
    let before = pids();
    container.ok("dpkg -i /opt/new.deb");
    let after = pids();
    assert!(before.iter().zip(&after).all(|(before, after)| before != after), "{before:?} {after:?}");
    container.ok("systemctl disable --now web; rm /etc/systemd/system/web.service; systemctl daemon-reload; dpkg -r caddyctl");
    assert_no_unit(container);
    container.ok("dpkg -i /opt/old.deb");
}

fn a_purge_takes_the_history(container: &Container) {
    write(container, "last");
    container.ok("caddyctl deploy --force; dpkg -P caddyctl");
    assert_no_unit(container);
    container
        .ok("! test -e /var/lib/caddyctl && ! test -e /usr/bin/caddyctl && test -e /etc/caddy/Caddyfile");
    assert_eq!(answer(container), "last");
    assert!(container.run("dpkg -s caddyctl").status != 0);
}

//! The next start is what was verified: drop-ins of the operator stay, and what they set counts before it is in force.

use std::time::Duration;

use crate::container::{Container, boot};

const FOLDER: &str = "/etc/systemd/system/caddy.service.d";

const ASK: &str = "curl -s -m 5 localhost:8000";

pub fn the_next_start_is_what_was_verified() {
    let container = boot("next");
    container.write("Caddyfile", ":8000 {\n\trespond \"{$WORD}\"\n}\n");
    an_override_of_the_operator_stays(&container);
    ours_once_edited_is_theirs(&container);
    what_systemd_has_not_read_counts(&container);
    a_variable_that_the_next_start_has_not(&container);
    another_user_and_another_program(&container);
    restarts_that_somebody_switched_off(&container);
}

/// `systemctl edit` writes `override.conf`, and Caddy's own documentation wants the environment there.
fn an_override_of_the_operator_stays(container: &Container) {
    let theirs = "[Service]\nEnvironmentFile=/etc/caddy/env\n";
    container.ok(&format!(
        "mkdir -p {FOLDER}; printf 'WORD=first\\n' >/etc/caddy/env; printf '[Service]\\nEnvironmentFile=/etc/caddy/env\\n' >{FOLDER}/override.conf; \
         systemctl daemon-reload; systemctl restart caddy"
    ));
    let done = container.ok("caddyctl deploy");
    assert!(done.contains(&format!("create  {FOLDER}/50-caddyctl.conf")), "{done}");
    assert!(done.contains("override.conf is not of a deploy and stays as it is"), "{done}");
    assert_eq!(container.ok(&format!("cat {FOLDER}/override.conf")) + "\n", theirs);
    assert_eq!(container.ok(ASK), "first");
    container.ok("systemctl kill -s KILL caddy");
    container.await_ok(&format!("[ \"$({ASK})\" = first ]"), Duration::from_secs(20));
    container.await_ok("caddyctl status", Duration::from_secs(20));
    let again = container.ok("caddyctl deploy");
    assert!(again.contains("nothing to do") && !again.contains("note:"), "{again}");
    // Once it is gone, ours has its place.
    container.ok(&format!("mv {FOLDER}/override.conf /root/theirs; caddyctl uninstall; ls {FOLDER} | grep -c conf | grep -q 0; caddyctl deploy"));
    assert_eq!(container.ok(&format!("ls {FOLDER}")), "override.conf");
}

fn ours_once_edited_is_theirs(container: &Container) {
    container.ok(&format!("printf '[Service]\\nEnvironmentFile=/etc/caddy/env\\n' >>{FOLDER}/override.conf; cp {FOLDER}/override.conf /root/edited; systemctl daemon-reload; caddyctl deploy"));
    container.ok(&format!("cmp {FOLDER}/override.conf /root/edited; ls {FOLDER}/50-caddyctl.conf"));
    // What would kill a Caddy that has no heartbeat goes, and the edits stay.
    let done = container.ok("caddyctl uninstall");
    assert!(done.contains("which was edited: it no longer has a watchdog"), "{done}");
    container.ok(&format!(
        "sed -i '/^WatchdogSec=/d; /^Upholds=/d' /root/edited; cmp {FOLDER}/override.conf /root/edited"
    ));
    assert!(container.run(&format!("ls {FOLDER}/50-caddyctl.conf")).status != 0);
    container.ok(&format!("mv /root/theirs {FOLDER}/override.conf; systemctl daemon-reload; systemctl restart caddy; caddyctl deploy"));
}

/// An edit without `systemctl daemon-reload` counts at the next boot, and the deploy has systemd read it.
fn what_systemd_has_not_read_counts(container: &Container) {
    container.ok(&format!("printf '[Service]\\nEnvironment=WORD=unread\\n' >{FOLDER}/override.conf"));
    let status = container.run("caddyctl status");
    let output = "the files of caddy.service have changed, but systemd has not reloaded them";
    assert!(status.status == 1 && status.text.contains(output), "{}", status.text);
    let done = container.ok("caddyctl deploy");
    assert!(done.contains("run     systemctl daemon-reload"), "{done}");
    assert_eq!(container.ok(ASK), "unread");
    assert_eq!(container.property("caddy", "NeedDaemonReload"), "no");
    container.ok("systemctl restart caddy");
    container.await_ok(ASK, Duration::from_secs(10));
    assert_eq!(container.ok(ASK), "unread");
}

/// What the running process has and the next start has not must not be compiled in, nor pass for well.
fn a_variable_that_the_next_start_has_not(container: &Container) {
    container.ok(&format!("rm {FOLDER}/override.conf; systemctl daemon-reload"));
    for command in ["status", "doctor"] {
        let output = container.run(&format!("caddyctl {command}"));
        assert_eq!(output.status, 1, "{}", output.text);
        assert!(
            output.text.contains("the running Caddy has WORD, and its next start has not"),
            "{}",
            output.text
        );
    }
    container.write("Caddyfile", ":8000 {\n\trespond \"{$WORD:without}\"\n}\n");
    container.ok("caddyctl deploy");
    assert_eq!(container.ok(ASK), "without");
    container.ok("systemctl restart caddy");
    container.await_ok(ASK, Duration::from_secs(10));
    assert_eq!(container.ok(ASK), "without");
}

fn another_user_and_another_program(container: &Container) {
    container.ok(&format!(
        "useradd --system web2 2>/dev/null; install /usr/bin/caddy /opt/other-caddy; \
         printf '[Service]\\nUser=web2\\nExecStart=\\nExecStart=/opt/other-caddy run --environ --config /etc/caddy/Caddyfile\\n' \
         >{FOLDER}/zz.conf; systemctl daemon-reload"
    ));
    let status = container.run("caddyctl status").text;
    assert!(status.contains("and its next start as user "), "{status}");
    assert!(status.contains("Caddy runs /usr/bin/caddy, and its next start /opt/other-caddy"), "{status}");
    container.ok("chmod 0600 /opt/other-caddy; chmod 0644 /opt/other-caddy");
    let refused = container.run("caddyctl deploy");
    assert_eq!(refused.status, 2, "{}", refused.text);
    assert!(refused.text.contains("/opt/other-caddy"), "{}", refused.text);
    container.ok(&format!("rm {FOLDER}/zz.conf; systemctl daemon-reload; caddyctl status"));
}

fn restarts_that_somebody_switched_off(container: &Container) {
    container.ok(&format!("printf '[Service]\\nRestart=no\\n' >{FOLDER}/zz.conf; systemctl daemon-reload"));
    for command in ["status", "doctor"] {
        let output = container.run(&format!("caddyctl {command}")).text;
        assert!(output.contains("zz.conf sets Restart=no"), "{output}");
        assert!(output.contains("a Caddy that dies stays down"), "{output}");
    }
    container.ok("caddyctl deploy");
    assert_eq!(container.property("caddy", "Restart"), "no");
}

//! Hosts that are not as usual: another Caddy, another address, no admin API, an older program, an empty environment.

use std::time::Duration;

use crate::container::{Container, boot};

const ASK: &str = "curl -s -m 5 localhost:8000";

/// A site that answers `word`, with these global options and further lines.
fn write(container: &Container, options: &str, word: &str, more: &str) {
    let site = format!("{{\n{options}}}\nimport sites/*\n:8000 {{\n\timport answer\n}}\n{more}");
    container.write("Caddyfile", &site);
    container.write("sites/answer", &format!("(answer) {{\n\trespond \"{word}\"\n}}\n"));
}

pub fn a_host_that_is_not_as_usual() {
    let container = boot("host");
    with_nothing_in_the_environment(&container);
    the_services_environment_counts(&container);
    an_older_caddy_reads_it_in_its_own_way(&container);
    without_rights(&container);
    a_caddy_that_is_down(&container);
    another_caddy_has_the_standard_address(&container);
    an_admin_api_that_wants_an_origin(&container);
    without_an_admin_api(&container);
    a_service_without_a_caddyfile(&container);
}

/// As a provisioning system runs it; with a umask that keeps others out of new folders.
fn with_nothing_in_the_environment(container: &Container) {
    write(container, "", "first", "");
    container.ok("tar -czf /root/site.tar.gz -C /opt site");
    let done =
        container.ok("umask 077; cd /; env -i /opt/caddyctl deploy --from /root/site.tar.gz --format json");
    let line = done.lines().last().unwrap();
    assert!(line.contains("\"changed\":true") && line.contains("\"phase\":\"commit\""), "{done}");
    container.ok("systemctl restart caddy");
    container.await_ok(&format!("[ \"$({ASK})\" = first ]"), Duration::from_secs(10));
    let modes =
        container.ok("stat -c '%A %U:%G %n' /etc/caddy/sites /etc/caddy/sites/answer /etc/caddy/Caddyfile");
    assert_eq!(
        modes,
        "drwxr-xr-x root:root /etc/caddy/sites\n-rw-r----- root:caddy /etc/caddy/sites/answer\n\
         -rw-r--r-- root:root /etc/caddy/Caddyfile"
    );
    let again = container.ok("env -i /opt/caddyctl deploy --from /root/site.tar.gz --format json");
    assert!(again.contains("\"changed\":false") && again.lines().count() == 1, "{again}");
    // What Debian had there is kept.
    let history = container.ok("caddyctl history");
    assert!(history.lines().nth(1).unwrap().contains("  found  "), "{history}");
    assert_eq!(
        container.ok("ls -A /run /tmp /etc/caddy /var/lib/caddyctl | grep -c -e caddyctl- || true"),
        "0"
    );
}

fn the_services_environment_counts(container: &Container) {
    let drop_in = "/etc/systemd/system/caddy.service.d/words.conf";
    container.ok(&format!(
        "printf 'WORD=from-a-file\\n' >/etc/caddy/words; \
         printf '[Service]\\nEnvironmentFile=/etc/caddy/words\\n' >{drop_in}; systemctl daemon-reload"
    ));
    write(container, "", "{$WORD}", "");
    container.ok("WORD=from-the-shell caddyctl deploy");
    assert_eq!(container.ok(ASK), "from-a-file");
    container.ok(&format!("systemctl restart caddy; caddyctl status; rm {drop_in}; systemctl daemon-reload"));
}

fn an_older_caddy_reads_it_in_its_own_way(container: &Container) {
    container.ok("cp /usr/bin/caddy /root/caddy; install /usr/bin/caddy-of-debian /usr/bin/caddy; systemctl restart caddy");
    let options = "\thttp_port 8000\n";
    write(container, options, "old", "http://a.test {\n\tlog {\n\t\toutput stdout\n\t}\n}\n");
    // It cannot load what 2.11.7 makes of this log.
    let refused = container.run("caddyctl deploy --compiler caddyctl --for 2.11.7");
    assert_eq!(refused.status, 2, "{}", refused.text);
    assert!(
        refused.text.contains("--for names Caddy 2.11.7, but /usr/bin/caddy is Caddy 2.6.2"),
        "{}",
        refused.text
    );
    let planned = container.ok("caddyctl deploy --compiler caddyctl --dry-run");
    assert!(planned.contains("Caddy 2.11.7 to 2.6.2"), "{planned}");
    let done = container.ok("caddyctl deploy");
    assert!(
        done.contains("Caddy 2.11.7 to 2.6.2") && !done.contains("compiles this file differently"),
        "{done}"
    );
    assert_eq!(container.ok(ASK), "old");
    assert!(container.ok("caddyctl status").contains("caddy        2.6.2\n"));
    assert!(container.ok("caddyctl deploy").contains("nothing to do"));
    container.ok("systemctl restart caddy");
    container.await_ok(ASK, Duration::from_secs(10));
    container.await_ok("caddyctl status", Duration::from_secs(10));
    write(container, options, "old", "http://a.test {\n\tlog_skip\n}\n");
    let refused = container.run("caddyctl deploy");
    assert_eq!(refused.status, 1, "{}", refused.text);
    let output = "Caddy 2.6.2 has no directive `log_skip`";
    assert!(refused.text.contains(output) && refused.text.contains(" Caddyfile:9:2"), "{}", refused.text);
    container.ok("install /root/caddy /usr/bin/caddy; systemctl restart caddy");
}

fn a_caddy_that_is_down(container: &Container) {
    write(container, "", "down", "");
    container.ok("systemctl stop caddy");
    let refused = container.run("caddyctl deploy --no-start");
    assert_eq!(refused.status, 2, "{}", refused.text);
    assert!(refused.text.contains("caddy.service is stopped, and --no-start is set"), "{}", refused.text);
    // It cannot start: something else has a port that only Caddy knows of.
    write(container, "", "down", ":8005, :8006 {\n\trespond x\n}\n");
    let before = container.ok("sha256sum /etc/caddy/Caddyfile");
    let perl = "sleep 600 if IO::Socket::INET->new(Listen => 1, LocalPort => 8005)";
    container.ok(&format!("systemd-run --quiet --unit taken perl -MIO::Socket::INET -e '{perl}'"));
    container.await_ok("grep -q ':1F45 ' /proc/net/tcp", Duration::from_secs(5));
    let failed = container.run("caddyctl deploy --no-check");
    assert_eq!(failed.status, 1, "{}", failed.text);
    assert!(failed.text.contains("address already in use"), "{}", failed.text);
    assert!(failed.text.contains("the files are unchanged; Caddy is stopped, as before"), "{}", failed.text);
    assert_eq!(container.ok("sha256sum /etc/caddy/Caddyfile"), before);
    assert_eq!(container.run("systemctl is-active caddy").text, "inactive\n");
    container.ok("systemctl stop taken");
    // Somebody else's Caddy where ours would be.
    container.ok("printf ':8007\\nrespond other\\n' >/root/Other; systemd-run --quiet --unit other caddy run --adapter caddyfile --config /root/Other");
    container.await_ok("curl -s localhost:2019/config/", Duration::from_secs(10));
    let refused = container.run("caddyctl deploy");
    assert_eq!(refused.status, 2, "{}", refused.text);
    let output = "caddy.service is stopped, but another Caddy responds at localhost:2019";
    assert!(refused.text.contains(output), "{}", refused.text);
    container.ok("systemctl stop other");
    write(container, "", "up", "");
    let done = container.ok("caddyctl deploy");
    assert!(done.contains("start   caddy"), "{done}");
    assert_eq!(container.ok(ASK), "up");
}

fn another_caddy_has_the_standard_address(container: &Container) {
    let options = "\tadmin unix//tmp/admin.sock\n";
    write(container, options, "hidden", "http://b.test {\n\tbind unix//tmp/site.sock\n\trespond socket\n}\n");
    container.ok("caddyctl deploy");
    // PrivateTmp hides both sockets from everybody else.
    container.ok("test ! -e /tmp/admin.sock && test ! -e /tmp/site.sock");
    container.ok("systemd-run --quiet --unit other caddy run --adapter caddyfile --config /root/Other");
    container.await_ok("curl -s localhost:2019/config/", Duration::from_secs(10));
    write(container, options, "still hidden", "");
    let before = container.ok("curl -s localhost:2019/config/");
    container.ok("caddyctl deploy");
    assert_eq!(container.ok(ASK), "still hidden");
    assert_eq!(container.ok("curl -s localhost:2019/config/"), before);
    assert_eq!(container.ok("curl -s localhost:8007"), "other");
    let status = container.ok("caddyctl status");
    assert!(status.contains("admin.sock"), "{status}");
    container.ok("systemctl stop other");
}

/// As `caddy reload` speaks to it.
fn an_admin_api_that_wants_an_origin(container: &Container) {
    let options = "\tadmin localhost:2019 {\n\t\torigins localhost:2019\n\t\tenforce_origin\n\t}\n";
    for word in ["origin", "origin again"] {
        write(container, options, word, "");
        container.ok("caddyctl deploy");
        assert_eq!(container.ok(ASK), word);
        container.ok("caddyctl status");
    }
    for origins in ["admin.test", "https://localhost:2019"] {
        write(container, &format!("\tadmin localhost:2019 {{\n\t\torigins {origins}\n\t}}\n"), "locked", "");
        let refused = container.run("caddyctl deploy");
        assert_eq!(refused.status, 1, "{}", refused.text);
        let output = "`origins` of the admin API does not have localhost:2019";
        assert!(
            refused.text.contains(output) && refused.text.contains("nothing was changed"),
            "{}",
            refused.text
        );
    }
    write(container, "", "open", "");
    container.ok("caddyctl deploy");
    assert_eq!(container.ok(ASK), "open");
}

fn without_an_admin_api(container: &Container) {
    write(container, "\tadmin off\n", "mute", "");
    let refused = container.run("caddyctl deploy");
    assert_eq!(refused.status, 1, "{}", refused.text);
    assert!(refused.text.contains("--allow-admin-off"), "{}", refused.text);
    let pid = container.property("caddy", "MainPID");
    let done = container.ok("caddyctl deploy --allow-admin-off");
    assert!(done.contains("restart caddy"), "{done}");
    assert_eq!(container.ok(ASK), "mute");
    assert_ne!(container.property("caddy", "MainPID"), pid);
    assert!(container.ok("caddyctl deploy --allow-admin-off").contains("nothing to do"));
    container.ok("caddyctl status");

    write(container, "\tadmin off\n", "next", "");
    let refused = container.run("caddyctl deploy");
    assert_eq!(refused.status, 1, "{}", refused.text);
    container.ok("caddyctl deploy --allow-admin-off");
    assert_eq!(container.ok(ASK), "next");
    // What does not start is taken back, with another restart.
    container.write("checks.toml", "[[check]]\nurl = \"http://localhost:8000/\"\nseconds = 0\n");
    write(container, "\tadmin off\n", "wrong", "");
    let failed = container.run("caddyctl deploy --allow-admin-off");
    assert_eq!(failed.status, 1, "{}", failed.text);
    assert!(
        failed.text.contains("the files are unchanged; Caddy was restarted with them"),
        "{}",
        failed.text
    );
    assert_eq!(container.ok(ASK), "next");
    container.ok("rm checks.toml");
    for point in ["placed", "started"] {
        write(container, "\tadmin off\n", point, "");
        let killed = container.run(&format!("CADDYCTL_FAULT={point} caddyctl deploy --allow-admin-off"));
        assert_eq!(killed.status, 137, "{}", killed.text);
        container.ok("caddyctl recover");
        assert_eq!(container.ok(ASK), point);
    }
    write(container, "", "audible", "");
    container.ok("caddyctl deploy --allow-admin-off");
    assert_eq!(container.ok("curl -s -o /dev/null -w '%{http_code}' localhost:2019/config/"), "200");
    assert_eq!(container.ok(ASK), "audible");
}

fn a_service_without_a_caddyfile(container: &Container) {
    let refused = container.run("caddyctl deploy --unit caddy-api");
    assert_eq!(refused.status, 2, "{}", refused.text);
    assert!(refused.text.contains("caddy-api.service resumes the last configuration"), "{}", refused.text);
    let refused = container.run("caddyctl deploy --unit nothing");
    assert_eq!(refused.status, 2, "{}", refused.text);
    assert!(refused.text.contains("unknown systemd unit nothing.service"), "{}", refused.text);
}

/// Who may not look gets that answer, and nothing else.
fn without_rights(container: &Container) {
    let command = |words: &str| {
        container.run(&format!("setpriv --reuid=65534 --regid=65534 --clear-groups /opt/caddyctl {words}"))
    };
    for words in ["history", "rollback", "rollback 3", "status", "recover", "confirm", "uninstall", "deploy"]
    {
        let output = command(words);
        assert_eq!(output.status, 2, "{words}: {}", output.text);
        assert!(output.text.to_lowercase().contains("permission denied"), "{words}: {}", output.text);
        assert!(output.text.contains("as root (sudo)"), "{words}: {}", output.text);
        for wrong in ["os error", "nothing has been deployed", "there is no deployment", "deployment   none"]
        {
            assert!(!output.text.contains(wrong), "{words}: {}", output.text);
        }
    }
}

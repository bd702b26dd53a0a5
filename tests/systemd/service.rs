//! The life of the project's own site on one host: deploy, refuse, confirm, roll back, uninstall.

use std::path::Path;
use std::time::Duration;

use crate::container::{Container, boot, say};

/// The project's Caddyfile with a certificate of Caddy's own authority; `extra` goes into its site.
pub fn caddyfile(extra: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Caddyfile");
    let text = std::fs::read_to_string(path).unwrap();
    let site = "stt.fullen.dev {\n";
    assert!(text.contains(site));
    format!("{{\n\tskip_install_trust\n}}\n{}", text.replace(site, &format!("{site}\ttls internal\n{extra}")))
}

const CURL: &str = "curl -s -m 5 --cacert /var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt \
                    --resolve stt.fullen.dev:443:127.0.0.1 https://stt.fullen.dev/";

/// The body of the site; the certificate takes a moment the first time.
fn answer(container: &Container) -> String {
    container.await_ok(CURL, Duration::from_secs(20));
    container.ok(CURL)
}

pub fn the_site_of_the_project() {
    let container = boot("service");
    container.ok("systemd-run --quiet --unit backend caddy respond --listen 127.0.0.1:8080 'the backend'");
    container.write("Caddyfile", &caddyfile(""));
    container.ok("caddyctl deploy");
    assert_eq!(answer(&container), "the backend");
    let in_force = container.ok("systemctl show caddy -p Restart,RestartUSec,WatchdogUSec | sort");
    assert_eq!(in_force, "Restart=on-failure\nRestartUSec=5s\nWatchdogUSec=30s");
    say(&format!(
        "the project's Caddyfile deployed; systemd has in force: {}\n",
        in_force.replace('\n', ", ")
    ));
    let status = container.ok("caddyctl status");
    // It lives for twelve hours, and may be a moment old.
    let certificate = "certificate  stt.fullen.dev by Caddy Local Authority - ECC Intermediate";
    let left = |hours: u8| status.contains(&format!("{certificate}, {hours} hours left\n"));
    assert!(left(11) || left(12), "{status}");
    assert!(status.ends_with("\nno problems"), "{status}");
    let again = container.ok("caddyctl deploy");
    assert!(again.contains("nothing to do"), "{again}");

    a_refused_one_changes_nothing(&container);
    without_a_word_it_goes_back(&container);
    with_a_word_it_stays_and_can_be_rolled_back(&container);
    an_older_caddy_is_asked_what_it_has(&container);
    uninstalled(&container);
}

fn a_refused_one_changes_nothing(container: &Container) {
    let before = container.ok("sha256sum /etc/caddy/Caddyfile; systemctl show -P NRestarts caddy");
    container.write("Caddyfile", &caddyfile("\trespons \"no such directive\"\n"));
    let refused = container.run("caddyctl deploy");
    assert_eq!(refused.status, 1, "{}", refused.text);
    assert!(refused.text.contains("respons"), "{}", refused.text);
    // An archive is unpacked somewhere; faults are named relative to it.
    container.ok("tar -czf /root/site.tar.gz -C /opt site");
    let refused = container.run("caddyctl deploy --from /root/site.tar.gz");
    assert_eq!(refused.status, 1, "{}", refused.text);
    assert!(refused.text.contains(" Caddyfile:") && !refused.text.contains("/tmp"), "{}", refused.text);
    // Another program has the port.
    let perl = "sleep 600 if IO::Socket::INET->new(Listen => 1, LocalAddr => q(127.0.0.1:8081))";
    container.ok(&format!("systemd-run --quiet --unit holder perl -MIO::Socket::INET -e '{perl}'"));
    container.await_ok("grep -q ':1F91 ' /proc/net/tcp", Duration::from_secs(5));
    container.write("Caddyfile", &format!("{}\n:8081 {{\n\trespond taken\n}}\n", caddyfile("")));
    let refused = container.run("caddyctl deploy");
    assert_eq!(refused.status, 1, "{}", refused.text);
    assert!(refused.text.contains("`perl` already listens on port 8081"), "{}", refused.text);
    // Sound as a Caddyfile; only Caddy itself can say that the port is taken.
    container.write("Caddyfile", &format!("{}\n:8080 {{\n\trespond taken\n}}\n", caddyfile("")));
    let refused = container.run("caddyctl deploy");
    assert_eq!(refused.status, 1, "{}", refused.text);
    assert!(refused.text.contains("8080"), "{}", refused.text);
    assert_eq!(container.ok("sha256sum /etc/caddy/Caddyfile; systemctl show -P NRestarts caddy"), before);
    assert_eq!(answer(container), "the backend");
}

fn without_a_word_it_goes_back(container: &Container) {
    container.write("Caddyfile", &caddyfile("\trespond \"unconfirmed\"\n"));
    container.ok("caddyctl deploy --confirm 3s");
    assert_eq!(answer(container), "unconfirmed");
    container.await_ok(&format!("[ \"$({CURL})\" = 'the backend' ]"), Duration::from_secs(8));
    container.await_ok("caddyctl status", Duration::from_secs(5));
}

fn with_a_word_it_stays_and_can_be_rolled_back(container: &Container) {
    container.ok("caddyctl deploy --confirm 60s && caddyctl confirm");
    assert_eq!(answer(container), "unconfirmed");
    container.ok("systemctl restart caddy");
    assert_eq!(answer(container), "unconfirmed");
    container.ok("caddyctl rollback");
    assert_eq!(answer(container), "the backend");
    container.ok("systemctl restart caddy");
    assert_eq!(answer(container), "the backend");
    assert_eq!(container.ok("caddyctl status | tail -n 1"), "no problems");
}

fn an_older_caddy_is_asked_what_it_has(container: &Container) {
    // It does not know `stream_close_delay` yet.
    let older = |extra: &str| caddyfile(extra).replace("\t\tstream_close_delay 5m\n", "");
    container.write("Caddyfile", &older(""));
    container.ok("caddyctl deploy");
    container.ok("cp /usr/bin/caddy /root/caddy; install /usr/bin/caddy-of-debian /usr/bin/caddy; systemctl restart caddy");
    container.write("Caddyfile", &older("\tlog_append key value\n"));
    let refused = container.run("caddyctl deploy");
    assert_eq!(refused.status, 1, "{}", refused.text);
    assert!(refused.text.contains("Caddy 2.6.2 has no directive `log_append`"), "{}", refused.text);
    container.write("Caddyfile", &older("\theader Served-By an-older-caddy\n"));
    container.ok("caddyctl deploy --from /opt/site");
    assert_eq!(answer(container), "the backend");
    container.ok("install /root/caddy /usr/bin/caddy; systemctl restart caddy");
    assert_eq!(answer(container), "the backend");
}

fn uninstalled(container: &Container) {
    let pid = container.property("caddy", "MainPID");
    container.ok("caddyctl uninstall");
    assert_eq!(
        container.ok("systemctl show caddy -p Restart,WatchdogUSec,MainPID | sort"),
        format!("MainPID={pid}\nRestart=no\nWatchdogUSec=0")
    );
    assert_eq!(container.run("systemctl is-active caddy-watchdog").text, "inactive\n");
    assert_eq!(answer(container), "the backend");
}

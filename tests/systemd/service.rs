//! The life of the project's own site on one host: deploy, refuse, confirm, roll back, uninstall.

use std::path::Path;
use std::time::Duration;

use crate::container::{Container, boot};

/// The project's Caddyfile with a certificate of Caddy's own authority; `extra` goes into its site.
fn caddyfile(extra: &str) -> String {
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

#[test]
fn the_site_of_the_project() {
    let Some(container) = boot("service") else { return };
    container.ok("systemd-run --quiet --unit backend caddy respond --listen 127.0.0.1:8080 'the backend'");
    container.write("Caddyfile", &caddyfile(""));
    container.ok("caddyctl deploy");
    assert_eq!(answer(&container), "the backend");
    assert_eq!(
        container.ok("systemctl show caddy -p Restart,RestartUSec,WatchdogUSec | sort"),
        "Restart=on-failure\nRestartUSec=5s\nWatchdogUSec=30s"
    );
    assert_eq!(container.ok("caddyctl status | tail -n 1"), "all is well");
    let again = container.ok("caddyctl deploy");
    assert!(again.contains("nothing to do"), "{again}");

    a_refused_one_changes_nothing(&container);
    without_a_word_it_goes_back(&container);
    with_a_word_it_stays_and_can_be_rolled_back(&container);
    uninstalled(&container);
}

fn a_refused_one_changes_nothing(container: &Container) {
    let before = container.ok("sha256sum /etc/caddy/Caddyfile; systemctl show -P NRestarts caddy");
    container.write("Caddyfile", &caddyfile("\trespons \"no such directive\"\n"));
    let refused = container.run("caddyctl deploy");
    assert_eq!(refused.status, 1, "{}", refused.text);
    assert!(refused.text.contains("respons"), "{}", refused.text);
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
    assert_eq!(container.ok("caddyctl status | tail -n 1"), "all is well");
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

//! Only Caddy's own sign of life counts, and a failed deploy leaves the unit in the state it was in.

use std::time::Duration;

use crate::container::{Container, boot};

const ASK: &str = "curl -s -m 5 localhost:8000";

/// A server that answers on a port, whatever it is asked.
const OTHER: &str = "use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 9, LocalPort => 8000, ReuseAddr => 1); \
     while (my $c = $s->accept) { print $c \"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\nConnection: close\\r\\n\\r\\nother\"; close $c }";

pub fn only_caddys_own() {
    let container = boot("life");
    container.write("Caddyfile", ":8000 {\n\trespond ours\n}\n");
    a_stopped_caddy_and_a_taken_port(&container);
    a_caddy_that_loops(&container);
    one_that_ends_a_moment_later(&container);
    a_socket_of_systemd(&container);
}

fn take(container: &Container) {
    container.write("other.pl", OTHER);
    container.ok("systemd-run --quiet --unit taken perl /opt/site/other.pl");
    container.await_ok("[ \"$(curl -s localhost:8000)\" = other ]", Duration::from_secs(10));
}

fn a_stopped_caddy_and_a_taken_port(container: &Container) {
    container.ok("systemctl stop caddy");
    take(container);
    let before = container.ok("sha256sum /etc/caddy/Caddyfile");
    let failed = container.run("caddyctl deploy --no-check");
    assert_eq!(failed.status, 1, "{}", failed.text);
    assert!(failed.text.contains("is held by perl"), "{}", failed.text);
    assert!(failed.text.contains("Caddy is stopped, as before"), "{}", failed.text);
    assert_eq!(container.ok("sha256sum /etc/caddy/Caddyfile"), before);
    assert_eq!(container.run("systemctl is-active caddy").text, "inactive\n");
}

/// systemd goes on with its tries, and once the port is free Caddy is back.
fn a_caddy_that_loops(container: &Container) {
    let folder = "/etc/systemd/system/caddy.service.d";
    container.ok(&format!(
        "mkdir -p {folder}; printf '[Unit]\\nStartLimitIntervalSec=0\\n[Service]\\nRestart=on-failure\\nRestartSec=2s\\n' >{folder}/loop.conf; systemctl daemon-reload; \
         cp Caddyfile /etc/caddy/Caddyfile; systemctl start --no-block caddy"
    ));
    container.await_ok("systemctl show -P SubState caddy | grep -q auto-restart", Duration::from_secs(20));
    container.write("Caddyfile", ":8000 {\n\trespond newer\n}\n");
    let failed = container.run("caddyctl deploy --no-check");
    assert_eq!(failed.status, 1, "{}", failed.text);
    assert!(failed.text.contains("systemd starts it again and again, as before"), "{}", failed.text);
    container.await_ok("systemctl show -P SubState caddy | grep -q auto-restart", Duration::from_secs(20));
    container.ok("systemctl stop taken");
    container.await_ok(&format!("[ \"$({ASK})\" = ours ]"), Duration::from_secs(20));
    container.ok(&format!("rm {folder}/loop.conf; systemctl daemon-reload"));
}

fn one_that_ends_a_moment_later(container: &Container) {
    let folder = "/etc/systemd/system/caddy.service.d";
    container.write("ends", "#!/bin/sh\nsleep 1.5; kill -KILL $1\n");
    container.ok(&format!(
        "chmod +x ends; systemctl stop caddy; mkdir -p {folder}; \
         printf '[Service]\\nExecStartPost=/bin/sh -c \"/opt/site/ends $MAINPID >/dev/null 2>&1 &\"\\n' >{folder}/ends.conf; systemctl daemon-reload"
    ));
    let failed = container.run("caddyctl deploy --no-check");
    assert_eq!(failed.status, 1, "{}", failed.text);
    assert!(failed.text.contains("caddy.service started, but did not keep running"), "{}", failed.text);
    container.ok(&format!("rm {folder}/ends.conf; systemctl daemon-reload"));
    let done = container.ok("caddyctl deploy");
    assert!(done.contains("is in place"), "{done}");
    assert_eq!(container.ok(ASK), "newer");
}

/// The socket is systemd's, and Caddy has it too.
fn a_socket_of_systemd(container: &Container) {
    container.write(
        "Caddyfile",
        ":8000 {\n\trespond socket\n}\nhttp://:8010 {\n\tbind fd/3\n\trespond passed\n}\n",
    );
    container.ok(
        "printf '[Socket]\\nListenStream=8010\\nService=caddy.service\\n[Install]\\nWantedBy=sockets.target\\n' >/etc/systemd/system/caddy.socket; \
         systemctl daemon-reload; systemctl stop caddy; systemctl start caddy.socket",
    );
    let done = container.ok("caddyctl deploy");
    assert!(done.contains("is in place"), "{done}");
    assert_eq!(container.ok("curl -s -m 5 localhost:8010"), "passed");
    assert_eq!(container.ok(ASK), "socket");
}

//! The watchdog: a healthy Caddy is left alone whatever becomes of its heartbeat, a frozen one is restarted.

use std::time::{Duration, Instant};

use crate::container::{Container, boot, say};

const SITE: &str = ":8000 {\n\trespond here\n}\n";

/// More than the 30 s after which a Caddy without a heartbeat would be killed.
const PAST_THE_WATCHDOG: Duration = Duration::from_secs(34);

fn deployed(test: &str) -> Option<Container> {
    let container = boot(test)?;
    container.write("Caddyfile", SITE);
    container.ok("caddyctl deploy");
    assert_eq!(container.property("caddy", "WatchdogUSec"), "30s", "armed without a restart of caddy");
    assert_eq!(container.property("caddy", "NRestarts"), "0");
    Some(container)
}

fn pid(container: &Container, unit: &str) -> String {
    container.property(unit, "MainPID")
}

fn is_untouched(container: &Container, caddy: &str) {
    assert_eq!(pid(container, "caddy"), caddy, "caddy is the same process");
    assert_eq!(container.property("caddy", "NRestarts"), "0");
    assert_eq!(container.ok("curl -s -m 5 localhost:8000"), "here");
}

#[test]
fn a_healthy_caddy_is_left_alone_and_a_frozen_one_is_restarted() {
    let Some(container) = deployed("watchdog") else { return };
    let (caddy, heartbeat) = (pid(&container, "caddy"), pid(&container, "caddy-watchdog"));
    std::thread::sleep(Duration::from_mins(1));
    is_untouched(&container, &caddy);
    assert_eq!(pid(&container, "caddy-watchdog"), heartbeat, "its companion too");
    say("watchdog: 60 s healthy, no restart\n");

    container.ok(&format!("kill -9 {heartbeat}"));
    let back = container.await_ok(
        "systemctl is-active caddy-watchdog && [ $(systemctl show -P WatchdogUSec caddy) = 30s ]",
        Duration::from_secs(10),
    );
    assert_ne!(pid(&container, "caddy-watchdog"), heartbeat);
    is_untouched(&container, &caddy);
    say(&format!("watchdog: heartbeat killed, back after {:.1} s, caddy untouched\n", back.as_secs_f32()));

    container.ok(&format!("kill -STOP {caddy}"));
    let serving = container.await_ok("curl -s -m 1 localhost:8000", Duration::from_secs(40));
    assert_ne!(pid(&container, "caddy"), caddy);
    assert_eq!(container.property("caddy", "NRestarts"), "1");
    say(&format!("watchdog: frozen caddy serves again after {:.1} s\n", serving.as_secs_f32()));

    container.await_ok("systemctl is-active caddy-watchdog", Duration::from_secs(10));
    for what in ["reload", "restart", "stop"] {
        let start = Instant::now();
        container.ok(&format!("systemctl {what} caddy"));
        assert!(start.elapsed() < Duration::from_secs(8), "systemctl {what} took {:?}", start.elapsed());
    }
    container.await_ok("! systemctl is-active caddy-watchdog", Duration::from_secs(5));
}

#[test]
fn a_heartbeat_that_is_frozen_missing_or_masked() {
    let Some(container) = deployed("heartbeat") else { return };
    let (caddy, heartbeat) = (pid(&container, "caddy"), pid(&container, "caddy-watchdog"));
    container.ok(&format!("kill -STOP {heartbeat}"));
    std::thread::sleep(PAST_THE_WATCHDOG);
    is_untouched(&container, &caddy);
    assert_ne!(pid(&container, "caddy-watchdog"), heartbeat, "its own watchdog has replaced it");
    assert_eq!(container.property("caddy-watchdog", "ActiveState"), "active");
    say("watchdog: heartbeat frozen, replaced, caddy untouched\n");

    container.ok("mv /usr/local/bin/caddyctl /root/; kill -9 $(systemctl show -P MainPID caddy-watchdog)");
    std::thread::sleep(PAST_THE_WATCHDOG);
    is_untouched(&container, &caddy);
    assert_ne!(container.property("caddy", "WatchdogUSec"), "30s", "disarmed");
    container.ok("mv /root/caddyctl /usr/local/bin/");
    container.await_ok("[ $(systemctl show -P WatchdogUSec caddy) = 30s ]", Duration::from_secs(10));
    is_untouched(&container, &caddy);
    say("watchdog: its program missing, caddy untouched; back, armed again\n");

    // Masking it is the one way to the kill loop. `status` says so before it begins.
    let unit = "/etc/systemd/system/caddy-watchdog.service";
    container.ok(&format!(
        "mv {unit} /root/; ln -s /dev/null {unit}; systemctl daemon-reload; systemctl stop caddy-watchdog"
    ));
    container.ok("systemctl restart caddy");
    let status = container.run("caddyctl status");
    assert_eq!(status.status, 1, "{}", status.text);
    assert!(status.text.contains("systemd will kill a healthy caddy"), "{}", status.text);
    // A deploy respects the mask, and ends the loop before it begins.
    let (caddy, deploy) = (pid(&container, "caddy"), container.ok("caddyctl deploy"));
    assert!(deploy.contains("caddy-watchdog.service is masked"), "{deploy}");
    assert_eq!(container.property("caddy", "WatchdogUSec"), "0");
    is_untouched(&container, &caddy);
    container.ok(&format!("rm {unit}; systemctl daemon-reload; caddyctl deploy"));
    container.await_ok("[ $(systemctl show -P WatchdogUSec caddy) = 30s ]", Duration::from_secs(10));
    is_untouched(&container, &caddy);
    assert_eq!(container.ok("test -c /dev/null && caddyctl status | tail -n 1"), "all is well");
    say("watchdog: masked, named by status; the next deploy leaves the watchdog out and disarms caddy\n");
}

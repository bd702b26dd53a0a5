//! The watchdog: a healthy Caddy is left alone whatever becomes of its heartbeat, a frozen one is restarted.

use std::time::{Duration, Instant};

use crate::container::{Container, boot, say};

const SITE: &str = ":8000 {\n\trespond here\n}\n";

/// More than the 30 s after which a Caddy without a heartbeat would be killed.
const PAST_THE_WATCHDOG: Duration = Duration::from_secs(34);

/// `reload`, `restart` and `stop` take less.
const FAST: Duration = Duration::from_secs(8);

fn deployed(test: &str) -> Container {
    let container = boot(test);
    container.write("Caddyfile", SITE);
    container.ok("caddyctl deploy");
    assert_eq!(container.property("caddy", "WatchdogUSec"), "30s", "armed without a restart of caddy");
    assert_eq!(container.property("caddy", "NRestarts"), "0");
    container
}

fn pid(container: &Container, unit: &str) -> String {
    container.property(unit, "MainPID")
}

fn is_untouched(container: &Container, caddy: &str) {
    assert_eq!(pid(container, "caddy"), caddy, "caddy is the same process");
    assert_eq!(container.property("caddy", "NRestarts"), "0");
    assert_eq!(container.ok("curl -s -m 5 localhost:8000"), "here");
}

pub fn healthy_then_frozen() {
    let container = deployed("watchdog");
    let (caddy, heartbeat) = (pid(&container, "caddy"), pid(&container, "caddy-watchdog"));
    std::thread::sleep(Duration::from_mins(3));
    is_untouched(&container, &caddy);
    assert_eq!(pid(&container, "caddy-watchdog"), heartbeat, "its companion too");
    say("watchdog: 180 s healthy, no restart\n");

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
    let mut times = String::new();
    for what in ["reload", "restart", "stop"] {
        let start = Instant::now();
        container.ok(&format!("systemctl {what} caddy"));
        assert!(start.elapsed() < FAST, "systemctl {what} took {:?}", start.elapsed());
        times += &format!(" {what} {:.1} s", start.elapsed().as_secs_f32());
    }
    say(&format!("watchdog: with it, systemctl takes:{times}\n"));
    container.await_ok("! systemctl is-active caddy-watchdog", Duration::from_secs(5));
}

pub fn heartbeat_frozen() {
    let container = deployed("frozen");
    let (caddy, heartbeat) = (pid(&container, "caddy"), pid(&container, "caddy-watchdog"));
    container.ok(&format!("kill -STOP {heartbeat}"));
    std::thread::sleep(PAST_THE_WATCHDOG);
    is_untouched(&container, &caddy);
    assert_ne!(pid(&container, "caddy-watchdog"), heartbeat, "its own watchdog has replaced it");
    assert_eq!(container.property("caddy-watchdog", "ActiveState"), "active");
    say("watchdog: heartbeat frozen, replaced, caddy untouched\n");
}

pub fn heartbeat_missing() {
    let container = deployed("missing");
    let caddy = pid(&container, "caddy");
    container.ok("mv /usr/local/bin/caddyctl /root/; kill -9 $(systemctl show -P MainPID caddy-watchdog)");
    std::thread::sleep(PAST_THE_WATCHDOG);
    is_untouched(&container, &caddy);
    assert_ne!(container.property("caddy", "WatchdogUSec"), "30s", "disarmed");
    // Its next start is armed by the unit, and disarmed when the heartbeat fails.
    container.ok("systemctl restart caddy");
    let caddy = pid(&container, "caddy");
    std::thread::sleep(PAST_THE_WATCHDOG);
    is_untouched(&container, &caddy);
    container.ok("mv /root/caddyctl /usr/local/bin/");
    container.await_ok("[ $(systemctl show -P WatchdogUSec caddy) = 30s ]", Duration::from_secs(10));
    is_untouched(&container, &caddy);
    say("watchdog: its program missing, caddy untouched, also when restarted; back, armed again\n");
}

/// A deploy that only brings the heartbeat's program back is done when caddy is watched over again, not before. Here the
/// heartbeat takes 2 s to its first look.
pub fn armed_when_deployed() {
    let container = deployed("armed");
    let caddy = pid(&container, "caddy");
    container.ok("mkdir /opt/slow /etc/systemd/system/caddy-watchdog.service.d");
    container.write("slow", "#!/bin/sh\nsleep 2\nexec /usr/bin/systemctl \"$@\"\n");
    container.ok("install -m 755 slow /opt/slow/systemctl");
    container.write("slow.conf", "[Service]\nEnvironment=PATH=/opt/slow:/usr/bin:/bin\n");
    container.ok("cp slow.conf /etc/systemd/system/caddy-watchdog.service.d/; systemctl daemon-reload");
    container.ok("rm /usr/local/bin/caddyctl; kill -9 $(systemctl show -P MainPID caddy-watchdog)");
    container.await_ok("[ $(systemctl show -P WatchdogUSec caddy) = 0 ]", Duration::from_secs(20));
    container.ok("caddyctl deploy");
    assert_eq!(container.property("caddy", "WatchdogUSec"), "30s", "the deploy said that all is done");
    is_untouched(&container, &caddy);
    say("watchdog: a deploy that brings its program back is done when caddy is armed\n");
}

/// Masking it is the one way to the kill loop. `status` and `doctor` say so before it begins.
pub fn heartbeat_masked() {
    let container = deployed("masked");
    let unit = "/etc/systemd/system/caddy-watchdog.service";
    container.ok(&format!(
        "mv {unit} /root/; ln -s /dev/null {unit}; systemctl daemon-reload; systemctl stop caddy-watchdog"
    ));
    container.ok("systemctl restart caddy");
    for command in ["status", "doctor"] {
        let output = container.run(&format!("caddyctl {command}"));
        assert_eq!(output.status, 1, "{}", output.text);
        assert!(output.text.contains("a healthy Caddy"), "{}", output.text);
    }
    let caddy = pid(&container, "caddy");
    std::thread::sleep(PAST_THE_WATCHDOG);
    container.await_ok("[ $(systemctl show -P NRestarts caddy) -ge 1 ]", Duration::from_secs(10));
    container.await_ok("curl -s -m 1 localhost:8000", Duration::from_secs(20));
    assert_ne!(pid(&container, "caddy"), caddy, "killed in good health, as the facts say");
    say("watchdog: heartbeat masked: the kill loop, named by status and doctor before it began\n");
    // A deploy respects the mask, and ends the loop.
    let (caddy, deploy) = (pid(&container, "caddy"), container.ok("caddyctl deploy"));
    assert!(deploy.contains("caddy-watchdog.service is masked"), "{deploy}");
    assert_eq!(container.property("caddy", "WatchdogUSec"), "0");
    std::thread::sleep(PAST_THE_WATCHDOG);
    assert_eq!(pid(&container, "caddy"), caddy, "the loop has ended");
    container.ok(&format!("rm {unit}; systemctl daemon-reload; caddyctl deploy"));
    container.await_ok("[ $(systemctl show -P WatchdogUSec caddy) = 30s ]", Duration::from_secs(10));
    assert_eq!(pid(&container, "caddy"), caddy);
    assert_eq!(container.ok("test -c /dev/null && caddyctl status | tail -n 1"), "no problems");
    say(
        "watchdog: masked, the next deploy leaves the watchdog out and disarms caddy; unmasked, the next brings it back\n",
    );
}

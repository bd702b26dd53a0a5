//! A deploy is killed at each of its steps, and in every window in which a crash ever broke a site; then Caddy restarts,
//! or the power fails. The site always answers, and the next deploy works.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use caddyctl_deploy::transaction::fault::FaultPoint;

use crate::container::{Container, boot, say};
use crate::site::{answer, write, write_with};

/// What comes after the kill.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    RestartCaddy,
    PowerCut,
}

pub fn killed_at_each_step_then_caddy_restarts() {
    run_all("steps-restart", &steps(), Then::RestartCaddy);
}

pub fn killed_at_each_step_then_the_power_fails() {
    run_all("steps-power", &steps(), Then::PowerCut);
}

pub fn windows_then_caddy_restarts() {
    run_all("windows-restart", WINDOWS, Then::RestartCaddy);
}

pub fn windows_then_the_power_fails() {
    run_all("windows-power", WINDOWS, Then::PowerCut);
}

/// A window, by its number among the facts (`-` for one of our own), and how to get into it: from `old`, on the way to `new`.
struct Window {
    number: &'static str,
    name: &'static str,
    enter: fn(&Container, &Window),
    /// Whether Caddy is stopped when the window is entered.
    stopped: bool,
}

const fn window(number: &'static str, name: &'static str, enter: fn(&Container, &Window)) -> Window {
    Window { number, name, enter, stopped: false }
}

/// Each fault point, with the window that it stands in.
fn steps() -> Vec<Window> {
    let number = |point: FaultPoint| match point {
        FaultPoint::Journalled | FaultPoint::Staged => "2",
        FaultPoint::Started => "1",
        FaultPoint::BeforeLoad => "8",
        FaultPoint::Loaded | FaultPoint::Verified => "3",
        FaultPoint::Pointed | FaultPoint::FirstFile | FaultPoint::Caddyfile | FaultPoint::Placed => "12",
        FaultPoint::Program | FaultPoint::Unit | FaultPoint::Reloaded => "4",
        FaultPoint::Undoing | FaultPoint::HalfUndone => "9",
    };
    FaultPoint::ALL.iter().map(|(point, name)| window(number(*point), name, at_step)).collect()
}

const WINDOWS: &[Window] = &[
    Window {
        stopped: true,
        ..window("1", "written, not started", |c, _| {
            c.ok("systemctl stop caddy");
            killed(c, "reloaded", "deploy");
        })
    },
    window("1", "a config that caddy refuses", |c, window| {
        // Another program has the port, which only Caddy itself finds out: it is on loopback alone.
        c.ok("systemctl is-active -q holder || systemd-run --quiet --unit holder caddy respond --listen 127.0.0.1:8079 x");
        c.await_ok("curl -s localhost:8079", Duration::from_secs(5));
        write_with(c, &window.word(), "", "http://127.0.0.1:8079 {\n\trespond taken\n}\n");
        killed(c, "undoing", "deploy");
    }),
    window("2", "killed while it writes", killed_at_any_moment),
    window("3", "loaded, not committed", |c, _| killed(c, "loaded", "deploy")),
    window("4", "first install: program", |c, _| first_install(c, "program")),
    window("4", "first install: unit", |c, _| first_install(c, "unit")),
    window("4", "first install: no reload", |c, _| first_install(c, "placed")),
    window("5", "written by root, umask 077", |c, _| {
        c.ok("rm -r /etc/caddy/Caddyfile /etc/caddy/sites; chmod -R go= /opt/site/Caddyfile /opt/site/sites");
        killed(c, "placed", "umask 077; caddyctl deploy");
        c.ok("runuser -u caddy -- cat /etc/caddy/Caddyfile /etc/caddy/sites/a.caddy");
    }),
    window("6", "a torn drop-in", |c, _| {
        let path = "/etc/systemd/system/caddy.service.d/override.conf";
        c.ok(&format!("sed -i '/^RestartSec/,$d' {path}; printf RestartS >>{path}; systemctl daemon-reload"));
        assert_eq!(c.property("caddy", "RestartUSec"), "100ms", "systemd says nothing of a torn drop-in");
        let doctor = c.run("caddyctl doctor").text;
        assert!(doctor.contains("override.conf is truncated"), "{doctor}");
    }),
    window("7", "restarted before the commit", |c, _| {
        let mut deploy = slow_deploy(c);
        c.ok("systemctl reset-failed caddy; systemctl restart caddy");
        kill_deployer(c, &mut deploy);
    }),
    window("8", "killed while caddy loads", |c, window| {
        // The first time, the certificates of so many sites take Caddy a moment.
        let site = |number: u32| format!("n{number}-{}.test {{\n\ttls internal\n}}\n", window.word());
        let sites: String = (0..150).map(site).collect();
        write_with(c, &window.word(), "skip_install_trust", &sites);
        // That moment may be over before the next look from outside.
        c.ok(&format!(
            "caddyctl deploy >/dev/null 2>&1 & until {LOADING}; do kill -0 $! || exit 1; done 2>/dev/null; kill -9 $!"
        ));
    }),
    window("9", "rollback, killed when loaded", |c, _| rollback(c, "loaded")),
    window("9", "rollback, killed half way", |c, _| rollback(c, "pointed")),
    window("9", "rollback, killed in its undo", |c, _| {
        c.ok("caddyctl deploy; rm /etc/systemd/system/caddy.service.d/override.conf");
        moving(c);
        killed(c, "undoing", "rollback");
    }),
    window("10", "the admin API moves", |c, window| {
        write_with(c, &window.word(), "admin localhost:2020", "");
        killed(c, "loaded", "deploy");
    }),
    window("10", "the admin API moved, placed", |c, window| {
        write_with(c, &window.word(), "admin localhost:2021", "");
        killed(c, "placed", "deploy");
    }),
    window("10", "the admin API goes off", |c, window| {
        write_with(c, &window.word(), "admin off", "");
        killed(c, "loaded", "deploy --allow-admin-off");
    }),
    window("11", "two at once, the first dies", |c, _| {
        let mut first = slow_deploy(c);
        let second = c.spawn("exec caddyctl deploy --no-checks --wait 30s >/root/second 2>&1");
        std::thread::sleep(Duration::from_millis(700));
        kill_deployer(c, &mut first);
        let done = second.wait_with_output().unwrap();
        assert!(done.status.success(), "{}", c.run("cat /root/second").text);
    }),
    window("13", "its program is missing", |c, _| {
        c.ok("rm /usr/local/bin/caddyctl; kill -9 $(systemctl show -P MainPID caddy-watchdog)");
        c.await_ok("[ $(systemctl show -P WatchdogUSec caddy) != 30s ]", Duration::from_secs(10));
    }),
];

impl Window {
    /// The version that is on its way.
    fn word(&self) -> String {
        let letter = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        format!("new-{}-{}", self.number, self.name).chars().map(letter).collect()
    }
}

/// What one window showed.
struct Row {
    /// What the site answered after the kill, after what followed, after `recover`, after the next deploy.
    answers: [String; 4],
    recovery: String,
    fault: Option<String>,
}

fn run_all(test: &str, windows: &[Window], then: Then) {
    let mut container = boot(test);
    let begun = Instant::now();
    write(&container, "v0");
    container.ok("caddyctl deploy");
    let mut old = "v0".to_owned();
    let follows = if then == Then::PowerCut { "power cut" } else { "restart of caddy" };
    let mut table = "\nwindow | killed                       | then             | result  | after the kill | then | recover | deploy | what recover did\n".to_owned();
    let mut faults = Vec::new();
    for window in windows {
        let Row { answers, recovery, fault } = one(&mut container, window, then, &old);
        old = window.word();
        // `new` and `old` say more than the names of the versions.
        let [killed, after, recovered, deployed] = answers;
        let _ = writeln!(
            table,
            "{:<6} | {:<28} | {follows:<16} | {:<7} | {killed:<14} | {after:<4} | {recovered:<7} | {deployed:<6} | {recovery}",
            window.number,
            window.name,
            if fault.is_some() { "BROKEN" } else { "answers" },
        );
        faults.extend(fault.map(|fault| format!("{} {}: {fault}", window.number, window.name)));
    }
    let _ = writeln!(table, "{} windows in {:.0} s", windows.len(), begun.elapsed().as_secs_f32());
    say(&table);
    assert!(faults.is_empty(), "{faults:#?}");
    container.await_ok("systemctl is-active caddy caddy-watchdog", Duration::from_secs(10));
    let left = container.ok("ls -A /etc/caddy /etc/caddy/sites /etc/systemd/system/caddy.service.d");
    assert_eq!(
        left.split_whitespace().collect::<Vec<_>>(),
        [
            "/etc/caddy:",
            "Caddyfile",
            "sites",
            "/etc/caddy/sites:",
            "a.caddy",
            "b.caddy",
            "/etc/systemd/system/caddy.service.d:",
            "override.conf"
        ]
    );
}

fn one(container: &mut Container, window: &Window, then: Then, old: &str) -> Row {
    let new = window.word();
    write(container, &new);
    let mut faults = Vec::new();
    let mut expect = |is_good: bool, fault: &str| {
        if !is_good {
            faults.push(fault.to_owned());
        }
    };
    (window.enter)(container, window);
    let either = |answer: &str| answer == old || answer == new;
    let at_once = answer(container);
    expect(either(&at_once) || window.stopped, &format!("after the kill: `{at_once}`"));
    match then {
        Then::RestartCaddy => drop(container.ok("systemctl reset-failed caddy; systemctl restart caddy")),
        Then::PowerCut => container.crash_reboot(),
    }
    container.await_ok("curl -s -m 5 localhost:8000", Duration::from_secs(20));
    let after = answer(container);
    expect(either(&after), &format!("after what followed: `{after}`"));
    expect(is_safe(container), "a watchdog is in force, and nobody keeps it quiet");
    let recover = container.run("caddyctl recover");
    expect(recover.status == 0, &format!("recover: {}", recover.text));
    let recovered = answer(container);
    expect(either(&recovered), &format!("after recover: `{recovered}`"));
    clean(container);
    write(container, &new);
    let deploy = container.run("caddyctl deploy");
    expect(deploy.status == 0, &format!("the next deploy: {}", deploy.text));
    let deployed = answer(container);
    expect(deployed == new, "the next deploy is not served");
    let force = container.ok("systemctl show caddy -p Restart,RestartUSec,WatchdogUSec | sort");
    expect(force == "Restart=on-failure\nRestartUSec=5s\nWatchdogUSec=30s", &format!("in force: {force}"));
    let recovery = match recover.text.trim_end().split_once(" was ") {
        Some((_, output)) => output.to_owned(),
        None => recover.text.trim_end().to_owned(),
    };
    let side = |answer: &str| match answer {
        answer if answer == new => "new".to_owned(),
        answer if answer == old => "old".to_owned(),
        "" => "-".to_owned(),
        other => other.to_owned(),
    };
    let answers = [at_once, after, recovered, deployed].map(|answer| side(&answer));
    Row { answers, recovery, fault: (!faults.is_empty()).then(|| faults.join("; ")) }
}

/// Whether a watchdog that is in force has a heartbeat, within the time that the heartbeat takes to come.
fn is_safe(container: &Container) -> bool {
    let quiet = "[ $(systemctl show -P WatchdogUSec caddy) != 30s ] || systemctl is-active -q caddy-watchdog";
    let end = Instant::now() + Duration::from_secs(10);
    while Instant::now() < end {
        if container.run(quiet).status == 0 {
            return true;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    false
}

/// Runs `caddyctl deploy` or another command until it kills itself at a step.
fn killed(container: &Container, step: &str, command: &str) {
    let command = match command.split_once("caddyctl") {
        Some((before, after)) => format!("{before}CADDYCTL_FAULT={step} caddyctl{after}"),
        None => format!("CADDYCTL_FAULT={step} caddyctl {command}"),
    };
    let killed = container.run(&format!("{command}; echo status $?"));
    assert!(killed.text.trim_end().ends_with("status 137"), "was not killed at {step}: {}", killed.text);
}

fn at_step(container: &Container, window: &Window) {
    match window.name {
        "undoing" => rejecting(container),
        "half-undone" => {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("systemd/caddy.service.d/override.conf");
            let text = std::fs::read_to_string(path).unwrap().replace("RestartSec=5s", "RestartSec=6s");
            container.write("systemd/caddy.service.d/override.conf", &text);
            moving(container);
        }
        "program" | "unit" => drop(container.ok("caddyctl uninstall")),
        _ => {}
    }
    killed(container, window.name, "deploy");
}

/// Checks that fail, so that everything has to go back: no answer comes in no time. Offline they pass.
fn rejecting(container: &Container) {
    container.write("checks.toml", "[[check]]\nurl = \"http://localhost:8000/\"\nseconds = 0\n");
}

fn first_install(container: &Container, step: &str) {
    container.ok("caddyctl uninstall");
    assert_eq!(container.property("caddy", "WatchdogUSec"), "0");
    killed(container, step, "deploy");
}

/// A large Caddyfile, and a deploy that is killed after ever more of its time.
fn killed_at_any_moment(container: &Container, window: &Window) {
    let padding = format!("# {}\n", "x".repeat(100)).repeat(5_000);
    write_with(container, &window.word(), "", &padding);
    let new = container.ok("sha256sum <Caddyfile");
    let mut known = vec![container.ok("sha256sum </etc/caddy/Caddyfile"), new];
    for moment in 0..8 {
        let mut deploy = container.spawn("exec caddyctl deploy >/dev/null 2>&1");
        std::thread::sleep(Duration::from_millis(80 + 120 * moment));
        kill_deployer(container, &mut deploy);
        let now = container.ok("sha256sum </etc/caddy/Caddyfile");
        if container.run("grep -q 'caddyctl is putting new files in place' /etc/caddy/Caddyfile").status == 0
        {
            known.push(now.clone());
        }
        assert!(
            known.contains(&now),
            "torn after {moment}: {}",
            container.run("head -c 300 /etc/caddy/Caddyfile").text
        );
    }
}

/// The journal of a deploy says that a load is under way or done.
const LOADING: &str = "grep -q '\"phase\": \"loading\"' /var/lib/caddyctl/journal.json";

/// A deploy whose checks take long: the new configuration runs, the old files are there.
fn slow_deploy(container: &Container) -> std::process::Child {
    let sleeper = "use IO::Socket::INET; $s = IO::Socket::INET->new(Listen => 9, LocalAddr => q(127.0.0.1:8078)); sleep 600";
    container.ok(&format!(
        "systemctl is-active -q sleeper || systemd-run --quiet --unit sleeper perl -e '{sleeper}'"
    ));
    // A source's checks reach only what its configuration names.
    container.ok("grep -q 8078 Caddyfile || printf 'http://127.0.0.1:8076 {\\n\\treverse_proxy 127.0.0.1:8078\\n}\\n' >>Caddyfile");
    container.write("checks.toml", "[[check]]\nurl = \"http://127.0.0.1:8076/\"\nseconds = 30\n");
    let deploy = container.spawn("exec caddyctl deploy >/dev/null 2>&1");
    container.await_ok(LOADING, Duration::from_secs(20));
    std::thread::sleep(Duration::from_millis(300));
    deploy
}

/// Kills the program itself, which is below `nsenter` and `timeout`.
fn kill_deployer(container: &Container, child: &mut std::process::Child) {
    container.run("pid=$(sed -n 's/.*\"pid\":\\([0-9]*\\).*/\\1/p' /var/lib/caddyctl/lock); [ -n \"$pid\" ] && kill -9 $pid");
    let _ = child.kill();
    let _ = child.wait();
    // One that had not taken the lock yet would go on below.
    container.run("for p in /proc/[0-9]*; do grep -qsz '^deploy$' $p/cmdline && grep -qsz caddyctl $p/cmdline && ! grep -qsz wait $p/cmdline && kill -9 ${p#/proc/}; done; true");
}

fn rollback(container: &Container, step: &str) {
    // What is rolled back from is what the next row will call the new version.
    container.ok("caddyctl deploy");
    killed(container, step, "rollback");
}

const GENERATORS: &str = "/etc/systemd/system-generators";

/// Gives the service another environment each time that systemd reads its units, so that what was verified is undone.
fn moving(container: &Container) {
    container.write(
        "moving",
        "#!/bin/sh\nmkdir -p $1/caddy.service.d\nread -r word </proc/sys/kernel/random/uuid\n\
         printf '[Service]\\nEnvironment=MOVING=%s\\n' \"$word\" >$1/caddy.service.d/moving.conf\n",
    );
    container
        .ok(&format!("mkdir -p {GENERATORS}; install -m 755 moving {GENERATORS}; systemctl daemon-reload"));
}

/// Takes away what a window left.
fn clean(container: &Container) {
    container.ok(&format!("rm -rf checks.toml systemd moving {GENERATORS}; systemctl daemon-reload"));
}

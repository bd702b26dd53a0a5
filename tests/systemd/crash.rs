//! A deploy is killed at each of its steps; then Caddy restarts, or the power fails. The site always answers.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use caddyctl::deploy::fault::FaultPoint;

use crate::container::{Container, boot, say};

/// What comes after the kill.
#[derive(Clone, Copy)]
enum Then {
    RestartCaddy,
    PowerCut,
}

#[test]
fn killed_at_each_step_then_caddy_restarts() {
    if let Some(container) = boot("crash-restart") {
        matrix(container, Then::RestartCaddy, "restart caddy");
    }
}

#[test]
fn killed_at_each_step_then_the_power_fails() {
    if let Some(container) = boot("crash-reboot") {
        matrix(container, Then::PowerCut, "power cut");
    }
}

/// What one step showed.
struct Row {
    step: &'static str,
    /// What the site answered after the kill, after what followed, after `recover`, after the next deploy.
    answers: [String; 4],
    recovery: String,
    fault: Option<String>,
}

fn matrix(mut container: Container, then: Then, name: &str) {
    write_site(&container, "v0");
    container.ok("caddyctl deploy");
    let mut rows = Vec::new();
    for (number, (_, step)) in FaultPoint::ALL.iter().enumerate() {
        rows.push(one(&mut container, step, then, &format!("v{number}"), &format!("v{}", number + 1)));
    }
    let mut table = format!(
        "\nkilled at    | then {name:<13} | after the kill | then | recover | next deploy | what recover did\n"
    );
    for Row { step, answers: [killed, after, recovered, deployed], recovery, fault } in &rows {
        let verdict = fault.as_deref().unwrap_or("answers");
        let _ = writeln!(
            table,
            "{step:<12} | {verdict:<18} | {killed:<14} | {after:<4} | {recovered:<7} | {deployed:<11} | {recovery}"
        );
    }
    say(&table);
    let faults: Vec<&str> = rows.iter().filter_map(|row| row.fault.as_deref()).collect();
    assert!(faults.is_empty(), "{faults:?}\n{table}");
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

/// Two imported files that must never be mixed: each version needs both of its own.
fn write_site(container: &Container, version: &str) {
    container.write("sites/a.caddy", &format!("(a_{version}) {{\n\trespond {version}\n}}\n"));
    container.write("sites/b.caddy", &format!("(b_{version}) {{\n\timport a_{version}\n}}\n"));
    container.write("Caddyfile", &format!("import sites/*.caddy\n:8000 {{\n\timport b_{version}\n}}\n"));
}

fn one(container: &mut Container, step: &'static str, then: Then, old: &str, new: &str) -> Row {
    write_site(container, new);
    spoil(container, step);
    let mut faults = Vec::new();
    let mut expect = |is_good: bool, fault: &str| {
        if !is_good {
            faults.push(fault.to_owned());
        }
    };
    let killed = container.run(&format!("CADDYCTL_FAULT={step} caddyctl deploy; echo status $?"));
    expect(killed.text.trim_end().ends_with("status 137"), &format!("was not killed: {}", killed.text));
    let answer = |container: &Container| container.run("curl -s -m 5 localhost:8000").text;
    let either = |answer: &str| answer == old || answer == new;
    let at_once = answer(container);
    expect(either(&at_once), "silent after the kill");
    match then {
        Then::RestartCaddy => drop(container.ok("systemctl reset-failed caddy; systemctl restart caddy")),
        Then::PowerCut => container.crash_reboot(),
    }
    container.await_ok("curl -s -m 5 localhost:8000", Duration::from_secs(20));
    let after = answer(container);
    expect(either(&after), "silent after what followed");
    let recover = container.run("caddyctl recover");
    expect(recover.status == 0, &format!("recover: {}", recover.text));
    let recovered = answer(container);
    expect(either(&recovered), "silent after recover");
    mend(container);
    let deploy = container.run("caddyctl deploy");
    expect(deploy.status == 0, &format!("the next deploy: {}", deploy.text));
    let deployed = answer(container);
    expect(deployed == new, "the next deploy is not served");
    let recovery = match recover.text.trim_end().split_once(" was ") {
        Some((_, said)) => said.to_owned(),
        None => recover.text.trim_end().to_owned(),
    };
    let fault = (!faults.is_empty()).then(|| faults.join("; "));
    Row { step, answers: [at_once, after, recovered, deployed], recovery, fault }
}

/// Makes the deploy fail late enough, where the step belongs to an undo.
fn spoil(container: &Container, step: &str) {
    match step {
        "undoing" => container.write(
            "checks.toml",
            "[[check]]\nurl = \"http://localhost:8000/\"\ncontains = \"what it never says\"\n",
        ),
        "half-undone" => {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("systemd/caddy.service.d/override.conf");
            let text = std::fs::read_to_string(path).unwrap().replace("RestartSec=5s", "RestartSec=6s");
            container.write("systemd/caddy.service.d/override.conf", &text);
            // Somebody's own drop-in has the last word, so that systemd has not in force what was deployed.
            container.ok(&format!("printf '[Service]\\nRestartSec=5s\\n' >{OTHER}; systemctl daemon-reload"));
        }
        _ => {}
    }
}

const OTHER: &str = "/etc/systemd/system/caddy.service.d/zz.conf";

fn mend(container: &Container) {
    container.ok(&format!("rm -rf checks.toml systemd {OTHER}; systemctl daemon-reload"));
}

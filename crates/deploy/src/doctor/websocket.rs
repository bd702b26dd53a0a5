//! The checks of the sites; for one that fails, the upstreams are asked past Caddy, which says on whose side the fault is.

use serde_json::Value;

use super::{Finding, upstreams_of};
use crate::verify::{Check, Checks, Reach, VerifyError, directly, verify};

/// Makes `checks`; `config` names the upstreams.
pub fn checks(checks: &Checks, reach: &Reach, config: &Value) -> Result<Vec<Finding>, VerifyError> {
    // A person waits for the doctor: what does not work now is reported now.
    let now = |check: &Check| Check { retries: 0, ..check.clone() };
    let checks = Checks { check: checks.check.iter().map(now).collect(), ..checks.clone() };
    let outcomes = verify(&checks, reach)?;
    let failed =
        checks.check.iter().zip(outcomes).filter_map(|(check, outcome)| Some((check, outcome.fault?)));
    // What fails in the same way is reported once.
    let mut all: Vec<(Way, Vec<String>)> = Vec::new();
    for (check, fault) in failed {
        let way = Way { is_websocket: check.is_websocket(), help: help(check, &fault, config, reach), fault };
        let name = format!("`{}`", check.shown());
        match all.iter_mut().find(|(known, _)| *known == way) {
            Some((_, names)) => names.push(name),
            None => all.push((way, vec![name])),
        }
    }
    Ok(all.into_iter().map(|(way, names)| way.finding(&names)).collect())
}

/// How a check fails.
#[derive(PartialEq, Eq)]
struct Way {
    is_websocket: bool,
    fault: String,
    help: String,
}

impl Way {
    fn finding(self, names: &[String]) -> Finding {
        let what = if self.is_websocket { "the WebSocket" } else { "the check" };
        let (plural, verb) = if names.len() == 1 { ("", "fails") } else { ("s", "fail") };
        Finding::fault(format!("{what}{plural} {} {verb}: {}", names.join(", "), self.fault), self.help)
    }
}

/// On whose side the fault is.
fn help(check: &Check, fault: &str, config: &Value, reach: &Reach) -> String {
    if fault.contains("issuer of the certificate") {
        return "browsers warn about it too; with `tls internal` this is expected: trust it here with --cacert FILE, see --help"
            .to_owned();
    }
    if fault.contains("does not resolve") || fault.contains("has no address") {
        return "add an A or AAAA record; a line `address = \"127.0.0.1\"` above all checks uses the Caddy of this machine instead"
            .to_owned();
    }
    if fault.contains("no certificate for this name") {
        return "Caddy may still be obtaining it: try again in a minute; see `journalctl -u caddy -g tls`"
            .to_owned();
    }
    if fault.contains("certificate") {
        return "renew the certificate, or replace it".to_owned();
    }
    let behind = match &check.upstream {
        // What changes something is not sent to programs that the check does not name.
        _ if !check.is_safe() => Vec::new(),
        Some(upstream) => vec![upstream.clone()],
        // No program behind Caddy answers with Caddy's redirect, nor is one asked by a connection that is not made.
        None if check.is_of_redirect() || !fault.starts_with("status ") => Vec::new(),
        None => upstreams_of(config).into_iter().filter(|dial| !dial.contains('{')).collect(),
    };
    let ask = |upstream: &str| directly(check, upstream, reach.bounds.as_ref());
    let asked: Vec<_> = behind.iter().take(8).map(|upstream| (upstream, ask(upstream))).collect();
    match (asked.iter().find(|(_, answer)| answer.is_ok()), asked.first()) {
        (Some((upstream, _)), _) => format!(
            "{upstream} itself responds correctly: the problem is between it and the client; `caddyctl routes` shows which route takes the request"
        ),
        (None, Some((upstream, Err(error)))) => {
            format!("{upstream} itself fails too ({error}): the problem is in its program")
        }
        _ => "`caddyctl routes` shows which route takes the request".to_owned(),
    }
}

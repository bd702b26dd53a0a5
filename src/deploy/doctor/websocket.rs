//! The checks of the sites; for one that fails, the upstreams are asked past Caddy, which says on whose side the fault is.

use serde_json::Value;

use super::{Finding, upstreams_of};
use crate::deploy::verify::{Check, Checks, Reach, VerifyError, directly, verify};

/// Makes `checks`; `config` names the upstreams.
pub fn checks(checks: &Checks, reach: &Reach, config: &Value) -> Result<Vec<Finding>, VerifyError> {
    // A person waits for the doctor: what does not work now is said now.
    let now = |check: &Check| Check { retries: 0, ..check.clone() };
    let checks = Checks { check: checks.check.iter().map(now).collect(), ..checks.clone() };
    let outcomes = verify(&checks, reach)?;
    let failed =
        checks.check.iter().zip(outcomes).filter_map(|(check, outcome)| Some((check, outcome.fault?)));
    Ok(failed.map(|(check, fault)| finding(check, &fault, config)).collect())
}

fn finding(check: &Check, fault: &str, config: &Value) -> Finding {
    let what = if check.is_websocket() { "the WebSocket" } else { "the check" };
    let fault = format!("{what} {} fails: {fault}", check.shown());
    let behind = match &check.upstream {
        Some(upstream) => vec![upstream.clone()],
        None => upstreams_of(config).into_iter().filter(|dial| !dial.contains('{')).collect(),
    };
    let asked: Vec<_> = behind.iter().take(8).map(|upstream| (upstream, directly(check, upstream))).collect();
    let help = match (asked.iter().find(|(_, answer)| answer.is_ok()), asked.first()) {
        (Some((upstream, _)), _) => format!(
            "asked directly, {upstream} answers as it should: the fault is on the way to it; `caddyctl routes` shows which route takes the request"
        ),
        (None, Some((upstream, Err(error)))) => {
            format!(
                "asked directly, {upstream} does no better ({error}): the fault is in the program behind it"
            )
        }
        _ => "`caddyctl routes` shows which route takes the request".to_owned(),
    };
    Finding::fault(fault, help)
}

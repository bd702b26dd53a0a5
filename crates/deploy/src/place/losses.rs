//! What a deploy takes away: sites, logins, certificates, open streams. It is reported before anything changes.

use std::time::Duration;

use caddyctl_analysis::diff::{Change, Effect, EffectKind, RouteChange, Show, Side, compare};
use serde_json::Value;

/// More bytes of JSON than this, of both configurations together, are not compared: a deploy does not wait for it.
const MOST: usize = 2 << 20;

/// So many losses are named.
const SHOWN: usize = 20;

/// How long upstreams may take to answer, all of them together.
const ASKING: Duration = Duration::from_millis(500);

/// What `new` no longer has of what `old` had, each in a sentence. `sizes` are the bytes of both as JSON.
pub fn losses(old: &Value, new: &Value, sizes: usize) -> Vec<String> {
    if sizes > MOST {
        return vec![
            "the configurations are too large to compare them here; `caddyctl diff` says what is lost"
                .to_owned(),
        ];
    }
    let (old, new) = (Side::json("installed", old.clone()), Side::json("new", new.clone()));
    let report = compare(&old, &new, Show { secrets: false });
    let mut lines: Vec<String> = report.effects.iter().filter(|effect| is_loss(effect)).map(words).collect();
    lines.extend(report.routes.iter().filter_map(login));
    if lines.len() > SHOWN {
        let more = lines.len() - SHOWN;
        lines.truncate(SHOWN);
        lines.push(format!("and {more} more; `caddyctl diff` names them"));
    }
    lines
}

fn is_loss(effect: &Effect) -> bool {
    match effect.kind {
        EffectKind::Streams => true,
        EffectKind::Site | EffectKind::Certificate => {
            matches!(effect.change, Change::Removed | Change::Unreachable)
        }
        EffectKind::Listener | EffectKind::Option | EffectKind::Systemd => false,
    }
}

fn words(effect: &Effect) -> String {
    effect.message.to_string()
}

/// A login that is gone, or that fewer requests come to.
fn login(route: &RouteChange) -> Option<String> {
    let is_login = |words: &str| {
        ["basic_auth", "authentication", "forward_auth"].iter().any(|name| words.starts_with(name))
    };
    let old = route.old.as_deref().filter(|old| is_login(old))?;
    let is_kept = route.new.as_deref().is_some_and(is_login);
    let what = match route.change {
        Change::Removed => "removed",
        Change::Unreachable => "never reached any more",
        Change::Changed if !is_kept && route.new.is_some() => "replaced",
        _ => return None,
    };
    let of = route.sites.first().map(|site| format!(" of {site}")).unwrap_or_default();
    let name = old.split_whitespace().next().unwrap_or(old);
    Some(format!("login {name}{of} {what}"))
}

/// Upstreams of `config` that take no connection, each with the reason, found in half a second.
pub fn silent_upstreams(config: &Value) -> Vec<String> {
    let (say, hear) = std::sync::mpsc::channel();
    let config = config.clone();
    std::thread::spawn(move || say.send(crate::doctor::upstreams(&config)));
    let findings = hear.recv_timeout(ASKING).unwrap_or_default();
    findings.into_iter().map(|finding| finding.fault).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_lost_is_named() {
        let site = |host: &str, handle: Value| json!({"match": [{"host": [host]}], "handle": handle, "terminal": true});
        let config = |routes: Value| json!({"apps": {"http": {"servers": {"srv0": {"listen": [":443"], "routes": routes}}}}});
        let answer = json!([{"handler": "static_response", "body": "x"}]);
        let login = json!([{"handler": "authentication", "providers": {"http_basic": {"accounts": [{"username": "a", "password": "b"}]}}}, {"handler": "static_response", "body": "x"}]);
        let old = config(json!([site("a.test", login), site("b.test", answer.clone())]));
        let new = config(json!([site("a.test", answer)]));
        let lines = losses(&old, &new, 0).join("\n");
        assert!(lines.contains("b.test"), "{lines}");
        assert!(lines.contains("login basic_auth of "), "{lines}");
        assert!(losses(&old, &old, 0).is_empty());
        assert!(losses(&old, &new, MOST + 1)[0].contains("too large"));
    }
}

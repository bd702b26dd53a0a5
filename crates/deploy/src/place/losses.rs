//! What a deploy takes away: sites, access control, certificates, open streams. It is reported before anything changes.

use std::collections::BTreeSet;
use std::time::Duration;

use caddyctl_analysis::diff::{Access, AccessKind, Change, Effect, EffectKind, Show, Side, compare};
use serde_json::Value;

use crate::doctor::{Upstreams, upstreams};
use crate::json::collect;

/// More bytes of JSON than this, of both configurations together, are not compared as a whole: a deploy does not wait for it.
const MOST: usize = 2 << 20;

/// So many losses are named.
const SHOWN: usize = 20;

/// How long upstreams may take to answer, all of them together.
const ASKING: Duration = Duration::from_millis(500);

/// What `new` no longer has of what `old` had, each in a sentence. `sizes` are the bytes of both as JSON.
pub fn losses(old: &Value, new: &Value, sizes: usize) -> Vec<String> {
    if sizes > MOST {
        return of_large(old, new);
    }
    let (old, new) = (Side::json("installed", old.clone()), Side::json("new", new.clone()));
    let report = compare(&old, &new, Show { secrets: false });
    let mut lines: Vec<String> = report.effects.iter().filter(|effect| is_loss(effect)).map(words).collect();
    lines.extend(report.access.iter().filter_map(access));
    if lines.len() > SHOWN {
        let more = lines.len() - SHOWN;
        lines.truncate(SHOWN);
        lines.push(format!("and {more} more; `caddyctl diff` names them"));
    }
    lines
}

/// The same of large configurations: names of sites and listeners, which are found in one pass.
fn of_large(old: &Value, new: &Value) -> Vec<String> {
    let servers = |config: &Value| config["apps"]["http"]["servers"].clone();
    let all = |config: &Value, key: &str| {
        let mut found = BTreeSet::new();
        collect(&servers(config), key, &mut found);
        found
    };
    let mut said = Vec::new();
    for (key, what) in [("host", "site"), ("listen", "listener")] {
        let (before, after) = (all(old, key), all(new, key));
        let gone: Vec<&String> = before.difference(&after).collect();
        said.extend(gone.iter().take(SHOWN).map(|name| format!("{what} {name} removed")));
        if let Some(more) = gone.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            said.push(format!("and {more} more {what}s"));
        }
    }
    said.push("the configurations are large: only sites and listeners were compared; `caddyctl diff` shows the rest".to_owned());
    said
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

/// Access control that is gone, that other requests come to, or that another route now comes before.
fn access(access: &Access) -> Option<String> {
    let route = &access.route;
    let of = route.sites.first().map(|site| format!(" of {site}")).unwrap_or_default();
    let first = |words: &Option<String>| {
        words.as_deref().and_then(|words| words.split(' ').next().map(str::to_owned))
    };
    let (old, new) = (first(&route.old), first(&route.new));
    let what = match access.kind {
        AccessKind::BasicAuth | AccessKind::ForwardAuth => format!("login {}", old.as_deref()?),
        AccessKind::Guard => format!("guard {}", old.as_deref()?),
        AccessKind::ClientAuth => "client certificates".to_owned(),
        AccessKind::Address => "rule for client addresses".to_owned(),
        AccessKind::Refusal => "refusal of requests".to_owned(),
        AccessKind::Order => {
            let is_before = matches!(route.change, Change::Added | Change::Reachable | Change::Moved);
            return is_before
                .then(|| format!("guards{of} come after `{}` now", new.as_deref().unwrap_or("a route")));
        }
    };
    let became = match route.change {
        Change::Removed => "removed",
        Change::Unreachable => "never reached any more",
        Change::Changed if new.is_some() && new != old => "replaced",
        Change::Changed if route.old_matchers.is_some() => "for other requests than before",
        _ => return None,
    };
    Some(format!("{what}{of} {became}"))
}

/// Upstreams of `config` that take no connection, each in a sentence, as far as they can be asked in half a second; and
/// how many could not.
pub fn silent_upstreams(config: &Value) -> (Vec<String>, usize) {
    let Upstreams { findings, unasked } = upstreams(config, ASKING);
    (findings.into_iter().map(|finding| finding.fault).collect(), unasked)
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
        let inside = json!({"match": [{"host": ["a.test"], "not": [{"remote_ip": {"ranges": ["10.0.0.0/8"]}}]}], "handle": [{"handler": "static_response", "abort": true}]});
        let closed =
            config(json!([inside, site("a.test", json!([{"handler": "static_response", "body": "x"}]))]));
        let lines = losses(&closed, &new, 0).join("\n");
        assert!(lines.contains("refusal of requests of a.test removed"), "{lines}");
        assert!(losses(&new, &closed, 0).is_empty(), "what is added is no loss");
        let large = losses(&old, &new, MOST + 1);
        assert_eq!((large.len(), large[0].as_str()), (2, "site b.test removed"));
        assert!(large[1].contains("only sites and listeners"), "{large:?}");
    }
}

//! Access logs, site by site: which logger writes them.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::super::report::{Change, Effect, EffectKind};
use crate::routes::matchers;

/// The access log of the sites that both servers have, where it differs.
pub fn logs(old: &Value, new: &Value, hosts: &[String]) -> Vec<Effect> {
    let (before, after) = (Logs::new(old), Logs::new(new));
    let mut groups: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for host in hosts {
        let pair = (before.of(host), after.of(host));
        if pair.0 != pair.1 {
            groups.entry(pair).or_default().push(if host.is_empty() {
                "any host".to_owned()
            } else {
                host.clone()
            });
        }
    }
    let effects = groups.into_iter().map(|((was, is), hosts)| {
        let names = super::hosts(&hosts);
        let message = format!("access log of {names}: {was} -> {is}");
        let mut effect = super::effect(EffectKind::Option, Change::Changed, "access log", message);
        effect.sites = hosts;
        effect
    });
    effects.collect()
}

struct Logs<'a> {
    logs: Option<&'a Value>,
    skipped: HashSet<&'a str>,
}

impl<'a> Logs<'a> {
    fn new(server: &'a Value) -> Self {
        let logs = server.get("logs");
        let skipped = logs.and_then(|logs| logs.get("skip_hosts"));
        Self { logs, skipped: skipped.into_iter().flat_map(matchers::strings).collect() }
    }

    fn of(&self, host: &str) -> String {
        let Some(logs) = self.logs else { return "off".to_owned() };
        if self.skipped.contains(host) {
            return "off".to_owned();
        }
        let named = logs.get("logger_names").and_then(|names| names.get(host));
        let names: Vec<&str> = match named {
            Some(Value::String(name)) => vec![name],
            Some(list) => matchers::strings(list).collect(),
            None if logs.get("skip_unmapped_hosts").and_then(Value::as_bool) == Some(true) => {
                return "off".to_owned();
            }
            None => logs.get("default_logger_name").and_then(Value::as_str).into_iter().collect(),
        };
        // Loggers without a name of their own are numbered by the order in the file.
        let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        if names.is_empty() {
            return "on".to_owned();
        }
        if names.iter().all(|name| numbered(name)) {
            "on, in its own log".to_owned()
        } else {
            names.join(" ")
        }
    }
}

/// `log0`, `log1`: names that Caddy makes up.
fn numbered(name: &str) -> bool {
    name.strip_prefix("log").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

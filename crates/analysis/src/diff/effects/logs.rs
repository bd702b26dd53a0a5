//! Access logs, site by site: which logger writes them.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::super::message::{Message, Values};
use super::super::report::{Change, Effect, EffectKind};
use crate::routes::matchers;
use caddyctl_language::source::variables::Mode;

/// The access log of the sites that both servers have, where it differs.
pub(crate) fn logs(old: (&Value, &Value), new: (&Value, &Value), hosts: &[String]) -> Vec<Effect> {
    let (before, after) = (Logs::new(old.0, old.1), Logs::new(new.0, new.1));
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
        let what = format!("access log of {names}:");
        let message = Message::Changed(what, Values::Other(was, is), Mode::Value);
        let mut effect = super::effect(EffectKind::Option, Change::Changed, "access log", message);
        effect.sites = hosts;
        effect
    });
    effects.collect()
}

/// What a logger writes to: the name of one that has none.
pub(crate) fn label(logger: &Value) -> String {
    let writer = logger.pointer("/writer/filename").or_else(|| logger.pointer("/writer/address"));
    let writer = writer.or_else(|| logger.pointer("/writer/output")).and_then(Value::as_str);
    format!("log to {}", writer.unwrap_or("stderr"))
}

struct Logs<'a> {
    loggers: Option<&'a Value>,
    settings: Option<&'a Value>,
    skipped: HashSet<&'a str>,
}

impl<'a> Logs<'a> {
    fn new(config: &'a Value, server: &'a Value) -> Self {
        let logs = server.get("logs");
        let skipped = logs.and_then(|logs| logs.get("skip_hosts"));
        Self {
            loggers: config.pointer("/logging/logs"),
            settings: logs,
            skipped: skipped.into_iter().flat_map(matchers::strings).collect(),
        }
    }

    fn of(&self, host: &str) -> String {
        let Some(logs) = self.settings else { return "off".to_owned() };
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
        let words = names.iter().map(|name| match self.loggers.and_then(|loggers| loggers.get(name)) {
            Some(logger) if numbered(name) => label(logger),
            _ => (*name).to_owned(),
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

/// `log0`, `log1`: names that Caddy makes up.
fn numbered(name: &str) -> bool {
    name.strip_prefix("log").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

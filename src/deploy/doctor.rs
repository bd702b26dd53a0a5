//! The troubleshooting of a site, done by the machine: each finding says what is wrong and what to do.

use std::collections::BTreeSet;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::owner::{Ownership, Reader};
use super::probe::Listener;
use crate::source::Env;

/// How long a listener or an upstream may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What is wrong.
    pub fault: String,
    /// What to do about it.
    pub help: String,
}

fn finding(fault: impl Into<String>, help: impl Into<String>) -> Finding {
    Finding { fault: fault.into(), help: help.into() }
}

/// Listeners of `config` that do not answer.
pub fn listeners(config: &Value) -> Vec<Finding> {
    let silent = |listener: Listener| {
        let error = listener.probe(PATIENCE).err()?;
        let help = "is caddy running, and does another program hold the port? `ss -ltnp` shows who does";
        Some(finding(format!("nothing answers at {listener}: {error}"), help))
    };
    Listener::of_config(config).into_iter().filter_map(silent).collect()
}

/// Upstreams of `config` that take no connection. Addresses with placeholders are left out.
pub fn upstreams(config: &Value) -> Vec<Finding> {
    let mut dials = BTreeSet::new();
    collect(config, "dial", &mut dials);
    let out_of_reach = |dial: String| {
        let reason = connect(&dial)?;
        let help = "start the program behind it, or mend the address in `reverse_proxy`";
        Some(finding(format!("the upstream {dial} cannot be reached: {reason}"), help))
    };
    dials.into_iter().filter_map(out_of_reach).collect()
}

/// Why `dial` takes no connection; `None` when it does, or when only Caddy can know.
fn connect(dial: &str) -> Option<String> {
    if dial.contains('{') {
        return None;
    }
    if let Some(path) = dial.strip_prefix("unix/") {
        return std::os::unix::net::UnixStream::connect(path).err().map(|error| error.to_string());
    }
    let addresses = match dial.to_socket_addrs() {
        Ok(addresses) => addresses,
        Err(error) => return Some(error.to_string()),
    };
    let mut last = "its name has no address".to_owned();
    for address in addresses {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(_) => return None,
            Err(error) => last = error.to_string(),
        }
    }
    Some(last)
}

/// Host names of the sites of `config` that do not resolve. `resolve` says whether a name has an address.
pub fn names(config: &Value, resolve: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let mut hosts = BTreeSet::new();
    collect(config, "host", &mut hosts);
    let is_name = |host: &String| {
        !host.contains(['*', '{', '/']) && host.contains('.') && host.parse::<std::net::IpAddr>().is_err()
    };
    let lost = |host: String| {
        let help =
            "add an A or AAAA record that points to this machine; without it no certificate can be had";
        (!resolve(&host)).then(|| finding(format!("the name {host} does not resolve"), help))
    };
    hosts.into_iter().filter(is_name).filter_map(lost).collect()
}

/// Variables that the running process has otherwise than its unit says: `{env.X}` stays old until a restart.
pub fn environment(running: &Env, unit: &Env) -> Vec<Finding> {
    let differs = |(name, value): &(&str, &str)| running.get(name) != Some(value);
    let help = "restart caddy: a reload does not change the environment of the running process";
    let said = |(name, _): (&str, &str)| {
        finding(format!("the running caddy has another {name} than its unit says"), help)
    };
    unit.iter().filter(differs).map(said).collect()
}

/// Whether the service's user can read the installed Caddyfile at its next start.
pub fn readable(reader: &Reader, path: &std::path::Path) -> Vec<Finding> {
    let Ok(metadata) = std::fs::metadata(path) else {
        let help = "deploy one with `caddyctl deploy`";
        return vec![finding(format!("there is no file {}", path.display()), help)];
    };
    if reader.may_read(Ownership::of(&metadata)) && reader.stopped_at(path).is_none() {
        return Vec::new();
    }
    let help = format!("chown root:caddy {0} && chmod 0640 {0}", path.display());
    vec![finding(format!("the service's user cannot read {}: the next start fails", path.display()), help)]
}

/// All texts below keys called `key`, at any depth: a string, or the strings of a list.
fn collect(value: &Value, key: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                match value {
                    Value::String(text) if name == key => drop(into.insert(text.clone())),
                    Value::Array(list) if name == key => {
                        into.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    other => collect(other, key, into),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, key, into)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_out_of_reach() {
        let here = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let config = json!({"handle": [{"upstreams": [
            {"dial": here.local_addr().unwrap().to_string()}, {"dial": gone.to_string()}, {"dial": "{env.X}:1"}
        ]}], "match": [{"host": ["a.test", "*.b.test", "127.0.0.1", "c.test"]}]});
        let faults: Vec<String> = upstreams(&config).into_iter().map(|finding| finding.fault).collect();
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with(&format!("the upstream {gone} cannot be reached: ")), "{faults:?}");
        let lost: Vec<String> =
            names(&config, &|name| name == "c.test").into_iter().map(|f| f.fault).collect();
        assert_eq!(lost, ["the name a.test does not resolve"]);
    }

    #[test]
    fn an_environment_that_is_old() {
        let unit = Env::from_iter([("A", "new"), ("B", "same")]);
        let running = Env::from_iter([("A", "old"), ("B", "same"), ("PATH", "/bin")]);
        let faults: Vec<String> = environment(&running, &unit).into_iter().map(|f| f.fault).collect();
        assert_eq!(faults, ["the running caddy has another A than its unit says"]);
    }
}

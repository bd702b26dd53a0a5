//! The troubleshooting of a site, done by the machine: each finding says what is wrong and what to do.

use std::collections::BTreeSet;
use std::net::{IpAddr, TcpStream, ToSocketAddrs as _, UdpSocket};
use std::time::Duration;

use jiff::Timestamp;
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

/// Listeners of `config` that do not answer, or that another program has. `holder` names the program that listens on a TCP
/// port, when it can be told.
pub fn listeners(config: &Value, holder: &dyn Fn(u16) -> Option<String>) -> Vec<Finding> {
    let look = |listener: Listener| {
        let port = if let Listener::Tcp(address) = &listener { Some(address.port()) } else { None };
        if let Some(other) = port.and_then(holder).filter(|name| name != "caddy") {
            let help = format!("stop {other} or give it another port; then `systemctl restart caddy`");
            return Some(finding(format!("{listener} is held by {other}, and not by caddy"), help));
        }
        let error = listener.probe(PATIENCE).err()?;
        let help =
            "nobody else holds it: is caddy running, and with this configuration? `caddyctl status` shows it";
        Some(finding(format!("nothing answers at {listener}: {error}"), help))
    };
    Listener::of_config(config).into_iter().filter_map(look).collect()
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

/// Host names of the sites of `config` that do not lead to this machine. `resolve` gives the addresses of a name,
/// `is_here` says whether an address is one of this machine; it is `None` behind a NAT, where nobody can tell.
pub fn names(
    config: &Value,
    resolve: &dyn Fn(&str) -> Vec<IpAddr>,
    is_here: Option<&dyn Fn(IpAddr) -> bool>,
) -> Vec<Finding> {
    let mut hosts = BTreeSet::new();
    collect(config, "host", &mut hosts);
    let is_name = |host: &String| {
        !host.contains(['*', '{', '/']) && host.contains('.') && host.parse::<std::net::IpAddr>().is_err()
    };
    let help = "an A or AAAA record has to point to this machine; without it no certificate can be had";
    let lost = |host: String| {
        let addresses = resolve(&host);
        if addresses.is_empty() {
            return Some(finding(format!("the name {host} does not resolve"), help));
        }
        let elsewhere =
            addresses.into_iter().find(|address| is_here.is_some_and(|is_here| !is_here(*address)))?;
        Some(finding(format!("the name {host} leads to {elsewhere}, which is not this machine"), help))
    };
    hosts.into_iter().filter(is_name).filter_map(lost).collect()
}

/// Whether `address` is one of this machine: only then can a socket be bound to it.
pub fn is_local(address: IpAddr) -> bool {
    UdpSocket::bind((address, 0)).is_ok()
}

/// Whether this machine has a public address itself: its own is the one that it would send from. Nothing is sent.
pub fn has_public_address() -> bool {
    let from = |any: &str, to: &str| {
        let socket = UdpSocket::bind(any).ok()?;
        socket.connect(to).ok()?;
        socket.local_addr().ok()
    };
    // Addresses that are kept for documentation (RFC 5737, RFC 3849): routed as any other.
    let four = from("0.0.0.0:0", "192.0.2.1:9");
    four.is_some_and(|own| match own.ip() {
        IpAddr::V4(own) => {
            let is_shared = own.octets()[0] == 100 && own.octets()[1] & 0xC0 == 64;
            !(own.is_private()
                || own.is_loopback()
                || own.is_link_local()
                || own.is_unspecified()
                || is_shared)
        }
        IpAddr::V6(_) => false,
    })
}

/// A clock that is wrong, and certificates with it: what `timedatectl show` says, and when the last deployment was.
pub fn clock(timedatectl: &str, last: Option<Timestamp>, now: Timestamp) -> Vec<Finding> {
    let help = "set it, and switch its synchronisation on: `timedatectl set-ntp true`";
    let mut findings = Vec::new();
    if let Some(last) = last.filter(|last| now < *last) {
        findings.push(finding(
            format!("the clock says {now:.0}, and the last deployment was at {last:.0}"),
            help,
        ));
    }
    if timedatectl.lines().any(|line| line == "NTPSynchronized=no") {
        findings.push(finding("the clock is not synchronised; a wrong one makes certificates invalid", help));
    }
    findings
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
pub(super) fn collect(value: &Value, key: &str, into: &mut BTreeSet<String>) {
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
        let resolve =
            |name: &str| if name == "c.test" { vec![IpAddr::from([192, 0, 2, 7])] } else { Vec::new() };
        let faults = |found: Vec<Finding>| found.into_iter().map(|found| found.fault).collect::<Vec<_>>();
        let lost = faults(names(&config, &resolve, None));
        assert_eq!(lost, ["the name a.test does not resolve"]);
        assert_eq!(
            faults(names(&config, &resolve, Some(&is_local)))[1..],
            ["the name c.test leads to 192.0.2.7, which is not this machine"]
        );
        assert!(is_local(IpAddr::from([127, 0, 0, 1])));
        let servers = json!({"apps": {"http": {"servers": {"a": {"listen": [here.local_addr().unwrap().to_string()]}}}}});
        let held = faults(listeners(&servers, &|_| Some("nginx".to_owned())));
        assert_eq!(held, [format!("{} is held by nginx, and not by caddy", here.local_addr().unwrap())]);
    }

    #[test]
    fn a_clock_that_is_wrong() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let faults =
            |text: &str, last, now| clock(text, last, now).into_iter().map(|f| f.fault).collect::<Vec<_>>();
        assert_eq!(faults("NTP=yes\nNTPSynchronized=yes\n", Some(at(0)), at(1)), Vec::<String>::new());
        assert_eq!(
            faults("NTPSynchronized=no\n", Some(at(60)), at(0)),
            [
                "the clock says 1970-01-01T00:00:00Z, and the last deployment was at 1970-01-01T00:01:00Z",
                "the clock is not synchronised; a wrong one makes certificates invalid",
            ]
        );
    }

    #[test]
    fn an_environment_that_is_old() {
        let unit = Env::from_iter([("A", "new"), ("B", "same")]);
        let running = Env::from_iter([("A", "old"), ("B", "same"), ("PATH", "/bin")]);
        let faults: Vec<String> = environment(&running, &unit).into_iter().map(|f| f.fault).collect();
        assert_eq!(faults, ["the running caddy has another A than its unit says"]);
    }
}

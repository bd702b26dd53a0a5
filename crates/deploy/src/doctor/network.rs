//! Listeners, upstreams and names.

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, TcpStream, ToSocketAddrs as _, UdpSocket};
use std::time::Duration;

use serde_json::Value;

use super::{Finding, PATIENCE};
use crate::certificates::secure_sites;
use crate::json::collect;
use crate::listener::Listener;
use crate::process::deadline::Deadline;

/// Listeners of `config` that another program has or, when Caddy is up, that do not answer. `holder` names the program
/// that listens on a TCP port, when it is known.
pub fn listeners(config: &Value, is_up: bool, holder: &dyn Fn(u16) -> Option<String>) -> Vec<Finding> {
    let look = |listener: Listener| {
        let port = if let Listener::Tcp(address) = &listener { Some(address.port()) } else { None };
        if let Some(other) = port.and_then(holder).filter(|name| name != "caddy") {
            let help = format!("stop {other} or give it another port; then `systemctl restart caddy`");
            return Some(Finding::fault(format!("{other} listens on {listener}, not Caddy"), help));
        }
        let error = if is_up { listener.probe(PATIENCE).err()? } else { return None };
        let help = "no other process is listening there; check with `caddyctl status` that Caddy runs this configuration, and load it with `caddyctl deploy`";
        Some(Finding::fault(format!("no response from {listener}: {error}"), help))
    };
    let mut all = Listener::of_config(config);
    all.extend(redirects(config, &all));
    all.into_iter().filter_map(look).collect()
}

/// The port for redirects and for challenges of HTTP, which Caddy opens by itself in addition to 443 (Caddy docs, "Automatic
/// HTTPS").
fn redirects(config: &Value, listeners: &[Listener]) -> Option<Listener> {
    let http = &config["apps"]["http"];
    let port = |key: &str, standard: u16| {
        http[key].as_u64().and_then(|port| port.try_into().ok()).unwrap_or(standard)
    };
    let (plain, tls) = (port("http_port", 80), port("https_port", 443));
    let is_at = |port| move |listener: &&Listener| matches!(listener, Listener::Tcp(at) if at.port() == port);
    let secure = listeners.iter().find(is_at(tls))?;
    let off = |server: &Value| {
        let automatic = &server["automatic_https"];
        ["disable", "disable_redirects"].iter().any(|key| automatic[key].as_bool() == Some(true))
    };
    let servers = http["servers"].as_object()?;
    if servers.values().any(off) || listeners.iter().any(|listener| is_at(plain)(&listener)) {
        return None;
    }
    let Listener::Tcp(mut at) = secure.clone() else { return None };
    at.set_port(plain);
    Some(Listener::Tcp(at))
}

/// What upstreams answered, and how many of them were not asked in time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upstreams {
    /// Those that take no connection.
    pub findings: Vec<Finding>,
    /// How many were not asked.
    pub unasked: usize,
}

/// Upstreams of `config` that take no connection, as far as they could be asked `within` this time. Addresses with
/// placeholders are left out.
pub fn upstreams(config: &Value, within: Duration) -> Upstreams {
    let dials = upstreams_of(config);
    let (deadline, mut unasked) = (Deadline::after(within), dials.len());
    let (say, hear) = std::sync::mpsc::channel();
    // A name may take its resolver longer than the time that is left.
    std::thread::spawn(move || {
        for dial in dials {
            let reason = connect(&dial, deadline);
            if say.send(reason.map(|reason| (dial, reason))).is_err() {
                return;
            }
        }
    });
    let mut findings = Vec::new();
    while let Ok(answer) = hear.recv_timeout(deadline.left()) {
        unasked -= 1;
        findings.extend(answer.map(|(dial, reason)| {
            let help = "start its program, or fix the address in `reverse_proxy`";
            Finding::fault(format!("the upstream {dial} is unreachable: {reason}"), help)
        }));
    }
    Upstreams { findings, unasked }
}

/// The addresses that proxies of `config` dial.
pub(super) fn upstreams_of(config: &Value) -> BTreeSet<String> {
    let mut dials = BTreeSet::new();
    collect(config, "dial", &mut dials);
    dials
}

/// Why `dial` takes no connection; `None` when it does, or when only Caddy can know.
fn connect(dial: &str, deadline: Deadline) -> Option<String> {
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
        let within = PATIENCE.min(deadline.left_or(Duration::from_millis(1)));
        match TcpStream::connect_timeout(&address, within) {
            Ok(_) => return None,
            Err(error) => last = error.to_string(),
        }
    }
    Some(last)
}

/// The names of the sites of `config` that a resolver can be asked for.
pub fn names_of(config: &Value) -> BTreeSet<String> {
    let mut hosts = BTreeSet::new();
    collect(config, "host", &mut hosts);
    hosts.retain(|host| {
        !host.contains(['*', '{', '/']) && host.contains('.') && host.parse::<std::net::IpAddr>().is_err()
    });
    hosts
}

/// Those of `names`, sites of `config`, that do not lead to this machine. `resolve` gives the addresses of a name, `is_here`
/// says whether an address is one of this machine; it is `None` behind a NAT, where nobody can tell.
pub fn names(
    config: &Value,
    names: &[String],
    resolve: &dyn Fn(&str) -> io::Result<Vec<IpAddr>>,
    is_here: Option<&dyn Fn(IpAddr) -> bool>,
) -> Vec<Finding> {
    let secure = secure_sites(config);
    let lost = |host: &String| {
        let help = if secure.contains_key(host) {
            "add an A or AAAA record that points to this machine; Caddy cannot obtain a certificate without it"
        } else {
            "add an A or AAAA record that points to this machine"
        };
        let addresses = match resolve(host) {
            Ok(addresses) => addresses,
            Err(reason) => {
                let fault = format!("could not resolve the name {host}: {reason}");
                return Some(Finding::warning(fault, "set another resolver with --resolver"));
            }
        };
        if addresses.is_empty() {
            return Some(Finding::fault(format!("the name {host} does not resolve"), help));
        }
        let elsewhere =
            addresses.into_iter().find(|address| is_here.is_some_and(|is_here| !is_here(*address)))?;
        Some(Finding::fault(
            format!("the name {host} resolves to {elsewhere}, which is not this machine"),
            help,
        ))
    };
    names.iter().filter_map(lost).collect()
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

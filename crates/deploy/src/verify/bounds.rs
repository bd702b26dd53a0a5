//! What the checks of a source may reach. They are asked by root, and who may edit a site is not root: so they ask the
//! listeners of the deployed configuration on this machine, and the upstreams that it names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _, UdpSocket};
use std::ops::RangeInclusive;

use serde_json::Value;

use super::way::{Place, Way, host_and_port};
use super::{Check, Checks, Reach, upstream};

/// What the checks of a source may reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    listeners: Vec<Listener>,
    /// Host and port of each upstream.
    upstreams: Vec<(String, u16)>,
}

/// An address where a server of the configuration listens.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Listener {
    host: Host,
    ports: RangeInclusive<u16>,
    /// The names of the server's sites; the patterns of Caddy's `host` matcher.
    sites: Vec<String>,
    /// Whether a site takes any name.
    takes_any: bool,
}

/// The host of a listener.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    /// Each address of this machine, of one of the versions of IP or of both.
    Any {
        four: bool,
        six: bool,
    },
    Ip(IpAddr),
    Name(String),
}

impl Bounds {
    /// The listeners and upstreams of `config`. Unix sockets and what only Caddy can know (placeholders) are left out.
    pub fn of_config(config: &Value) -> Self {
        let http = &config["apps"]["http"];
        let servers = http["servers"].as_object().into_iter().flat_map(|servers| servers.values());
        Self {
            listeners: servers.flat_map(|server| listeners(server, http)).collect(),
            upstreams: upstreams(config),
        }
    }

    /// Looks whether all `checks` stay within these bounds. Nothing is asked of the network.
    ///
    /// # Errors
    ///
    /// The first check that does not, and why.
    pub fn judge<'c>(&self, checks: &'c Checks, reach: &Reach) -> Result<(), (&'c Check, String)> {
        checks.check.iter().try_for_each(|check| {
            let site = self.site(check, checks.address, reach).map(drop);
            let upstream = check.upstream.as_ref();
            site.and_then(|()| {
                upstream.map_or(Ok(()), |at| self.named(&upstream::way(check, at)?, at).map(drop))
            })
            .map_err(|reason| (check, reason))
        })
    }

    /// The way to the site of `check`: to a listener of this machine, wherever the site's name leads.
    pub(super) fn site(&self, check: &Check, address: Option<IpAddr>, reach: &Reach) -> Result<Way, String> {
        let way = Way::to_site(check, address, reach)?;
        let (host, port) = host_and_port(&way.url)?;
        // A person has given on the command line where this name leads.
        if reach.resolve.iter().any(|(name, at)| *name == host && at.port() == port) {
            return Ok(way);
        }
        let at_port: Vec<&Listener> =
            self.listeners.iter().filter(|open| open.ports.contains(&port)).collect();
        if at_port.is_empty() {
            return Err(format!("the configuration has no HTTP listener on port {port}"));
        }
        let literal = host.parse().ok().map(|ip: IpAddr| ip.to_canonical());
        if let Some(ip) = address.map(|ip| ip.to_canonical()).or(literal)
            && !at_port.iter().any(|open| open.has(ip))
        {
            return Err(format!("the configuration does not listen at {}", SocketAddr::new(ip, port)));
        }
        let header = check.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host"));
        let meant = [check.tls_name.as_ref(), header.map(|(_, value)| value)];
        let is_site = |open: &&Listener| {
            // This machine under no name of a site: a site that takes any name, or one that the request names otherwise.
            let is_here = literal.map_or_else(|| is_this_machine(&host), |ip| open.has(ip));
            let is_meant = || meant.iter().flatten().any(|name| open.has_site(name));
            open.has_site(&host)
                || (is_here && (open.takes_any || is_meant()))
                || (address.is_some() && literal.is_none() && open.takes_any)
        };
        let serving: Vec<&Listener> = at_port.into_iter().filter(is_site).collect();
        if serving.is_empty() {
            return Err(format!("the configuration has no site `{host}` on port {port}"));
        }
        let addresses = match address.map(|ip| ip.to_canonical()).or(literal) {
            Some(ip) => vec![SocketAddr::new(ip, port)],
            None => serving.iter().flat_map(|open| open.addresses(port)).collect(),
        };
        Ok(Way { place: Place::At(addresses), ..way })
    }

    /// The way to an upstream, to the address that the configuration has for it.
    pub(super) fn upstream(&self, way: Way, written: &str) -> Result<Way, String> {
        let (host, port) = self.named(&way, written)?;
        let found = (host.as_str(), port).to_socket_addrs();
        let found = found.map_err(|error| format!("the name {host} does not resolve: {error}"))?;
        let addresses: Vec<SocketAddr> = found.filter(|at| !is_link_local(at.ip())).collect();
        if addresses.is_empty() {
            return Err(format!(
                "the upstream {written} has only link-local addresses, which checks do not use"
            ));
        }
        Ok(Way { place: Place::At(addresses), ..way })
    }

    /// The upstream of the configuration that `way` leads to; `written` is how the check has it.
    fn named(&self, way: &Way, written: &str) -> Result<(String, u16), String> {
        if matches!(way.place, Place::Unix(_)) {
            return Err(format!("`{written}` is a unix socket, which a check of a source does not use"));
        }
        let (host, port) = host_and_port(&way.url)?;
        let host = plain(&host);
        let is_same = |known: &str| {
            known == host
                || (known == "localhost" && matches!(host.as_str(), "127.0.0.1" | "::1"))
                || (is_loopback(known) && host == "localhost")
        };
        let found = self.upstreams.iter().find(|(known, at)| *at == port && is_same(known));
        let found = found.ok_or_else(|| format!("the configuration has no upstream {host}:{port}"))?;
        match found.0.parse() {
            Ok(ip) if is_link_local(ip) => {
                Err(format!("{ip} is a link-local address, which checks do not use"))
            }
            _ => Ok(found.clone()),
        }
    }
}

impl Listener {
    /// Whether it takes connections to `ip`, an address of this machine.
    fn has(&self, ip: IpAddr) -> bool {
        let is_its = match &self.host {
            Host::Any { four, six } => {
                if ip.is_ipv4() {
                    *four
                } else {
                    *six
                }
            }
            Host::Ip(own) => *own == ip,
            Host::Name(name) => name == "localhost" && ip.is_loopback(),
        };
        is_its && is_own(ip)
    }

    /// Whether one of its sites is called `host`.
    fn has_site(&self, host: &str) -> bool {
        self.sites.iter().any(|pattern| {
            let (pattern, host) = (pattern.split('.'), host.split('.'));
            let mut labels = pattern.clone().zip(host.clone());
            pattern.count() == host.count() && labels.all(|(a, b)| a == "*" || a.eq_ignore_ascii_case(b))
        })
    }

    /// Where it is reached.
    fn addresses(&self, port: u16) -> Vec<SocketAddr> {
        let all: Vec<IpAddr> = match &self.host {
            Host::Any { four, six } => {
                let four = four.then_some(IpAddr::V4(Ipv4Addr::LOCALHOST));
                four.into_iter().chain(six.then_some(IpAddr::V6(Ipv6Addr::LOCALHOST))).collect()
            }
            Host::Ip(ip) => vec![*ip],
            Host::Name(name) => {
                let found = (name.as_str(), port).to_socket_addrs();
                found.into_iter().flatten().map(|at| at.ip().to_canonical()).collect()
            }
        };
        all.into_iter().filter(|ip| is_own(*ip)).map(|ip| SocketAddr::new(ip, port)).collect()
    }
}

/// The listeners of one server, with that for redirects to HTTPS, which Caddy opens by itself (Caddy docs, "Automatic
/// HTTPS").
fn listeners(server: &Value, http: &Value) -> Vec<Listener> {
    let port = |key: &str, standard: u16| {
        http[key].as_u64().and_then(|port| port.try_into().ok()).unwrap_or(standard)
    };
    let (plain, secure) = (port("http_port", 80), port("https_port", 443));
    let off = |key: &str| server["automatic_https"][key].as_bool() == Some(true);
    let has_tls = server["tls_connection_policies"].as_array().is_some_and(|all| !all.is_empty());
    let mut sites = Vec::new();
    let mut takes_any = false;
    for route in server["routes"].as_array().into_iter().flatten() {
        let sets = route["match"].as_array().filter(|sets| !sets.is_empty());
        takes_any |= sets.is_none();
        for set in sets.into_iter().flatten() {
            let hosts = set["host"].as_array();
            takes_any |= hosts.is_none();
            let hosts = hosts.into_iter().flatten().filter_map(Value::as_str);
            sites.extend(hosts.filter(|host| !host.contains('{')).map(str::to_owned));
        }
    }
    let mut all = Vec::new();
    for written in server["listen"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let Some((host, ports)) = listener(written) else { continue };
        if (has_tls || ports.contains(&secure))
            && !ports.contains(&plain)
            && !off("disable")
            && !off("disable_redirects")
        {
            let (host, sites) = (host.clone(), sites.clone());
            all.push(Listener { host, ports: plain..=plain, sites, takes_any });
        }
        all.push(Listener { host, ports, sites: sites.clone(), takes_any });
    }
    all
}

/// Host and ports of a network address of Caddy, when it is one of TCP.
fn listener(written: &str) -> Option<(Host, RangeInclusive<u16>)> {
    let (network, rest) = written.split_once('/').unwrap_or(("tcp", written));
    if !matches!(network, "tcp" | "tcp4" | "tcp6") || rest.contains('{') {
        return None;
    }
    let (host, ports) = rest.rsplit_once(':')?;
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    let host = plain(host);
    let (four, six) = (network != "tcp6", network != "tcp4");
    let host = match host.as_str() {
        "" | "::" => Host::Any { four, six },
        "0.0.0.0" => Host::Any { four: true, six: false },
        other => other.parse().map_or_else(|_| Host::Name(host.clone()), Host::Ip),
    };
    Some((host, first.parse().ok()?..=last.parse().ok()?))
}

/// The addresses that proxies dial, and those that they look up under a name of theirs.
fn upstreams(config: &Value) -> Vec<(String, u16)> {
    let (mut open, mut all) = (vec![config], Vec::new());
    while let Some(value) = open.pop() {
        match value {
            Value::Object(map) => {
                let dials = map.get("upstreams").and_then(Value::as_array).into_iter().flatten();
                all.extend(dials.filter_map(|upstream| dial(upstream["dial"].as_str()?)));
                if let Some(Value::Object(source)) = map.get("dynamic_upstreams")
                    && let (Some("a"), Some(name), Some(port)) =
                        (text(source, "source"), text(source, "name"), text(source, "port"))
                {
                    all.extend(dial(&format!("{name}:{port}")));
                }
                open.extend(map.values());
            }
            Value::Array(list) => open.extend(list),
            _ => {}
        }
    }
    all.sort();
    all.dedup();
    all
}

fn text<'v>(map: &'v serde_json::Map<String, Value>, key: &str) -> Option<&'v str> {
    map.get(key).and_then(Value::as_str)
}

fn dial(written: &str) -> Option<(String, u16)> {
    let (network, rest) = written.split_once('/').unwrap_or(("tcp", written));
    if !matches!(network, "tcp" | "tcp4" | "tcp6") || rest.contains('{') {
        return None;
    }
    let (host, port) = rest.rsplit_once(':')?;
    let host = plain(host);
    Some((if host.is_empty() { "localhost".to_owned() } else { host }, port.parse().ok()?))
}

/// A host in one spelling: without brackets, in lower case, an IP address as Rust writes it.
fn plain(host: &str) -> String {
    let host = host.trim_matches(['[', ']']);
    host.parse().map_or_else(|_| host.to_ascii_lowercase(), |ip: IpAddr| ip.to_canonical().to_string())
}

fn is_loopback(host: &str) -> bool {
    host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// Whether a name means this machine without asking the network.
fn is_this_machine(host: &str) -> bool {
    let own = rustix::system::uname();
    let is_own = own.nodename().to_str().is_ok_and(|name| name.eq_ignore_ascii_case(host));
    is_own || host.eq_ignore_ascii_case("localhost") || host.to_ascii_lowercase().ends_with(".localhost")
}

/// The addresses that are not link-local, and at which clouds hand out a machine's credentials as well: Alibaba, Oracle,
/// Azure; AWS and Google.
const METADATA: [IpAddr; 5] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
];

/// Link-local addresses, where clouds hand out a machine's credentials, the other addresses that are known for it, and what
/// a translator or a tunnel makes one of them.
fn is_link_local(ip: IpAddr) -> bool {
    METADATA.contains(&ip)
        || match ip {
            IpAddr::V4(ip) => ip.is_link_local(),
            IpAddr::V6(ip) => {
                ip.is_unicast_link_local()
                    || embedded(ip).into_iter().any(|inner| is_link_local(inner.into()))
            }
        }
}

/// The IPv4 addresses to which an address of IPv6 may lead.
fn embedded(ip: Ipv6Addr) -> Vec<Ipv4Addr> {
    let octets = ip.octets();
    let at = |places: [usize; 4]| Ipv4Addr::from(places.map(|place| octets[place]));
    let last = at([12, 13, 14, 15]);
    match ip.segments() {
        // IPv4-compatible and IPv4-mapped (RFC 4291), IPv4-translated (RFC 2765), and NAT64 (RFC 6052).
        [0, 0, 0, 0, 0, 0 | 0xffff, ..] | [0, 0, 0, 0, 0xffff, 0, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => {
            vec![last]
        }
        // NAT64 with a prefix of a network's own (RFC 8215), which has 48, 56, 64 or 96 bits.
        [0x64, 0xff9b, 1, ..] => vec![last, at([6, 7, 9, 10]), at([7, 9, 10, 11]), at([9, 10, 11, 12])],
        // 6to4 (RFC 3056).
        [0x2002, ..] => vec![at([2, 3, 4, 5])],
        // ISATAP (RFC 5214).
        [_, _, _, _, 0 | 0x200, 0x5efe, ..] => vec![last],
        _ => Vec::new(),
    }
}

/// Whether `ip` is an address of this machine, on which one may listen. Nothing is sent.
fn is_own(ip: IpAddr) -> bool {
    if ip.is_loopback() {
        return true;
    }
    if ip.is_unspecified() || ip.is_multicast() || is_link_local(ip) {
        return false;
    }
    // A connection to an address of this machine comes from that address.
    let any: IpAddr = if ip.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let from = UdpSocket::bind((any, 0)).and_then(|socket| {
        socket.connect((ip, 9))?;
        socket.local_addr()
    });
    from.is_ok_and(|from| from.ip() == ip)
}

#[cfg(test)]
mod tests;

//! Which server gets a connection, and whether its TLS handshake succeeds.

use super::program::{ConnectionPolicy, Program, Server};

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// Nothing listens there.
    Refused,
    /// The TLS handshake failed.
    Handshake,
    /// The connection was closed.
    Aborted,
}

/// The server that listens at this address and port; one that names the address comes first.
pub(super) fn server<'p>(program: &'p Program<'p>, to: &str, port: u16) -> Option<&'p Server<'p>> {
    let has = |server: &&Server<'_>, is_exact: bool| {
        server.listen.iter().any(|listen| {
            let is_any = matches!(listen.host.as_str(), "" | "0.0.0.0" | "::" | "[::]");
            let is_own =
                listen.host == to || (listen.host == "localhost" && matches!(to, "127.0.0.1" | "::1"));
            !listen.network.starts_with("udp")
                && (listen.first..=listen.last).contains(&port)
                && if is_exact { is_own } else { is_any }
        })
    };
    let mut servers = program.servers.iter();
    servers.clone().find(|server| has(server, true)).or_else(|| servers.find(|server| has(server, false)))
}

impl Program<'_> {
    /// An address at which something listens on this port: `usual` if possible.
    pub(crate) fn listener(&self, usual: &str, port: u16) -> String {
        if server(self, usual, port).is_some() {
            return usual.to_owned();
        }
        let listens = self.servers.iter().flat_map(|server| &server.listen);
        let mut listens = listens.filter(|listen| {
            !listen.network.starts_with("udp") && (listen.first..=listen.last).contains(&port)
        });
        listens.next().map_or_else(|| usual.to_owned(), |listen| listen.host.clone())
    }

    /// The port that a request is sent to.
    pub(crate) fn port(&self, request: &super::input::Request) -> u16 {
        request.port.unwrap_or(if request.tls { self.https_port } else { self.http_port })
    }
}

/// Whether a handshake with this server name succeeds; `true` beside it where the model cannot know.
pub(super) fn handshake(
    program: &Program<'_>,
    policies: &[ConnectionPolicy],
    sni: &str,
    local: &str,
) -> (bool, Option<&'static str>) {
    let name = sni.to_lowercase();
    let takes = |policy: &&ConnectionPolicy| {
        policy.names.as_ref().is_none_or(|names| names.iter().any(|pattern| wildcard(pattern, &name)))
    };
    let Some(policy) = policies.iter().find(takes) else { return (false, None) };
    let doubt = policy.is_undecided.then_some("a TLS connection policy matches by more than the server name");
    if policy.drop || policy.wants_client {
        return (false, doubt);
    }
    let has = |name: &str| has_certificate(program, name);
    let found = if name.is_empty() {
        has(local) || (!policy.default_sni.is_empty() && has(&policy.default_sni.to_lowercase()))
    } else {
        has(&name)
    };
    let fallback = !policy.fallback_sni.is_empty() && has(&policy.fallback_sni.to_lowercase());
    let succeeds = found || fallback || program.on_demand;
    let loaded = (!succeeds && program.loads_certificates)
        .then_some("whether a certificate that is loaded from a file has this name");
    (succeeds, doubt.or(loaded))
}

/// Whether there is a certificate for the name, or for one with `*` instead of its first labels.
fn has_certificate(program: &Program<'_>, name: &str) -> bool {
    let known = |name: &str| program.certificates.iter().any(|known| known == name);
    if known(name) {
        return true;
    }
    let mut labels: Vec<&str> = name.split('.').collect();
    for number in 0..labels.len() {
        labels[number] = "*";
        if known(&labels.join(".")) {
            return true;
        }
    }
    false
}

fn wildcard(pattern: &str, name: &str) -> bool {
    let pattern = pattern.to_lowercase();
    if pattern == name {
        return true;
    }
    let (wanted, actual): (Vec<&str>, Vec<&str>) = (pattern.split('.').collect(), name.split('.').collect());
    wanted.len() == actual.len()
        && wanted.iter().zip(actual).all(|(wanted, actual)| *wanted == "*" || *wanted == actual)
}

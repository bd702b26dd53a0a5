//! Where a request goes: its URL, and the address that stands behind it.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;

use reqwest::Url;

pub(super) use caddyctl_analysis::checks::url as parse;

use super::{Check, Reach};

/// The way to a site or to an upstream.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// The URL, with `http` or `https`.
    pub url: Url,
    /// The name that the certificate has to be good for.
    pub tls_name: String,
    /// What goes into the header `Host`.
    pub authority: String,
    /// Where the connection is made to.
    pub place: Place,
}

/// Where a connection is made to.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// Where the resolver of the system says.
    Resolved,
    /// At the first of these that answers.
    At(Vec<SocketAddr>),
    /// A unix socket.
    Unix(PathBuf),
}

impl Way {
    /// The way to the site of `check`: `reach` knows best, then `address`.
    pub fn to_site(check: &Check, address: Option<IpAddr>, reach: &Reach) -> Result<Self, String> {
        let url = parse(&check.url)?;
        let (host, port) = host_and_port(&url)?;
        let resolved = reach.resolve.iter().find(|(name, at)| *name == host && at.port() == port);
        let place = match (resolved, address) {
            (Some((_, at)), _) => Place::At(vec![*at]),
            (None, Some(ip)) => Place::At(vec![SocketAddr::new(ip, port)]),
            (None, None) => Place::Resolved,
        };
        let tls_name = check.tls_name.clone().unwrap_or(host);
        Ok(Self { authority: authority(&url), tls_name, url, place })
    }

    /// The addresses to try.
    pub fn addresses(&self) -> Result<Vec<SocketAddr>, String> {
        match &self.place {
            Place::At(all) => Ok(all.clone()),
            Place::Unix(_) => Ok(Vec::new()),
            Place::Resolved => {
                let (host, port) = host_and_port(&self.url)?;
                let all: Vec<_> = (host.as_str(), port)
                    .to_socket_addrs()
                    .map_err(|error| format!("the name {host} does not resolve: {error}"))?
                    .collect();
                if all.is_empty() { Err(format!("the name {host} has no address")) } else { Ok(all) }
            }
        }
    }
}

/// The host without brackets, and the port.
pub(super) fn host_and_port(url: &Url) -> Result<(String, u16), String> {
    match (url.host_str(), url.port_or_known_default()) {
        (Some(host), Some(port)) => Ok((host.trim_matches(['[', ']']).to_owned(), port)),
        _ => Err(format!("`{url}` has no host")),
    }
}

/// Host and port as the header `Host` has them: without the port that goes without saying.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

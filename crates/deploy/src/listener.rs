//! Is somebody there? One request that every HTTP server of Caddy answers by itself.
//!
//! `OPTIONS * HTTP/1.1` reaches no handler, no log, no backend and no lock; a TLS port answers plain text with a 400,
//! which is life too (measured on Caddy 2.11.7). A bare connect proves nothing: a frozen process accepts as well.

pub mod sockets;

use caddyctl_language::source::shown;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

/// A place where Caddy listens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listener {
    /// A TCP address, with wildcards replaced by loopback.
    Tcp(SocketAddr),
    /// A unix socket.
    Unix(PathBuf),
}

impl std::fmt::Display for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "{}", shown::path(path)),
        }
    }
}

impl Listener {
    /// Asks for one byte.
    pub fn probe(&self, within: Duration) -> io::Result<()> {
        match self {
            Self::Tcp(address) => {
                let stream = TcpStream::connect_timeout(address, within)?;
                stream.set_read_timeout(Some(within))?;
                stream.set_write_timeout(Some(within))?;
                ask(stream)
            }
            Self::Unix(path) => {
                let stream = UnixStream::connect(path)?;
                stream.set_read_timeout(Some(within))?;
                stream.set_write_timeout(Some(within))?;
                ask(stream)
            }
        }
    }

    /// The listeners that `config` names for its HTTP servers. Addresses that only Caddy can know (placeholders, UDP)
    /// are left out; a range of ports counts with its first.
    pub fn of_config(config: &Value) -> Vec<Self> {
        let servers = config["apps"]["http"]["servers"].as_object();
        let listens =
            servers.into_iter().flat_map(|servers| servers.values()).filter_map(|s| s["listen"].as_array());
        let mut all: Vec<Self> =
            listens.flatten().filter_map(Value::as_str).filter_map(Self::of_address).collect();
        all.sort();
        all.dedup();
        all
    }

    fn of_address(written: &str) -> Option<Self> {
        if written.contains('{') {
            return None;
        }
        let (network, rest) = written.split_once('/').unwrap_or(("tcp", written));
        match network {
            "unix" => Some(Self::Unix(rest.split('|').next()?.into())),
            "tcp" | "tcp4" | "tcp6" => {
                let (host, port) = rest.rsplit_once(':')?;
                let port: u16 = port.split('-').next()?.parse().ok()?;
                let host = match host.trim_matches(['[', ']']) {
                    "" | "0.0.0.0" => "127.0.0.1",
                    "::" => "::1",
                    other => other,
                };
                (host, port).to_socket_addrs().ok()?.next().map(Self::Tcp)
            }
            _ => None,
        }
    }
}

fn ask(mut stream: impl Read + Write) -> io::Result<()> {
    stream.write_all(b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    match stream.read(&mut [0])? {
        0 => Err(io::Error::other("it closed the connection without an answer")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listeners_of_a_configuration() {
        let config = serde_json::json!({"apps": {"http": {"servers": {
            "a": {"listen": [":80", "127.0.0.1:8080-8090", "udp/:1", "{env.X}:1"]},
            "b": {"listen": ["unix//run/a.sock|0220", "[::]:80"]}
        }}}});
        let all: Vec<String> = Listener::of_config(&config).iter().map(ToString::to_string).collect();
        assert_eq!(all, ["127.0.0.1:80", "127.0.0.1:8080", "[::1]:80", "/run/a.sock"]);
    }

    #[test]
    fn a_listener_that_only_accepts_is_not_alive() {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let listener = Listener::Tcp(socket.local_addr().unwrap());
        assert!(listener.probe(Duration::from_millis(80)).is_err());
        drop(socket);
        assert!(listener.probe(Duration::from_millis(80)).is_err());
    }
}

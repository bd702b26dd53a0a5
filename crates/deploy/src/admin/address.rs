//! Where the admin API answers, written as Caddy writes it.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use caddyctl_language::source::shown;

/// The port of the admin API when none is given (Caddy docs, "Global options: admin").
const DEFAULT_PORT: u16 = 2019;

/// An address that cannot be the admin API's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not an admin address: {reason}", shown::line(written))]
pub struct AddressError {
    /// The address as it was given.
    pub written: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// How the connection is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// A host name or IP address (without brackets) and a port.
    Tcp(String, u16),
    /// The path of a unix socket; it starts with a zero byte when the socket is abstract.
    Unix(PathBuf),
}

/// An admin address: `localhost:2019`, `http://127.0.0.1:2019`, `:2019`, `tcp/localhost:2019`,
/// `unix//run/caddy/admin.sock`, `unix//run/caddy/admin.sock|0220`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    written: String,
    endpoint: Endpoint,
    host: String,
}

impl Address {
    /// Understands `written`. A missing port is 2019; an empty or wildcard host is reached over loopback.
    pub fn parse(written: &str) -> Result<Self, AddressError> {
        let fault = |reason| AddressError { written: written.to_owned(), reason };
        let plain = written.trim();
        let plain = plain.strip_prefix("http://").map_or(plain, |rest| rest.trim_end_matches('/'));
        if plain.starts_with("https://") {
            return Err(fault("the local admin API speaks plain HTTP"));
        }
        if plain.contains('{') {
            return Err(fault("a placeholder has no value outside Caddy"));
        }
        let (network, rest) = match plain.split_once('/') {
            Some((network, rest)) => (network, rest),
            None => ("tcp", plain),
        };
        match network {
            "unix" => {
                let path = rest.split('|').next().unwrap_or(rest);
                match path.strip_prefix('@') {
                    _ if path.is_empty() => Err(fault("the path of the socket is missing")),
                    Some(name) => Ok(Self::unix(written, PathBuf::from(format!("\0{name}")))),
                    None => Ok(Self::unix(written, PathBuf::from(path))),
                }
            }
            "tcp" | "tcp4" | "tcp6" => {
                let (host, port) = host_and_port(rest).map_err(fault)?;
                Ok(Self::tcp(written, host, port))
            }
            "fd" | "fdgram" => {
                Err(fault("an inherited descriptor is unreachable from outside; use a socket"))
            }
            _ => Err(fault("expected host:port or unix//path")),
        }
    }

    /// Caddy's default, `localhost:2019`.
    pub fn standard() -> Self {
        Self::tcp("localhost:2019", "localhost", DEFAULT_PORT)
    }

    /// The address that the running or coming `config` names; `None` when it switches the admin API off.
    pub fn of_config(config: &Value) -> Result<Option<Self>, AddressError> {
        let admin = &config["admin"];
        let origins: Vec<&str> =
            admin["origins"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let (disabled, listen) = (admin["disabled"].as_bool(), admin["listen"].as_str());
        // Its own name is known before and after a load.
        let plain = Self::of_settings(disabled, listen, None)?;
        if plain.as_ref().is_some_and(|own| own.is_among(&origins)) {
            return Ok(plain);
        }
        Self::of_settings(disabled, listen, origins.first().copied())
    }

    /// Whether an entry of `origins` lets in who asks as `caddy reload` does (measured on Caddy 2.11.7: the host has to be that
    /// of the address, with its port, and a scheme, where there is one, `http`).
    fn is_among(&self, origins: &[&str]) -> bool {
        origins.iter().any(|origin| match origin.split_once("://") {
            Some((scheme, host)) => scheme == "http" && host.trim_end_matches('/') == self.host,
            None => origin.trim_end_matches('/') == self.host,
        })
    }

    /// Whether the admin API of `config` refuses who asks as `caddy reload` does: nothing could be loaded any longer without a
    /// restart. A unix socket takes any host.
    pub fn is_locked(config: &Value) -> bool {
        let admin = &config["admin"];
        let origins: Vec<&str> =
            admin["origins"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let own = Self::of_settings(admin["disabled"].as_bool(), admin["listen"].as_str(), None);
        let Ok(Some(own)) = own else { return false };
        matches!(own.endpoint, Endpoint::Tcp(..)) && !origins.is_empty() && !own.is_among(&origins)
    }

    /// The address that the text of a configuration names; `None` when it names none, switches the admin API off, or is not a
    /// configuration. Nothing else of the text is kept: somebody else may have written it.
    pub fn of_text(config: &[u8]) -> Option<Self> {
        let admin = serde_json::from_slice::<Outline>(config).ok()?.admin?;
        let origin = admin.origins.and_then(|First(origin)| origin);
        Self::of_settings(admin.disabled, Some(admin.listen?.as_str()), origin.as_deref()).ok()?
    }

    fn of_settings(
        disabled: Option<bool>,
        listen: Option<&str>,
        origin: Option<&str>,
    ) -> Result<Option<Self>, AddressError> {
        if disabled == Some(true) {
            return Ok(None);
        }
        let mut address = match listen {
            Some(listen) if !listen.is_empty() => Self::parse(listen)?,
            _ => Self::standard(),
        };
        // With `origins`, Caddy takes only those as Host.
        if let Some(origin) = origin {
            origin.split("://").last().unwrap_or(origin).trim_end_matches('/').clone_into(&mut address.host);
        }
        Ok(Some(address))
    }

    /// How to connect.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The `Host` header that Caddy accepts here: host and port, port included (measured: 403 otherwise).
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The URL of `path` (which starts with a slash) on this address.
    pub fn url(&self, path: &str) -> String {
        match &self.endpoint {
            Endpoint::Tcp(host, port) if host.contains(':') => format!("http://[{host}]:{port}{path}"),
            Endpoint::Tcp(host, port) => format!("http://{host}:{port}{path}"),
            Endpoint::Unix(_) => format!("http://localhost{path}"),
        }
    }

    /// The same socket seen from outside the service's file system (PrivateTmp): `root` is `/proc/PID/root`.
    #[must_use]
    pub fn below(&self, root: &Path) -> Self {
        match &self.endpoint {
            Endpoint::Unix(path) if path.is_absolute() => {
                let inside = path.strip_prefix("/").unwrap_or(path);
                Self { endpoint: Endpoint::Unix(root.join(inside)), ..self.clone() }
            }
            _ => self.clone(),
        }
    }

    fn unix(written: &str, path: PathBuf) -> Self {
        Self { written: written.to_owned(), endpoint: Endpoint::Unix(path), host: "localhost".to_owned() }
    }

    fn tcp(written: &str, host: &str, port: u16) -> Self {
        let shown = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
        let reached = match host {
            "" | "0.0.0.0" => "127.0.0.1",
            "::" => "::1",
            other => other,
        };
        let endpoint = Endpoint::Tcp(reached.to_owned(), port);
        Self { written: written.to_owned(), endpoint, host: shown }
    }
}

/// What is read of a configuration to find its admin API.
#[derive(Deserialize)]
struct Outline {
    admin: Option<Settings>,
}

#[derive(Deserialize)]
struct Settings {
    disabled: Option<bool>,
    listen: Option<String>,
    origins: Option<First>,
}

/// The first text of a list.
struct First(Option<String>);

impl<'de> Deserialize<'de> for First {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = First;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of texts")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<First, A::Error> {
                let first = list.next_element()?;
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(First(first))
            }
        }
        json.deserialize_seq(List)
    }
}

/// Splits `host:port`, `[::1]:port`, `:port`, `host`.
fn host_and_port(text: &str) -> Result<(&str, u16), &'static str> {
    let bad_port = "the port is a number from 1 to 65535";
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (host, after) = rest.split_once(']').ok_or("the closing `]` is missing")?;
        (host, after.strip_prefix(':'))
    } else {
        match text.rsplit_once(':') {
            Some((host, _)) if host.contains(':') => (text, None),
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        }
    };
    if host.is_empty() && port.is_none() {
        return Err("expected host:port or unix//path");
    }
    if host.contains(['/', ' ', '@', '?', '#']) {
        return Err("expected host:port or unix//path");
    }
    match port {
        None => Ok((host, DEFAULT_PORT)),
        Some(port) => match port.parse() {
            Ok(0) | Err(_) => Err(bad_port),
            Ok(port) => Ok((host, port)),
        },
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown::line(&self.written))
    }
}

impl std::str::FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_as_caddy_writes_it() {
        let tcp = |host: &str, port| Endpoint::Tcp(host.to_owned(), port);
        for (written, endpoint, host) in [
            ("localhost:2019", tcp("localhost", 2019), "localhost:2019"),
            ("http://127.0.0.1:2020/", tcp("127.0.0.1", 2020), "127.0.0.1:2020"),
            (":2019", tcp("127.0.0.1", 2019), ":2019"),
            ("0.0.0.0:2019", tcp("127.0.0.1", 2019), "0.0.0.0:2019"),
            ("tcp/localhost:1", tcp("localhost", 1), "localhost:1"),
            ("localhost", tcp("localhost", 2019), "localhost:2019"),
            ("[::1]:2019", tcp("::1", 2019), "[::1]:2019"),
            ("::1", tcp("::1", 2019), "[::1]:2019"),
            ("unix//run/a.sock", Endpoint::Unix("/run/a.sock".into()), "localhost"),
            ("unix//run/a.sock|0220", Endpoint::Unix("/run/a.sock".into()), "localhost"),
            ("unix/@caddy", Endpoint::Unix("\0caddy".into()), "localhost"),
        ] {
            let address = Address::parse(written).unwrap();
            assert_eq!((address.endpoint(), address.host()), (&endpoint, host), "{written}");
            assert_eq!(address.to_string(), written);
        }
    }

    #[test]
    fn what_is_no_address() {
        for written in
            ["", "unix/", "localhost:0", "localhost:x", "https://localhost:2019", "udp/:1", "{env.A}", "[::1"]
        {
            assert!(Address::parse(written).is_err(), "{written}");
        }
    }

    #[test]
    fn from_a_configuration() {
        let of = |json: Value| Address::of_config(&json).unwrap();
        assert_eq!(of(serde_json::json!({})), Some(Address::standard()));
        assert_eq!(of(serde_json::json!({"admin": {"disabled": true}})), None);
        let moved =
            of(serde_json::json!({"admin": {"listen": "localhost:3", "origins": ["https://a.test/"]}}))
                .unwrap();
        assert_eq!(
            (moved.url("/config/"), moved.host()),
            ("http://localhost:3/config/".to_owned(), "a.test")
        );
    }

    #[test]
    fn what_locks_itself_out() {
        let admin = |listen: &str, origins: &[&str]| serde_json::json!({"admin": {"listen": listen, "origins": origins}});
        for open in [
            admin("localhost:3", &[]),
            admin("localhost:3", &["localhost:3"]),
            admin("localhost:3", &["a.test", "http://localhost:3/"]),
            admin("unix//run/a.sock", &["a.test"]),
            serde_json::json!({"admin": {"disabled": true, "origins": ["a.test"]}}),
        ] {
            assert!(!Address::is_locked(&open), "{open}");
        }
        for locked in [
            admin("localhost:3", &["a.test"]),
            admin("localhost:3", &["localhost"]),
            admin("localhost:3", &["https://localhost:3"]),
            admin(":3", &["a.test"]),
            serde_json::json!({"admin": {"origins": ["a.test"]}}),
        ] {
            assert!(Address::is_locked(&locked), "{locked}");
        }
        let known = Address::of_config(&admin("localhost:3", &["a.test", "localhost:3"])).unwrap().unwrap();
        assert_eq!(known.host(), "localhost:3");
    }

    #[test]
    fn from_a_text_of_which_nothing_else_is_kept() {
        let of = |text: &str| Address::of_text(text.as_bytes()).map(|address| address.to_string());
        let deep = "[".repeat(10_000) + &"]".repeat(10_000);
        let text = format!(
            r#"{{"apps": {deep}, "admin": {{"config": [{{}}], "listen": "localhost:3"}}, "x": [{{}}]}}"#
        );
        assert_eq!(of(&text).as_deref(), Some("localhost:3"));
        let hosts = r#"{"admin": {"listen": "localhost:3", "origins": ["a.test", {"x": 1}, 2]}}"#;
        assert_eq!(Address::of_text(hosts.as_bytes()).unwrap().host(), "a.test");
        for text in ["", "null", "{}", "[", r#"{"admin": null}"#, r#"{"admin": {"listen": 7}}"#, &text[1..]] {
            assert_eq!(of(text), None, "{text}");
        }
        assert_eq!(of(r#"{"admin": {"listen": "localhost:3", "disabled": true}}"#), None);
        assert_eq!(of(r#"{"admin": {"listen": "a", "listen": "b"}}"#), None);
    }

    #[test]
    fn a_socket_under_another_root() {
        let address = Address::parse("unix//tmp/a.sock").unwrap().below(Path::new("/proc/7/root"));
        assert_eq!(address.endpoint(), &Endpoint::Unix("/proc/7/root/tmp/a.sock".into()));
    }
}

//! Addresses of upstreams: `host`, `host:port`, `:port`, port ranges, `scheme://host:port`, `unix//path` and their like.

use ecow::EcoString;

use crate::config::network_address::{
    NetworkAddress, is_fd, is_unix, join_network_address, split_network_address,
};
use crate::config::{Value, json};
use crate::go::{Url, UrlFault, join_host_port, split_host_port};
use crate::source::limits::grouped;
use crate::spec::{Parsed, conflict, value};
use crate::syntax::Word;
use crate::version::{Change, Version};

/// The schemes that an upstream may have.
const SCHEMES: [&str; 3] = ["http", "https", "h2c"];

/// The upstreams of one proxy, which all have one scheme.
#[derive(Debug, Default)]
pub(super) struct Upstreams {
    dials: Vec<EcoString>,
    /// The scheme of the last one, and its word.
    last: Option<(String, Word)>,
}

/// How many upstreams ranges of ports stand for: five characters can mean 65,535.
#[derive(Debug)]
pub(super) struct Ranges {
    /// How many there may be.
    pub most: usize,
    /// How many there are.
    pub made: usize,
}

impl Ranges {
    fn add(&mut self, ports: usize, word: &Word) -> Parsed<()> {
        let made = self.made.saturating_add(ports);
        if made > self.most {
            return Err(value::ports(word, &grouped(made), &grouped(self.most)));
        }
        self.made = made;
        Ok(())
    }
}

impl Upstreams {
    /// Adds the upstream `word`; a range of ports gives one for each port, and counts them in `ranges`.
    pub(super) fn push(&mut self, word: &Word, ranges: &mut Ranges, version: Version) -> Parsed<()> {
        let text = word.text.as_str();
        if !version.has(Change::BracketsInUpstreams) && is_whole(text) {
            self.check_scheme("", word)?;
            let dial = if text.contains('{') { text.to_owned() } else { join_host_port(text, "80") };
            self.dials.push(dial.into());
            return Ok(());
        }
        if is_host_and_port(text) {
            self.check_scheme("", word)?;
            self.dials.push(word.text.clone());
            return Ok(());
        }
        let address = Address::parse(text).map_err(|problem| value::upstream(word, problem))?;
        self.check_scheme(&address.scheme, word)?;
        let dial = address.dial();
        let known = !(address.port.contains('{') && address.port.contains('}'));
        if known {
            let parsed = NetworkAddress::parse(&dial).map_err(|problem| value::upstream(word, problem))?;
            if !is_unix(&address.network) && address.port.contains('-') {
                ranges.add(parsed.ports() as usize, word)?;
                let ports = parsed.first..=parsed.last;
                self.dials.extend(ports.map(|port| join_host_port(&parsed.host, &port.to_string()).into()));
                return Ok(());
            }
        }
        self.dials.push(dial.into());
        Ok(())
    }

    /// Only one scheme, and one that a proxy can speak. An address without scheme must not follow one that has it;
    /// the other order is accepted (measured on Caddy 2.11.7).
    fn check_scheme(&mut self, scheme: &str, word: &Word) -> Parsed<()> {
        if !scheme.is_empty() && !SCHEMES.contains(&scheme) {
            return Err(value::upstream_scheme(word, scheme, &SCHEMES));
        }
        if let Some((before, place)) = &self.last
            && !before.is_empty()
            && before != scheme
        {
            return Err(conflict::schemes(word, scheme, before, place));
        }
        self.last = Some((scheme.to_owned(), word.clone()));
        Ok(())
    }

    /// The scheme that they have, empty for none, and the word that says it.
    pub(super) fn scheme(&self) -> (&str, Option<&Word>) {
        self.last.as_ref().map_or(("", None), |(scheme, word)| (scheme, Some(word)))
    }

    /// The JSON list; `None` without upstreams.
    pub(super) fn to_value(&self) -> Option<Value> {
        let list = self.dials.iter().map(|dial| json!({ "dial": dial.clone() }));
        (!self.dials.is_empty()).then(|| list.collect())
    }
}

/// Whether `text` is a plain name or IPv4 address and a port, which is dialled as it stands: nearly every upstream.
fn is_host_and_port(text: &str) -> bool {
    let Some((host, port)) = text.split_once(':') else { return false };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    is_port && !host.is_empty() && host.bytes().all(is_plain)
}

/// Whether Caddy 2.6.2 dials all of `text`, since it does not find a host and a port in it.
fn is_whole(text: &str) -> bool {
    let (network, rest) = text.split_once('/').unwrap_or(("", text));
    text.contains(['[', ']']) && !text.contains("://") && !is_unix(network) && split_host_port(rest).is_none()
}

/// The parts of an address.
struct Address {
    network: String,
    scheme: String,
    host: String,
    port: String,
}

impl Address {
    fn parse(text: &str) -> Result<Self, String> {
        if text.contains("://") {
            return Self::parse_url(text);
        }
        let (mut network, host, mut port) =
            split_network_address(text).unwrap_or_else(|_| (String::new(), text.to_owned(), String::new()));
        // The port of a placeholder will be in its value.
        if port.is_empty() && !host.contains('{') && !is_unix(&network) && !is_fd(&network) {
            "80".clone_into(&mut port);
        }
        let mut scheme = String::new();
        if network == "unix+h2c" {
            "unix".clone_into(&mut network);
            "h2c".clone_into(&mut scheme);
        }
        Ok(Self { network, scheme, host, port })
    }

    fn parse_url(text: &str) -> Result<Self, String> {
        if text.contains('{') {
            return Err("with a scheme it can have no placeholder; leave the scheme out".to_owned());
        }
        let (url, range) = match Url::parse(text) {
            Ok(url) => (url, String::new()),
            Err(UrlFault::Port(_)) if text.contains('-') => without_port_range(text)?,
            Err(fault) => return Err(describe(fault)),
        };
        if url.has_more {
            return Err("it has only a scheme, a host and a port".to_owned());
        }
        let mut port = if range.is_empty() { url.port } else { range };
        match (url.scheme.as_str(), port.as_str()) {
            ("http" | "h2c", "443") => {
                return Err(format!("port 443 is for HTTPS, and `{}://` is without TLS", url.scheme));
            }
            ("https", "80") => return Err("port 80 is for HTTP, and `https://` is with TLS".to_owned()),
            ("http" | "h2c", "") => "80".clone_into(&mut port),
            ("https", "") => "443".clone_into(&mut port),
            _ => {}
        }
        Ok(Self { network: String::new(), scheme: url.scheme, host: url.host, port })
    }

    /// As Caddy writes it: with the network only if one is given.
    fn dial(&self) -> String {
        if !self.network.is_empty() {
            return join_network_address(&self.network, &self.host, &self.port);
        }
        if self.port.is_empty() && self.host.contains('{') {
            return self.host.clone();
        }
        join_host_port(&self.host, &self.port)
    }
}

/// A URL with a range of ports, which no URL may have: the URL with another port, and the range.
fn without_port_range(text: &str) -> Result<(Url, String), String> {
    let range = text.rsplit(':').next().unwrap_or_default();
    if range.matches('-').count() != 1 {
        return Err(format!("`{range}` is not a port or a range of ports"));
    }
    let url = Url::parse(&text.replace(range, "0")).map_err(describe)?;
    Ok((url, range.to_owned()))
}

fn describe(fault: UrlFault) -> String {
    match fault {
        UrlFault::Port(port) => format!("`{port}` is not a port"),
        UrlFault::Other(problem) => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The addresses that the upstreams of one proxy are dialled at, apart by spaces; the fault of the first that is
    /// refused.
    fn dial(upstreams: &str) -> Result<String, String> {
        let mut all = Upstreams::default();
        for text in upstreams.split(' ') {
            let word = Word { text: text.into(), ..Word::default() };
            all.push(&word, &mut Ranges { most: 100, made: 0 }, Version::NEWEST)
                .map_err(|fault| fault.diagnostic.message)?;
        }
        Ok(all.dials.join(" "))
    }

    #[test]
    fn addresses() {
        for (upstreams, dialled) in [
            ("app :8080 ::1 a:b:c", "app:80 :8080 [::1]:80 [a:b:c]:80"),
            ("https://app https://[::1]:8443", "app:443 [::1]:8443"),
            ("app http://app", "app:80 app:80"),
            ("h:1-3 http://h:4-5", "h:1 h:2 h:3 h:4 h:5"),
            ("{up} {h}:{p} {h}:80", "{up} {h}:{p} {h}:80"),
            ("unix//run/a-b.sock udp/h:1 fd/3", "unix//run/a-b.sock udp/h:1 fd/3"),
            ("unix+h2c//run/x h2c://app", "unix//run/x app:80"),
        ] {
            assert_eq!(dial(upstreams).as_deref(), Ok(dialled), "{upstreams}");
        }
    }

    #[test]
    fn refused_addresses() {
        for (upstreams, problem) in [
            ("http://app/base", "only a scheme"),
            ("http://{up}", "no placeholder"),
            ("https://app:80", "port 80 is for HTTP"),
            ("http://app:x", "`x` is not a port"),
            ("app:90-80", "runs backwards"),
            ("wss://app", "the scheme `wss://`"),
            ("https://app http://app", "the one before it has `https`"),
            ("http://app app", "has no scheme"),
        ] {
            let message = dial(upstreams).unwrap_err();
            assert!(message.contains(problem), "{upstreams}: {message}");
        }
    }
}

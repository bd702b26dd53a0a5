//! Placeholders: what they stand for, and how texts are filled. Rules measured on Caddy 2.11.7.

use std::borrow::Cow;

use base64::Engine;

use super::date;
use super::escape::{Part, escape};
use super::message::{cookies, host_of, with_port};
use super::query::Query;
use super::ranges;
use super::state::{State, Unsure};
use super::text;
use super::url::{Url, base, extension};
use super::value::Value;
use caddyctl_language::go::{canonical_header, split_host_port};

/// So many `map`s may refer to each other.
const DEEPEST: usize = 40;

/// The most bytes that `{file.*}` reads.
const LARGEST: u64 = 1 << 20;

/// After so many braces that nothing closes, a text is given up.
const MOST_OPEN: usize = 100;

impl State<'_> {
    /// Fills a text; unknown placeholders are dropped.
    pub(super) fn fill<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.filled(text, false, 0, &mut |_, value| value.text())
    }

    /// Fills a text; unknown placeholders stay as they are.
    pub(super) fn fill_known<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.filled(text, true, 0, &mut |_, value| value.text())
    }

    /// Fills a text with what `write` makes of each value; unknown placeholders have none.
    pub(super) fn fill_with<'t>(
        &self,
        text: &'t str,
        write: &mut dyn FnMut(&str, &Value) -> String,
    ) -> Cow<'t, str> {
        self.filled(text, false, 0, write)
    }

    fn filled<'t>(
        &self,
        input: &'t str,
        keeps_unknown: bool,
        depth: usize,
        write: &mut dyn FnMut(&str, &Value) -> String,
    ) -> Cow<'t, str> {
        let bytes = input.as_bytes();
        if !bytes.contains(&b'{') && !bytes.contains(&b'}') {
            return Cow::Borrowed(input);
        }
        let mut out = String::with_capacity(input.len() + 16);
        let (mut copied, mut at, mut open) = (0, 0, 0);
        while at < bytes.len() {
            let byte = bytes[at];
            if at > 0 && bytes[at - 1] == b'\\' && (byte == b'{' || byte == b'}') {
                out.push_str(&input[copied..at - 1]);
                copied = at;
                at += 1;
                continue;
            }
            if byte != b'{' {
                at += 1;
                continue;
            }
            if open > MOST_OPEN {
                return Cow::Borrowed("");
            }
            let Some(end) = closing(bytes, at) else {
                open += 1;
                at += 1;
                continue;
            };
            out.push_str(&input[copied..at]);
            let name = &input[at + 1..end];
            match self.lookup(name, depth) {
                None if keeps_unknown => {
                    copied = at;
                    at += 1;
                    continue;
                }
                found => out.push_str(&write(name, &found.unwrap_or_default())),
            }
            at = end + 1;
            copied = at;
        }
        out.push_str(&input[copied..]);
        Cow::Owned(out)
    }

    /// The value of a placeholder; `None` for an unknown one.
    pub(super) fn get(&self, name: &str) -> Option<Value> {
        self.lookup(name, 0)
    }

    fn lookup(&self, name: &str, depth: usize) -> Option<Value> {
        if let Some(variable) = name.strip_prefix("env.") {
            return Some(Value::Text(self.facts.variable(variable).unwrap_or_default()));
        }
        if let Some(value) = self.machine(name) {
            return Some(value);
        }
        if !self.doubtful.is_empty() && self.doubtful.contains(name) {
            self.unsure.set(Unsure { is_in_doubt: true, ..self.unsure.get() });
        }
        if let Some(value) = self.values.get(name) {
            if matches!(name, "http.error" | "http.error.id" | "http.error.trace")
                && matches!(value, Value::Text(text) if text.starts_with("{http.error"))
            {
                self.is_of_the_moment();
            }
            return Some(value.clone());
        }
        if let Some(value) = name.strip_prefix("http.").and_then(|rest| self.http(rest)) {
            return Some(value);
        }
        self.mapped(name, depth)
    }

    fn machine(&self, name: &str) -> Option<Value> {
        if let Some(path) = name.strip_prefix("file.") {
            let Some(mut bytes) = self.facts.read(path, LARGEST) else { return Some(Value::Null) };
            for end in [b'\n', b'\r'] {
                if bytes.last() == Some(&end) {
                    bytes.pop();
                }
            }
            return Some(Value::Text(text::of_bytes(&bytes)));
        }
        Some(match name {
            "system.hostname" => Value::Text(self.facts.host_name().unwrap_or_default()),
            "system.slash" => "/".into(),
            "system.os" => "linux".into(),
            "system.arch" => "amd64".into(),
            "system.wd" => Value::Text(self.facts.working_directory()),
            _ if name.starts_with("time.now") => Value::Text(
                self.facts.now().and_then(|seconds| date::placeholder(name, seconds)).unwrap_or_else(|| {
                    self.is_of_the_moment();
                    format!("{{{name}}}")
                }),
            ),
            _ => return None,
        })
    }

    /// What `map` directives say.
    fn mapped(&self, name: &str, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        for map in &self.maps {
            let Some(at) = map.destinations.iter().position(|known| known == name) else { continue };
            let fill =
                |text: &str| self.filled(text, false, depth + 1, &mut |_, value| value.text()).into_owned();
            let input = fill(&map.source);
            for line in &map.mappings {
                let Some(Some(output)) = line.outputs.get(at) else { continue };
                match &line.regexp {
                    Some(regexp) => {
                        if let Some(output) = regexp.expand(&input, output) {
                            return Some(Value::Text(output));
                        }
                    }
                    None if line.input == input => return Some(Value::Text(fill(output))),
                    None => {}
                }
            }
            return Some(map.defaults.get(at).map_or(Value::Null, |text| Value::Text(fill(text))));
        }
        None
    }

    fn http(&self, name: &str) -> Option<Value> {
        if let Some(variable) = name.strip_prefix("vars.") {
            return Some(self.vars.get(variable).cloned().unwrap_or_default());
        }
        if let Some(field) = name.strip_prefix("response.header.") {
            let values = self.headers.values(&canonical_header(field)).unwrap_or_default();
            return Some(Value::Text(values.join(",")));
        }
        let name = name.strip_prefix("request.")?;
        let request = &self.request;
        if let Some(key) = name.strip_prefix("uri.query.") {
            return Some(Value::Text(
                Query::parse(&request.url.query).get(key).unwrap_or_default().join(","),
            ));
        }
        if let Some(field) = name.strip_prefix("header.") {
            let values = request.headers.values(&canonical_header(field)).unwrap_or_default();
            return Some(Value::Text(values.join(",")));
        }
        if let Some(cookie) = name.strip_prefix("cookie.") {
            let found = cookies(&request.headers).find(|(known, _)| known.eq_ignore_ascii_case(cookie));
            return Some(found.map_or(Value::Null, |(_, value)| value.into()));
        }
        if let Some(field) = name.strip_prefix("tls.") {
            return self.tls(field);
        }
        Some(match name {
            "method" => request.method.as_str().into(),
            "scheme" => if self.connection.tls { "https" } else { "http" }.into(),
            "proto" | "proto_name" => format!("HTTP/1.{}", request.minor).into(),
            "host" => host_of(&request.host).into(),
            "port" => port(split_host_port(&request.host).map(|(_, port)| port)),
            "hostport" => request.host.as_str().into(),
            "local" => with_port(&self.connection.local, self.connection.port).into(),
            "local.host" => self.connection.local.as_str().into(),
            "local.port" => Value::Int(self.connection.port.into()),
            "remote" => {
                self.is_of_the_moment();
                with_port(&self.connection.client, "{http.request.remote.port}").into()
            }
            "remote.host" => self.connection.client.as_str().into(),
            "uri" => request.url.request_uri().into(),
            "uri_escaped" => escape(&request.url.request_uri(), Part::Query).into(),
            "uri.query" => request.url.query.as_str().into(),
            "uri.query_escaped" => escape(&request.url.query, Part::Query).into(),
            "uri.prefixed_query" => prefixed(&request.url).into(),
            "body" => self.body(false),
            "body_base64" => self.body(true),
            "orig_method" => self.original.method.as_str().into(),
            "orig_uri" => self.original.request_uri.as_str().into(),
            "orig_uri.query" => self.original.url.query.as_str().into(),
            "orig_uri.prefixed_query" => prefixed(&self.original.url).into(),
            "remote.port" | "uuid" | "duration" | "duration_ms" => {
                self.is_of_the_moment();
                format!("{{http.request.{name}}}").into()
            }
            _ => {
                if let Some(bits) = name.strip_prefix("remote.host/") {
                    return Some(masked(&self.connection.client, bits));
                }
                if let Some(number) = name.strip_prefix("host.labels.") {
                    return label(&host_of(&request.host), number, self.lowers_labels());
                }
                if name == "orig_uri.path.file_escaped" && self.knows_escaped_file() {
                    let escaped = self.original.url.escaped_path();
                    return Some(escaped.rsplit('/').next().unwrap_or_default().into());
                }
                if let Some(part) = name.strip_prefix("orig_uri.path") {
                    return path(&self.original.url, part);
                }
                return path(&request.url, name.strip_prefix("uri.path")?);
            }
        })
    }

    /// Notes that a value was read that each request has anew.
    fn is_of_the_moment(&self) {
        self.unsure.set(Unsure { is_of_the_moment: true, ..self.unsure.get() });
    }

    fn body(&self, as_base64: bool) -> Value {
        if self.request.body.is_too_large() {
            return "request body: http: request body too large".into();
        }
        let body = &self.request.body.text;
        if as_base64 {
            return base64::engine::general_purpose::STANDARD.encode(text::bytes(body)).into();
        }
        body.as_str().into()
    }

    fn tls(&self, field: &str) -> Option<Value> {
        if !self.connection.tls {
            return Some(Value::Null);
        }
        Some(match field.to_ascii_lowercase().as_str() {
            "version" => "tls1.3".into(),
            "cipher_suite" => "TLS_AES_128_GCM_SHA256".into(),
            "resumed" | "ech" => Value::Bool(false),
            "proto" => "".into(),
            "proto_mutual" => Value::Bool(true),
            "server_name" => self.connection.sni.as_str().into(),
            other if other.starts_with("client.") => Value::Null,
            _ => return None,
        })
    }
}

/// Where the placeholder that begins at `at` ends.
fn closing(bytes: &[u8], at: usize) -> Option<usize> {
    let find = |from: usize| bytes[from..].iter().position(|byte| *byte == b'}').map(|found| found + from);
    let mut end = find(at)?;
    while end > 0 && end < bytes.len() - 1 && bytes[end - 1] == b'\\' {
        end = find(end + 1)?;
    }
    Some(end)
}

/// A port as a number, if it is one.
fn port(port: Option<String>) -> Value {
    let port = port.unwrap_or_default();
    port.parse::<i64>().map_or(Value::Text(port), Value::Int)
}

fn prefixed(url: &Url) -> String {
    if url.query.is_empty() { String::new() } else { format!("?{}", url.query) }
}

/// What follows `uri.path` in a placeholder.
fn path(url: &Url, part: &str) -> Option<Value> {
    let path = url.path.as_str();
    let slash = path.rfind('/').map_or(0, |at| at + 1);
    Some(match part {
        "" => path.into(),
        "_escaped" => escape(path, Part::Query).into(),
        ".file" => path[slash..].into(),
        ".dir" => path[..slash].into(),
        ".file.base" => {
            let (base, end) = (base(path), extension(path));
            base.strip_suffix(end).unwrap_or(base).into()
        }
        ".file.ext" => extension(path).into(),
        _ => {
            let number = usize::try_from(part.strip_prefix('.')?.parse::<i64>().ok()?).ok()?;
            let mut parts = path.split('/');
            if path.starts_with('/') || path.is_empty() {
                parts.next();
            }
            parts.nth(number).unwrap_or_default().into()
        }
    })
}

fn label(host: &str, number: &str, lowers: bool) -> Option<Value> {
    let number = usize::try_from(number.parse::<i64>().ok()?).ok()?;
    let label = host.rsplit('.').nth(number).unwrap_or_default();
    Some(if lowers { label.to_lowercase().into() } else { label.into() })
}

/// An address cut to so many bits: one number, or one for each version of IP.
fn masked(client: &str, bits: &str) -> Value {
    let Some((ip, _)) = ranges::address(client) else { return client.into() };
    let (four, six) = bits.split_once(',').unwrap_or((bits, bits));
    let wanted = if ip.is_ipv4() { four } else { six };
    let Ok(bits) = wanted.parse::<u32>() else { return "".into() };
    match ip {
        std::net::IpAddr::V4(ip) if bits <= 32 => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            format!("{}/{bits}", std::net::Ipv4Addr::from_bits(ip.to_bits() & mask)).into()
        }
        std::net::IpAddr::V6(ip) if bits <= 128 => {
            let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            format!("{}/{bits}", std::net::Ipv6Addr::from_bits(ip.to_bits() & mask)).into()
        }
        _ => "".into(),
    }
}

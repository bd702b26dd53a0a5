//! What a server listens on and speaks.

use serde_json::Value;

use super::{Handlers, Route, matchers};
use caddyctl_language::config::NetworkAddress;

/// A server of the configuration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Server<'m, 'c> {
    all: &'m Handlers<'c>,
    number: usize,
}

impl<'c> Handlers<'c> {
    /// The servers.
    pub(crate) fn servers(&self) -> impl Iterator<Item = Server<'_, 'c>> {
        (0..self.servers.len()).map(|number| Server { all: self, number })
    }
}

impl<'m, 'c> Route<'m, 'c> {
    /// Its server.
    pub(crate) fn of_server(self) -> Server<'m, 'c> {
        Server { all: self.all, number: self.server() }
    }
}

impl<'c> Server<'_, 'c> {
    /// Its JSON.
    pub(crate) fn value(self) -> &'c Value {
        self.all.servers[self.number].1
    }

    /// Its JSON pointer.
    pub(crate) fn pointer(self) -> String {
        format!(
            "/apps/http/servers/{}",
            caddyctl_language::config::pointer::escape(self.all.servers[self.number].0)
        )
    }

    /// The texts of a list.
    pub(crate) fn texts(self, name: &str) -> Vec<&'c str> {
        self.value()
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// The hosts of its routes; `None` as an item where a route takes any.
    fn hosts(self) -> Vec<String> {
        let routes = self.value().get("routes").and_then(Value::as_array).into_iter().flatten();
        routes.filter_map(matchers::hosts).flatten().collect()
    }

    /// The ports that it listens on.
    pub(crate) fn ports(self) -> Vec<u16> {
        let listen = self.texts("listen");
        let read = |text: &&str| NetworkAddress::parse(text).ok().filter(|address| !address.is_portless());
        listen.iter().filter_map(read).map(|address| address.first).collect()
    }

    fn port(self, name: &str, default: u16) -> u16 {
        let port =
            self.all.config.pointer(&format!("/apps/http/{name}")).and_then(Value::as_f64).unwrap_or(0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "ports are small and positive"
        )]
        let port = port as u16;
        if port > 0 { port } else { default }
    }

    /// Whether it speaks TLS: by its policies, by its port, or by automatic HTTPS for the names of its routes.
    pub(crate) fn speaks_tls(self) -> bool {
        let value = self.value();
        let policies = value.get("tls_connection_policies").and_then(Value::as_array);
        if policies.is_some_and(|policies| !policies.is_empty()) {
            return true;
        }
        let ports = self.ports();
        if ports.contains(&self.port("https_port", 443))
            || (ports.is_empty() && self.texts("listen").is_empty())
        {
            return true;
        }
        let plain = self.port("http_port", 80);
        let is_off = value.pointer("/automatic_https/disable") == Some(&Value::Bool(true));
        !is_off && ports.iter().any(|port| *port != plain) && !self.hosts().is_empty()
    }

    /// Whether it speaks a protocol such as `h2`, where the client and the listener allow it.
    pub(crate) fn speaks(self, protocol: &str) -> bool {
        let protocols = self.texts("protocols");
        match protocol {
            "h2c" => protocols.contains(&"h2c"),
            _ => self.speaks_tls() && (protocols.is_empty() || protocols.contains(&protocol)),
        }
    }
}

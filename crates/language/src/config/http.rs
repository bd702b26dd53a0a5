//! The HTTP app and its servers.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{ConnectionPolicy, Module, Route, Value, is_zero};

/// The HTTP app. Durations are nanoseconds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct HttpApp {
    /// The port for HTTP, if not 80.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) http_port: i64,
    /// The port for HTTPS, if not 443.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) https_port: i64,
    /// How long a reload waits for active requests.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) grace_period: i64,
    /// How long a shutdown is announced before it begins.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) shutdown_delay: i64,
    /// The servers, by name.
    #[serde(skip_serializing_if = "is_empty_map")]
    pub servers: BTreeMap<String, Box<Server>>,
    /// What is measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metrics: Option<Metrics>,
}

fn is_empty_map<V>(map: &BTreeMap<String, V>) -> bool {
    map.is_empty()
}

/// One server: its listeners and routes. Durations are nanoseconds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Server {
    /// Listener addresses, sorted.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) listen: Vec<String>,
    /// Modules around the listener.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) listener_wrappers: Vec<Module>,
    /// Modules around the QUIC socket; the stock build has none.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) packet_conn_wrappers: Vec<Module>,
    /// `timeouts > read_body`.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) read_timeout: i64,
    /// `timeouts > read_header`.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) read_header_timeout: i64,
    /// `timeouts > read_body_idle`.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) read_idle_timeout: i64,
    /// The rate of `read_body_idle`, in bytes a second.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) read_min_rate: i64,
    /// `timeouts > write`.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) write_timeout: i64,
    /// `timeouts > write_idle`.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) write_idle_timeout: i64,
    /// The rate of `write_idle`, in bytes a second.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) write_min_rate: i64,
    /// `timeouts > write_max_chunk`, in bytes.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) max_write_chunk: i64,
    /// `timeouts > idle`.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) idle_timeout: i64,
    /// Between TCP keepalive probes.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) keepalive_interval: i64,
    /// Before the first TCP keepalive probe.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) keepalive_idle: i64,
    /// How many TCP keepalive probes may go unanswered.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) keepalive_count: i64,
    /// Largest request header, in bytes.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) max_header_bytes: i64,
    /// Whether HTTP/1 requests may be answered before they are read.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) enable_full_duplex: bool,
    /// Request headers with underscores that are let through.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) expected_underscore_headers: Vec<String>,
    /// Request headers with dots that are let through.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) expected_dot_headers: Vec<String>,
    /// The routes, in the order in which they are tried.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Route>,
    /// The routes for errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<ErrorRoutes>,
    /// The routes that `invoke` names.
    #[serde(skip_serializing_if = "is_empty_map")]
    pub named_routes: BTreeMap<String, Route>,
    /// How TLS connections are made, the first that matches.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) tls_connection_policies: Vec<ConnectionPolicy>,
    /// Automatic HTTPS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) automatic_https: Option<AutomaticHttps>,
    /// Whether the Host header must be the name of the TLS handshake.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) strict_sni_host: Option<bool>,
    /// Which proxies' client addresses are believed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trusted_proxies: Option<Module>,
    /// The headers that carry client addresses.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) client_ip_headers: Vec<String>,
    /// 1 if client addresses are read from the right.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) trusted_proxies_strict: i64,
    /// Whether peers on unix sockets are trusted.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) trusted_proxies_unix: bool,
    /// Which requests are logged where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) logs: Option<ServerLogs>,
    /// The protocols of every listener.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) protocols: Vec<String>,
    /// What the server measures, before 2.9.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metrics: Option<Metrics>,
    /// The protocols of each listener, `null` for the default ones.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) listen_protocols: Vec<Option<Vec<String>>>,
    /// Whether TLS early data is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) allow_0rtt: Option<bool>,
}

/// Routes that run when a handler has failed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ErrorRoutes {
    /// In the order in which they are tried.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Route>,
}

/// Which parts of automatic HTTPS a server does without.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "Caddy's settings, each on its own")]
pub(crate) struct AutomaticHttps {
    /// All of it.
    #[serde(skip_serializing_if = "is_zero")]
    pub disable: bool,
    /// Redirects from HTTP.
    #[serde(skip_serializing_if = "is_zero")]
    pub disable_redirects: bool,
    /// Certificates.
    #[serde(skip_serializing_if = "is_zero")]
    pub disable_certificates: bool,
    /// Hosts that are left alone.
    #[serde(skip_serializing_if = "is_zero")]
    pub skip: Vec<String>,
    /// Whether loaded certificates do not stop automatic ones.
    #[serde(skip_serializing_if = "is_zero")]
    pub ignore_loaded_certificates: bool,
}

/// Which requests of a server are logged where.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct ServerLogs {
    /// The logger for hosts that are not listed.
    #[serde(skip_serializing_if = "is_zero")]
    pub default_logger_name: String,
    /// Loggers by host.
    #[serde(skip_serializing_if = "is_zero")]
    pub logger_names: BTreeMap<String, Value>,
    /// Hosts that are not logged.
    #[serde(skip_serializing_if = "is_zero")]
    pub skip_hosts: Vec<String>,
    /// Whether hosts that are not listed are not logged.
    #[serde(skip_serializing_if = "is_zero")]
    pub skip_unmapped_hosts: bool,
    /// Whether credentials are logged.
    #[serde(skip_serializing_if = "is_zero")]
    pub should_log_credentials: bool,
    /// Whether each handler that runs is logged.
    #[serde(skip_serializing_if = "is_zero")]
    pub trace: bool,
}

/// What is measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Metrics {
    /// By host.
    #[serde(skip_serializing_if = "is_zero")]
    pub per_host: bool,
    /// Hosts of catch-all sites too.
    #[serde(skip_serializing_if = "is_zero")]
    pub observe_catchall_hosts: bool,
    /// Sent through OpenTelemetry.
    #[serde(skip_serializing_if = "is_zero")]
    pub otlp: bool,
}

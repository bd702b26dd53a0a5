//! The global options: what has been read of them.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;

use super::order::DirectiveOrder;
use super::setting::{Bind, CustomLog};
use crate::config::{Admin, Ech, Metrics, Module, OnDemand, Pki, Route, Server, Value};
use crate::syntax::Word;
use crate::version::Version;

/// The variable that says to Caddy where its admin API listens.
pub const ADMIN_VARIABLE: &str = "CADDY_ADMIN";

/// The global options of a Caddyfile. Durations are nanoseconds; what is not set is empty.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the language")]
pub(crate) struct Options {
    /// The Caddy that reads the file.
    pub version: Version,
    /// `debug`.
    pub debug: bool,
    /// `http_port`.
    pub http_port: Option<i64>,
    /// `https_port`.
    pub https_port: Option<i64>,
    /// `default_bind`.
    pub default_bind: Option<Vec<Bind>>,
    /// `grace_period`.
    pub grace_period: i64,
    /// `shutdown_delay`.
    pub shutdown_delay: i64,
    /// `default_sni`.
    pub default_sni: String,
    /// `fallback_sni`.
    pub fallback_sni: String,
    /// The order of the directives: the default one, as `order` has changed it.
    pub order: DirectiveOrder,
    /// `storage`.
    pub storage: Option<Module>,
    /// `storage_check off`.
    pub storage_check_off: bool,
    /// `storage_clean_interval off`.
    pub storage_clean_off: bool,
    /// `storage_clean_interval`.
    pub storage_clean_interval: i64,
    /// `renew_interval`.
    pub renew_interval: i64,
    /// `ocsp_interval`.
    pub ocsp_interval: i64,
    /// `ocsp_stapling off`.
    pub ocsp_stapling_off: bool,
    /// `acme_ca`.
    pub acme_ca: Option<String>,
    /// `acme_ca_root`.
    pub acme_ca_root: Option<String>,
    /// `acme_dns`.
    pub acme_dns: Option<AcmeDns>,
    /// `acme_eab`: the account binding, as ACME issuers have it.
    pub acme_eab: Option<Value>,
    /// `cert_issuer`, in order.
    pub cert_issuers: Vec<Module>,
    /// `skip_install_trust`.
    pub skip_install_trust: bool,
    /// `email`.
    pub email: Option<String>,
    /// `admin`.
    pub admin: Option<Admin>,
    /// Where Caddy's environment says that the admin API listens, in [`ADMIN_VARIABLE`].
    pub admin_from_environment: Option<String>,
    /// `on_demand_tls`.
    pub on_demand_tls: Option<OnDemand>,
    /// `local_certs`.
    pub local_certs: bool,
    /// `key_type`.
    pub key_type: Option<String>,
    /// `auto_https`.
    pub auto_https: Vec<String>,
    /// `metrics`.
    pub metrics: Option<Metrics>,
    /// `cert_lifetime`.
    pub cert_lifetime: Option<i64>,
    /// `preferred_chains`, as ACME issuers have it.
    pub preferred_chains: Option<Value>,
    /// `persist_config off`.
    pub persist_config_off: bool,
    /// `dns`: the provider where none is named.
    pub dns: Option<Module>,
    /// `tls_automate_names`, as written, each once.
    pub tls_automate_names: Vec<EcoString>,
    /// `tls_resolvers`.
    pub tls_resolvers: Vec<String>,
    /// `ech`.
    pub ech: Option<Ech>,
    /// The words of the names in `ech`.
    pub ech_words: Vec<Word>,
    /// `renewal_window_ratio`.
    pub renewal_window_ratio: Option<f64>,
    /// `servers`, in the order in which they are tried.
    pub servers: Vec<ServerOptions>,
    /// `log`, in order.
    pub logs: Vec<CustomLog>,
    /// The names of those.
    pub log_names: BTreeSet<String>,
    /// `pki`.
    pub pki: Option<Pki>,
    /// Apps that options configure by themselves (`events`).
    pub apps: BTreeMap<String, Value>,
    /// Named routes, each with the names that it invokes.
    pub named_routes: BTreeMap<String, (Route, Vec<String>)>,
}

/// `acme_dns`: DNS challenges for every ACME issuer.
#[derive(Clone, Debug, Default)]
pub(crate) struct AcmeDns {
    /// The option's name.
    pub word: Word,
    /// The DNS provider; without one, that of `dns` is used.
    pub provider: Option<Module>,
}

/// One `servers` option: the settings of the servers that listen on an address.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServerOptions {
    /// The listener address that a server must have; empty for every server that no other option is for.
    pub listener: String,
    /// The word that names the listener, or `servers` itself.
    pub word: Word,
    /// `name`.
    pub name: String,
    /// Every setting that a server takes over as it stands.
    pub settings: Server,
    /// `log_credentials`.
    pub log_credentials: bool,
    /// `trace`.
    pub trace: bool,
    /// `metrics`.
    pub metrics: Option<Metrics>,
}

impl Options {
    /// The port for HTTP.
    pub(crate) fn http_port(&self) -> String {
        self.http_port.unwrap_or(80).to_string()
    }

    /// The port for HTTPS.
    pub(crate) fn https_port(&self) -> String {
        self.https_port.unwrap_or(443).to_string()
    }
}

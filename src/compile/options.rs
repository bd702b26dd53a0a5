//! The global options: what has been read of them, and how they change servers.

use std::collections::BTreeMap;

use serde_json::Value;

use super::scope::{Bind, CustomLog, State};
use crate::config::{Admin, AdminConfig, Ech, Metrics, Module, OnDemand, Pki, Route, Server, ServerLogs};
use crate::diagnostics::Code;
use crate::directives;
use crate::expand::Block;
use crate::options;
use crate::spec::{Cursor, Fault, Parsed};
use crate::syntax::Word;

/// The global options of a Caddyfile. Durations are nanoseconds; what is not set is empty.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the language")]
pub struct Options {
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
    /// The order of directives, once `order` has changed it.
    pub order: Option<Vec<&'static str>>,
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
    /// Where Caddy's environment says that the admin API listens (`CADDY_ADMIN`).
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
    /// `pki`.
    pub pki: Option<Pki>,
    /// Apps that options configure by themselves (`events`).
    pub apps: BTreeMap<String, Value>,
    /// Named routes, each with the names that it invokes.
    pub named_routes: BTreeMap<String, (Route, Vec<String>)>,
}

/// `acme_dns`: DNS challenges for every ACME issuer.
#[derive(Clone, Debug, Default)]
pub struct AcmeDns {
    /// The option's name.
    pub word: Word,
    /// The DNS provider; without one, that of `dns` is used.
    pub provider: Option<Module>,
}

/// One `servers` option: the settings of the servers that listen on an address.
#[derive(Clone, Debug, Default)]
pub struct ServerOptions {
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
    /// Reads the block of global options.
    pub(super) fn read(&mut self, block: &Block, state: &mut State) {
        for segment in &block.segments {
            let Some(name) = segment.first() else { continue };
            let Some(option) = options::find(&name.text) else {
                state.report(options::unknown(name));
                continue;
            };
            let mut cursor = Cursor::new(segment.as_slice());
            cursor.next();
            let read = (option.read)(&mut cursor, self);
            for fault in cursor.take_faults().into_iter().chain(read.err()) {
                state.report(fault);
            }
        }
        // The longest address is looked at first.
        self.servers.sort_by_key(|servers| std::cmp::Reverse(servers.listener.len()));
        for (index, servers) in self.servers.iter().enumerate() {
            if let Some(first) = self.servers[..index].iter().find(|other| other.listener == servers.listener)
            {
                state.report(
                    Fault::new(
                        Code::REPEATED,
                        &servers.word,
                        "two `servers` options are for the same listener address",
                    )
                    .also(&first.word, "the other one")
                    .help("put their settings into one block"),
                );
            }
        }
    }

    /// The port for HTTP.
    pub fn http_port(&self) -> String {
        self.http_port.unwrap_or(80).to_string()
    }

    /// The port for HTTPS.
    pub fn https_port(&self) -> String {
        self.https_port.unwrap_or(443).to_string()
    }

    /// The order of directives.
    pub fn directive_order(&self) -> &[&'static str] {
        self.order.as_deref().unwrap_or_else(|| directives::default_order())
    }

    /// The admin API's settings, with `persist_config`.
    pub(super) fn admin(&self) -> Option<Admin> {
        let mut admin = self.admin.clone();
        if self.persist_config_off {
            admin.get_or_insert_default().config = Some(AdminConfig { persist: Some(false) });
        }
        admin
    }
}

/// Gives each server the settings that are for it, and its name. Returns the metrics that servers ask for.
pub(super) fn apply_server_options(
    servers: &mut BTreeMap<String, Server>,
    options: &Options,
) -> Parsed<Vec<Metrics>> {
    for (index, option) in options.servers.iter().enumerate() {
        let earlier = &options.servers[..index];
        if !option.name.is_empty() && earlier.iter().any(|other| other.name == option.name) {
            return Err(Fault::new(
                Code::REPEATED,
                &option.word,
                format!("two servers cannot both be named `{}`", option.name),
            ));
        }
    }
    let mut metrics = Vec::new();
    let mut renamed = Vec::new();
    for (key, server) in servers.iter_mut() {
        let fits =
            |option: &&ServerOptions| option.listener.is_empty() || server.listen.contains(&option.listener);
        let Some(option) = options.servers.iter().find(fits) else { continue };
        let old = std::mem::take(server);
        *server = Server {
            listen: old.listen,
            routes: old.routes,
            errors: old.errors,
            named_routes: old.named_routes,
            tls_connection_policies: old.tls_connection_policies,
            automatic_https: old.automatic_https,
            logs: old.logs,
            listen_protocols: old.listen_protocols,
            ..option.settings.clone()
        };
        if option.log_credentials || option.trace {
            let logs = server.logs.get_or_insert_with(ServerLogs::default);
            logs.should_log_credentials |= option.log_credentials;
            logs.trace |= option.trace;
        }
        metrics.extend(option.metrics.clone());
        if !option.name.is_empty() {
            renamed.push((key.clone(), option.name.clone()));
        }
    }
    // A server that is given the name it has already is lost, as in Caddy.
    for (old, new) in renamed {
        if let Some(server) = servers.remove(&old).filter(|_| old != new) {
            servers.insert(new, server);
        }
    }
    Ok(metrics)
}

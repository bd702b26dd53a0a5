//! The global options.

use crate::diagnostics::Code;
use crate::lower::{GlobalOption, Registry};
use crate::spec::{Fault, plugin, suggest};
use crate::syntax::Word;

mod acme_ca;
mod acme_ca_root;
mod acme_dns;
mod acme_eab;
mod admin;
mod auto_https;
mod cert_issuer;
mod cert_lifetime;
mod debug;
mod default_bind;
mod default_sni;
mod dns;
mod ech;
mod email;
mod events;
mod fallback_sni;
mod filesystem;
mod grace_period;
mod http_port;
mod https_port;
mod key_type;
mod local_certs;
mod log;
mod metrics;
mod ocsp_interval;
mod ocsp_stapling;
mod on_demand_tls;
mod order;
mod persist_config;
mod pki;
mod preferred_chains;
mod renew_interval;
mod renewal_window_ratio;
mod servers;
mod shutdown_delay;
mod skip_install_trust;
mod storage;
mod storage_check;
mod storage_clean_interval;
mod tls_automate_names;
mod tls_resolvers;
mod value;

/// Every global option of the stock build.
pub static ALL: &[&GlobalOption] = &[
    &acme_ca::OPTION,
    &acme_ca_root::OPTION,
    &acme_dns::OPTION,
    &acme_eab::OPTION,
    &admin::OPTION,
    &auto_https::OPTION,
    &cert_issuer::OPTION,
    &cert_lifetime::OPTION,
    &debug::OPTION,
    &default_bind::OPTION,
    &default_sni::OPTION,
    &dns::OPTION,
    &ech::OPTION,
    &email::OPTION,
    &events::OPTION,
    &fallback_sni::OPTION,
    &filesystem::OPTION,
    &grace_period::OPTION,
    &http_port::OPTION,
    &https_port::OPTION,
    &key_type::OPTION,
    &local_certs::OPTION,
    &log::OPTION,
    &metrics::OPTION,
    &ocsp_interval::OPTION,
    &ocsp_stapling::OPTION,
    &on_demand_tls::OPTION,
    &order::OPTION,
    &persist_config::OPTION,
    &pki::OPTION,
    &preferred_chains::OPTION,
    &renew_interval::OPTION,
    &renewal_window_ratio::OPTION,
    &servers::OPTION,
    &shutdown_delay::OPTION,
    &skip_install_trust::OPTION,
    &storage::OPTION,
    &storage_check::OPTION,
    &storage_clean_interval::OPTION,
    &tls_automate_names::OPTION,
    &tls_resolvers::OPTION,
];

/// The options of `known`: those of the stock build, and those that were added.
pub fn among(known: &Registry) -> impl Iterator<Item = &GlobalOption> {
    let is_replaced = |option: &&GlobalOption| known.options().any(|other| other.name == option.name);
    ALL.iter().copied().filter(move |option| !is_replaced(option)).chain(known.options())
}

/// The option of `known` called `name`.
pub fn find<'a>(known: &'a Registry, name: &str) -> Option<&'a GlobalOption> {
    let added = known.options().find(|option| option.name == *name);
    added.or_else(|| ALL.iter().find(|option| option.name == name).copied())
}

/// A name that is no global option.
pub(crate) fn unknown(known: &Registry, name: &Word) -> Fault {
    let fault = Fault::new(Code::UNKNOWN_OPTION, name, format!("unknown global option `{}`", name.text));
    if let Some(plugin) = plugin::find("global option", &name.text) {
        return fault.plugin(plugin);
    }
    if let Some(help) = crate::directives::belongs::in_options(&name.text) {
        return fault.help(help);
    }
    if let Some(near) = suggest(&name.text, among(known).map(|option| &*option.name)) {
        return fault.suggest(name, Some(near));
    }
    if known.find(&name.text).is_some() {
        return fault
            .help(format!("`{}` is a directive: write the address of its site before the `{{`", name.text));
    }
    fault.help("a block without an address is the global options; if this is a site, write its address before the `{`")
}

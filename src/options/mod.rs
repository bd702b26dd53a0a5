//! The global options.

use crate::diagnostics::Code;
use crate::spec::{Fault, GlobalOption, suggest};
use crate::syntax::Word;

mod acme_ca;
mod acme_ca_root;
mod acme_dns;
mod acme_eab;
mod cert_issuer;
mod cert_lifetime;
mod debug;
mod default_sni;
mod dns;
mod ech;
mod email;
mod fallback_sni;
mod key_type;
mod local_certs;
mod ocsp_interval;
mod ocsp_stapling;
mod on_demand_tls;
mod pki;
mod preferred_chains;
mod renew_interval;
pub(crate) mod renewal_window_ratio;
mod skip_install_trust;
mod storage_check;
mod storage_clean_interval;
mod tls_resolvers;
mod value;

/// Every global option of the stock build.
pub static ALL: &[&GlobalOption] = &[
    &acme_ca::OPTION,
    &acme_ca_root::OPTION,
    &acme_dns::OPTION,
    &acme_eab::OPTION,
    &cert_issuer::OPTION,
    &cert_lifetime::OPTION,
    &debug::OPTION,
    &default_sni::OPTION,
    &dns::OPTION,
    &ech::OPTION,
    &email::OPTION,
    &fallback_sni::OPTION,
    &key_type::OPTION,
    &local_certs::OPTION,
    &ocsp_interval::OPTION,
    &ocsp_stapling::OPTION,
    &on_demand_tls::OPTION,
    &pki::OPTION,
    &preferred_chains::OPTION,
    &renew_interval::OPTION,
    &renewal_window_ratio::OPTION,
    &skip_install_trust::OPTION,
    &storage_check::OPTION,
    &storage_clean_interval::OPTION,
    &tls_resolvers::OPTION,
];

/// The option called `name`.
pub fn find(name: &str) -> Option<&'static GlobalOption> {
    ALL.iter().find(|option| option.name == name).copied()
}

/// A name that is no global option.
pub fn unknown(name: &Word) -> Fault {
    let fault = Fault::new(Code::UNKNOWN_OPTION, name, format!("there is no global option `{}`", name.text));
    if let Some(near) = suggest(&name.text, ALL.iter().map(|option| option.name)) {
        return fault.suggest(name, Some(near));
    }
    if crate::directives::find(&name.text).is_some() {
        return fault
            .help(format!("`{}` is a directive: write the address of its site before the `{{`", name.text));
    }
    fault.help("a block without an address is the global options; if this is a site, write its address before the `{`")
}

//! The global options.

use crate::diagnostics::Code;
use crate::spec::{Fault, GlobalOption, suggest};
use crate::syntax::Word;

mod admin;
mod auto_https;
mod debug;
mod default_bind;
mod events;
mod filesystem;
mod grace_period;
mod http_port;
mod https_port;
mod log;
mod metrics;
mod order;
mod persist_config;
mod servers;
mod shutdown_delay;
mod storage;
mod value;

/// Every global option of the stock build.
#[rustfmt::skip]
pub static ALL: &[&GlobalOption] = &[
    &admin::OPTION,
    &auto_https::OPTION,
    &debug::OPTION,
    &default_bind::OPTION,
    &events::OPTION,
    &filesystem::OPTION,
    &grace_period::OPTION,
    &http_port::OPTION,
    &https_port::OPTION,
    &log::OPTION,
    &metrics::OPTION,
    &order::OPTION,
    &persist_config::OPTION,
    &servers::OPTION,
    &shutdown_delay::OPTION,
    &storage::OPTION,
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

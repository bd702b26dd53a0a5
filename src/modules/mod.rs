//! Modules that directives name inside themselves: policies, transports, issuers, encoders, writers, filters.

use serde_json::Value;

use crate::config::Module;
use crate::diagnostics::Code;
use crate::spec::{Cursor, Fault, ModuleSpec, Parsed, suggest};

pub mod certificate_manager;
pub mod client_verifier;
pub mod dns_provider;
pub mod encoder;
pub mod encoding;
pub mod header_ops;
pub mod http_hash;
pub mod ip_source;
pub mod issuer;
pub mod leaf_loader;
pub mod listener_wrapper;
pub mod log_core;
pub mod log_filter;
pub mod network_proxy;
pub mod packet_conn_wrapper;
pub mod permission;
pub mod precompressed;
pub mod response_matcher;
pub mod selection;
pub mod storage;
pub mod transport;
pub mod trust_pool;
pub mod upstreams;
pub mod writer;

/// Reads the module whose name is the current word, with its line and block. `what` names its kind in faults: "load
/// balancing policy"; `key` is the JSON field that holds its name.
pub fn read(cursor: &mut Cursor, what: &str, key: &str, all: &[&ModuleSpec]) -> Parsed<Module> {
    let word = cursor.word().clone();
    let Some(spec) = all.iter().find(|spec| spec.name == word.text) else {
        let names: Vec<&str> = all.iter().map(|spec| spec.name).collect();
        let fault = Fault::new(Code::UNKNOWN_MODULE, &word, format!("there is no {what} `{}`", word.text));
        return Err(match suggest(&word.text, names.iter().copied()) {
            Some(near) => fault.suggest(&word, Some(near)),
            None => fault.help(format!("Caddy comes with {}", crate::spec::fault_list(&names))),
        });
    };
    let mut module = (spec.read)(&mut cursor.nested())?;
    module.insert(key.to_owned(), Value::from(spec.name));
    Ok(module)
}

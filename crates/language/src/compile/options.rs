//! Reads the global options, and gives servers what is for them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Admin, AdminConfig, Metrics, Server, ServerLogs};
use crate::diagnostics::Code;
use crate::expand::Block;
use crate::lower::{Options, ServerOptions, State};
use crate::spec::{Fault, Parsed, age};

/// Reads the block of global options.
pub(super) fn read(options: &mut Options, block: &Block, state: &mut State) {
    for segment in &block.segments {
        let Some(name) = segment.first() else { continue };
        let known = Arc::clone(&state.directives);
        let Some(option) = crate::options::find(&known, &name.text) else {
            state.report(crate::options::unknown(&known, name));
            continue;
        };
        let mut cursor = state.cursor(segment);
        cursor.next();
        let read = age::check(&cursor, age::OPTION, &option.name, &option.rows)
            .and_then(|()| option.read(&mut cursor, options));
        for fault in cursor.take_faults().into_iter().chain(read.err()) {
            state.report(fault);
        }
    }
    // The longest address is looked at first.
    options.servers.sort_by_key(|servers| std::cmp::Reverse(servers.listener.len()));
    let mut listeners = FxHashMap::default();
    for servers in &options.servers {
        let first: &ServerOptions = listeners.entry(&servers.listener).or_insert(servers);
        if !std::ptr::eq(first, servers) {
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

/// The admin API's settings, with `persist_config`.
pub(super) fn admin(options: &Options) -> Option<Admin> {
    let mut admin = options.admin.clone();
    if options.persist_config_off {
        admin.get_or_insert_default().config = Some(AdminConfig { persist: Some(false) });
    }
    admin
}

/// Gives each server the settings that are for it, and its name. Returns the metrics that servers ask for.
pub(super) fn apply_server_options(
    servers: &mut BTreeMap<String, Box<Server>>,
    options: &Options,
) -> Parsed<Vec<Metrics>> {
    let mut names = FxHashSet::default();
    for option in &options.servers {
        if !option.name.is_empty() && !names.insert(&option.name) {
            return Err(Fault::new(
                Code::REPEATED,
                &option.word,
                format!("two servers cannot both be named `{}`", option.name),
            ));
        }
    }
    let mut metrics = Vec::new();
    let mut renamed = Vec::new();
    let mut of_listeners = FxHashMap::default();
    for (index, option) in options.servers.iter().enumerate() {
        of_listeners.entry(option.listener.as_str()).or_insert(index);
    }
    for (key, server) in servers.iter_mut() {
        let listeners = server.listen.iter().map(String::as_str).chain([""]);
        let first = listeners.filter_map(|listener| of_listeners.get(listener)).min();
        let Some(option) = first.map(|index| &options.servers[*index]) else { continue };
        let old = std::mem::take(server);
        **server = Server {
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

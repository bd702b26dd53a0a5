//! The directives, one a file. The order of [`ALL`] is Caddy's default order (docs: "Directive order"); those that are
//! no ordered handlers follow at its end.

use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;

use crate::diagnostics::Code;
use crate::lower::{Directive, Place, Registry};
use crate::source::Span;
use crate::spec::{Fault, HandlerModule, plugin, suggest};
use crate::syntax::Word;
use crate::version::Version;

mod abort;
mod acme_server;
mod basic_auth;
mod basicauth;
pub(crate) mod bind;
mod copy_response;
mod copy_response_headers;
mod deprecated;
pub(crate) mod belongs;
mod elsewhere;
mod encode;
mod error;
mod file_server;
mod forward_auth;
mod fs;
mod handle;
mod handle_errors;
mod handle_path;
mod handle_response;
mod header;
mod intercept;
mod invoke;
pub(crate) mod log;
mod log_append;
mod log_level;
mod log_name;
mod log_skip;
mod map;
mod method;
mod metrics;
mod php_fastcgi;
mod push;
mod redir;
mod request_body;
mod request_header;
mod respond;
mod reverse_proxy;
mod rewrite;
mod root;
mod route;
mod skip_log;
mod templates;
mod timeouts;
pub(crate) mod tls;
mod tracing;
mod try_files;
mod uri;
mod vars;

/// Every directive of the stock build.
pub static ALL: &[&Directive] = &[
    &tracing::DIRECTIVE,
    &map::DIRECTIVE,
    &vars::DIRECTIVE,
    &fs::DIRECTIVE,
    &root::DIRECTIVE,
    &log_append::DIRECTIVE,
    &skip_log::DIRECTIVE,
    &log_skip::DIRECTIVE,
    &log_name::DIRECTIVE,
    &log_level::DIRECTIVE,
    &header::DIRECTIVE,
    &copy_response_headers::DIRECTIVE,
    &request_body::DIRECTIVE,
    &timeouts::DIRECTIVE,
    &redir::DIRECTIVE,
    &method::DIRECTIVE,
    &rewrite::DIRECTIVE,
    &uri::DIRECTIVE,
    &try_files::DIRECTIVE,
    &basicauth::DIRECTIVE,
    &basic_auth::DIRECTIVE,
    &forward_auth::DIRECTIVE,
    &request_header::DIRECTIVE,
    &encode::DIRECTIVE,
    &push::DIRECTIVE,
    &intercept::DIRECTIVE,
    &templates::DIRECTIVE,
    &invoke::DIRECTIVE,
    &handle::DIRECTIVE,
    &handle_path::DIRECTIVE,
    &route::DIRECTIVE,
    &abort::DIRECTIVE,
    &error::DIRECTIVE,
    &copy_response::DIRECTIVE,
    &respond::DIRECTIVE,
    &metrics::DIRECTIVE,
    &reverse_proxy::DIRECTIVE,
    &php_fastcgi::DIRECTIVE,
    &file_server::DIRECTIVE,
    &acme_server::DIRECTIVE,
    &bind::DIRECTIVE,
    &tls::DIRECTIVE,
    &log::DIRECTIVE,
    &handle_errors::DIRECTIVE,
];

/// Those of the stock build.
pub fn stock() -> &'static Arc<Registry> {
    static STOCK: LazyLock<Arc<Registry>> = LazyLock::new(|| Arc::new(Registry::new(ALL)));
    &STOCK
}

/// Those of the stock build, as this version of Caddy reads them.
pub fn stock_of(version: Version) -> Arc<Registry> {
    if version == Version::DEFAULT {
        return Arc::clone(stock());
    }
    Arc::new(Registry::clone(stock()).for_version(version))
}

/// The directive of the stock build called `name`.
pub fn find(name: &str) -> Option<&'static Directive> {
    stock().find(name)
}

/// The handler of the stock build that Caddy's JSON calls `name`.
pub fn handler(name: &str) -> Option<&'static HandlerModule> {
    static BY_NAME: LazyLock<FxHashMap<&str, &HandlerModule>> = LazyLock::new(|| {
        ALL.iter().filter_map(|directive| directive.handler).map(|handler| (handler.name, handler)).collect()
    });
    BY_NAME.get(name).copied()
}

/// The fault of a line, and its block, whose name is none of the directives that are `known`.
pub(crate) fn unknown(known: &Registry, segment: &[Word], place: Place, has_braces: bool) -> Fault {
    let nothing = Word::default();
    let name = segment.first().unwrap_or(&nothing);
    let nested = place == Place::Nested;
    let fault = Fault::new(Code::UNKNOWN_DIRECTIVE, name, format!("unknown directive `{}`", name.text));
    if let Some(plugin) = plugin::find("directive", &name.text) {
        return fault.plugin(plugin);
    }
    if let Some((now, end)) = elsewhere::translation(segment) {
        let line = Word { span: Span { end, ..name.span }, ..name.clone() };
        return fault
            .help(format!("{} `{}`; write `{now}`", elsewhere::origin(&name.text), name.text))
            .edit(&line, &now)
            .into_proposal();
    }
    if let Some(hint) = elsewhere::hint(&name.text) {
        return fault.help(hint);
    }
    if let Some(near) = suggest(&name.text, known.iter().map(|directive| &*directive.name)) {
        return fault.suggest(name, Some(near));
    }
    if !has_braces && !nested {
        return fault
            .help("if this is the address of a second site, put braces around the directives of each site");
    }
    if nested {
        return fault.help("if this belongs to the block above, check its braces");
    }
    fault
}

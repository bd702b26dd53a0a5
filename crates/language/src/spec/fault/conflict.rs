//! E0304: settings that exclude each other.

use std::fmt::Display;

use super::Fault;
use crate::diagnostics::Code;
use crate::syntax::Word;

fn fault(word: &Word, message: impl Into<String>) -> Fault {
    Fault::new(Code::CONFLICT, word, message)
}

/// `one` and `other`, of which only one may be given. `help` is what to do.
pub(crate) fn exclusive(word: &Word, one: impl Display, other: &str, help: &str) -> Fault {
    fault(word, format!("`{one}` and `{other}` exclude each other")).help(help)
}

/// `name` has a value on its line and a block.
pub(crate) fn value_and_block(word: &Word, name: &str) -> Fault {
    fault(word, format!("`{name}` takes no block")).help(format!("keep `{name}` or the block"))
}

/// `match` asks for a field of which the same `header` sets a default.
pub(crate) fn default_and_match(word: &Word, field: &str) -> Fault {
    fault(word, format!("`match` asks for `{field}`, and `?{field}` is for responses without it"))
        .help("put the default into a `header` of its own")
}

/// Several expressions in one matcher.
pub(crate) fn two_expressions(word: &Word) -> Fault {
    fault(word, "a matcher can have only one `expression`").help("join them into one expression with `&&`")
}

/// `uri query` has an operation on its line and a block.
pub(crate) fn query_in_two_places(word: &Word) -> Fault {
    fault(word, "`uri query` has an operation on its line and a block")
        .help("put all operations into the block")
}

/// `name` in `servers` without a listener address.
pub(crate) fn server_name(word: &Word) -> Fault {
    fault(word, "only the server of one listener address can have a name")
        .help("write the address after `servers`: `servers :443 {`")
}

/// A destination of `map` that is a placeholder of Caddy.
pub(crate) fn known_placeholder(word: &Word, shorthand: &str) -> Fault {
    fault(word, format!("`{{{shorthand}}}` is a placeholder of Caddy's own"))
        .help("choose another name for the destination")
}

/// `health_port` where `health_upstream` has a port.
pub(crate) fn health_port(word: &Word) -> Fault {
    fault(word, "`health_upstream` has a port already")
        .help("remove `health_port`, or write it into `health_upstream`")
}

/// `transport` in `php_fastcgi`.
pub(crate) fn fastcgi_transport(word: &Word) -> Fault {
    fault(word, "the transport here is FastCGI already")
        .help("write the options of FastCGI without `transport`")
}

/// A transport with TLS, and upstreams with `http://`.
pub(crate) fn tls_to_http(word: &Word) -> Fault {
    fault(word, "the transport uses TLS, and the upstreams have `http://`")
        .help("write `https://` before the upstreams, or remove the `tls` options")
}

/// A transport that has no TLS, and upstreams with `https://`.
pub(crate) fn https_without_tls(word: &Word) -> Fault {
    fault(word, "this transport has no TLS, and the upstreams have `https://`")
        .help("write the upstreams without a scheme")
}

/// Upstreams with different schemes: `scheme`, which may be empty, and `before` at `place`.
pub(crate) fn schemes(word: &Word, scheme: &str, before: &str, place: &Word) -> Fault {
    let scheme =
        if scheme.is_empty() { "has no scheme".to_owned() } else { format!("has the scheme `{scheme}`") };
    fault(word, format!("this upstream {scheme}, but the one before it has `{before}`"))
        .also(place, "the scheme is set here")
        .help("give all upstreams of one proxy the same scheme")
}

/// A setting of `tls` that is for an issuer of its own, and `issuer`.
pub(crate) fn two_issuers(word: &Word) -> Fault {
    fault(word, format!("`{}` sets up an issuer, and `issuer` names another", word.text))
        .help("put all settings of an issuer into the block of `issuer`")
}

/// A setting for ACME, and `tls internal`.
pub(crate) fn acme_and_internal(word: &Word) -> Fault {
    fault(word, format!("`{}` is for ACME servers, and `tls internal` uses none", word.text))
        .help("keep one of them")
}

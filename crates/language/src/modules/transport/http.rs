//! `http`: to an HTTP server, with or without TLS. The transport of every `reverse_proxy` that names none.

use super::{keepalive, tls};
use crate::config::{Fields, Module, Value, json};
use crate::modules::network_proxy;
use crate::spec::{Cursor, Kind, List, ModuleSpec, Parsed, Row, Rows, Text, put, read_block};
use crate::version::Change;

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("http", "", "An HTTP server, with or without TLS", read).rows(ROWS);

const PROXY_PROTOCOLS: &[Text] = &[Text::Static("v1"), Text::Static("v2")];

const RENEGOTIATION: &[Text] = &[Text::Static("never"), Text::Static("once"), Text::Static("freely")];

const ROWS: Rows = &[
    Row::new("read_buffer", "<size>", Kind::Size, "The size of the read buffer")
        .at("read_buffer_size")
        .lenient(),
    Row::new("write_buffer", "<size>", Kind::Size, "The size of the write buffer")
        .at("write_buffer_size")
        .lenient(),
    Row::new("max_response_header", "<size>", Kind::Size, "The maximum size of the response header")
        .at("max_response_header_size")
        .lenient(),
    Row::new("read_timeout", "<duration>", Kind::Duration, "The time limit for reading").lenient(),
    Row::new("write_timeout", "<duration>", Kind::Duration, "The time limit for writing").lenient(),
    Row::new("dial_timeout", "<duration>", Kind::Duration, "The time limit for connecting").lenient(),
    Row::new("dial_fallback_delay", "<duration>", Kind::Duration, "When to try IPv4 in addition to IPv6")
        .lenient(),
    Row::new(
        "response_header_timeout",
        "<duration>",
        Kind::Duration,
        "The time limit for the response header",
    )
    .lenient(),
    Row::new("expect_continue_timeout", "<duration>", Kind::Duration, "The time limit for `100 Continue`")
        .lenient(),
    Row::new(
        "proxy_protocol",
        "v1|v2",
        Kind::Word(List::Static(PROXY_PROTOCOLS)),
        "Sends the client's address with this version of the PROXY protocol",
    )
    .lenient(),
    Row::new(
        "forward_proxy_url",
        "<url>",
        Kind::Custom(forward_proxy_url),
        "The old form of `network_proxy url`",
    ),
    Row::new(
        "network_proxy",
        "none|url <url>",
        Kind::Module(&network_proxy::NAMESPACE),
        "The proxy through which to connect to upstreams",
    ),
    Row::new("resolvers", "<addresses...>", Kind::List, "The DNS servers to use").at("resolver/addresses"),
    Row::new("tls", "", Kind::Custom(tls::enable), "Uses TLS"),
    Row::new(
        "tls_client_auth",
        "<name>|<cert> <key>",
        Kind::Custom(tls::client_auth),
        "The client certificate to present",
    ),
    Row::new("tls_insecure_skip_verify", "", Kind::On, "Accepts any certificate; for tests only")
        .at("tls/insecure_skip_verify"),
    Row::new("tls_curves", "<curves...>", Kind::List, "The curves to offer").at("tls/curves"),
    Row::new("tls_timeout", "<duration>", Kind::Duration, "The time limit for the handshake")
        .at("tls/handshake_timeout")
        .lenient(),
    Row::new(
        "tls_trusted_ca_certs",
        "<files...>",
        Kind::Custom(tls::trusted_ca_certs),
        "The old form of `tls_trust_pool file`",
    ),
    Row::new(
        "tls_trust_pool",
        "<pool> [<options...>]",
        Kind::Custom(tls::trust_pool),
        "The certificate authorities to trust",
    ),
    Row::new("tls_server_name", "<name>", Kind::Text, "The name that the certificate must have")
        .at("tls/server_name")
        .lenient(),
    Row::new(
        "tls_renegotiation",
        "never|once|freely",
        Kind::Word(List::Static(RENEGOTIATION)),
        "Whether the server may ask for another handshake",
    )
    .at("tls/renegotiation")
    .lenient(),
    Row::new("tls_except_ports", "<ports...>", Kind::List, "The ports of upstreams without TLS")
        .at("tls/except_ports"),
    Row::new(
        "keepalive",
        "off|<duration>",
        Kind::Custom(keepalive::keepalive),
        "How long to keep idle connections open",
    ),
    Row::new("keepalive_interval", "<duration>", Kind::Duration, "The time between two keepalive probes")
        .at("keep_alive/probe_interval")
        .lenient(),
    Row::new("keepalive_idle_conns", "<number>", Kind::Integer, "The maximum number of idle connections")
        .at("keep_alive/max_idle_conns")
        .lenient(),
    Row::new(
        "keepalive_idle_conns_per_host",
        "<number>",
        Kind::Integer,
        "The maximum number of idle connections for each upstream",
    )
    .at("keep_alive/max_idle_conns_per_host")
    .lenient(),
    Row::new("versions", "<versions...>", Kind::List, "The HTTP versions to use: 1.1, 2, h2c, 3"),
    Row::new(
        "compression",
        "off",
        Kind::Custom(compression),
        "Whether to request compressed responses from upstreams",
    ),
    Row::new(
        "max_conns_per_host",
        "<number>",
        Kind::Integer,
        "The maximum number of connections to each upstream",
    )
    .lenient(),
    Row::new("local_address", "<address>", Kind::Text, "The local address to connect from").lenient(),
];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let mut fields = Module::new();
    read_block(cursor, "http", ROWS, &mut fields)?;
    Ok(fields)
}

/// Whether TLS is in use.
pub(crate) fn is_tls(transport: &Fields) -> bool {
    transport.contains_key("tls")
}

/// Uses TLS.
pub(crate) fn enable_tls(transport: &mut Fields) {
    put(transport, "tls", Some(Value::Object(Fields::new())));
}

/// Speaks HTTP/2 without TLS.
pub(crate) fn enable_h2c(transport: &mut Fields) {
    put(transport, "versions", Some(json!(["h2c", "2"])));
}

fn forward_proxy_url(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let url = cursor.need_arg("the URL of a proxy")?;
    if !cursor.version().has(Change::NetworkProxies) {
        put(fields, "forward_proxy_url", (!url.is_empty()).then(|| Value::from(url)));
        return Ok(());
    }
    let mut proxy = network_proxy::at(&url);
    proxy.insert("from", "url");
    put(fields, "network_proxy", Some(Value::Object(proxy)));
    Ok(())
}

/// Only `off` says anything; Caddy takes any other word and does nothing.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every row")]
fn compression(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    if cursor.next_arg() && cursor.text() == "off" {
        put(fields, "compression", Some(Value::Bool(false)));
    }
    Ok(())
}

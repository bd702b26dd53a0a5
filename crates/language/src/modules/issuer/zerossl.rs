//! `zerossl`: the API of `ZeroSSL`, which is not its ACME server (docs: "tls", issuers).

use super::{read_propagation_timeout, read_resolvers};
use crate::config::{Fields, Module, Value};
use crate::modules::dns_provider;
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row, put, read_block, value};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("zerossl", "<api_key>", "Gets certificates through the API of ZeroSSL", read).rows(ROWS);

const ROWS: &[Row] = &[
    Row::new(
        "validity_days",
        "<days>",
        Kind::Custom(validity_days),
        "How long certificates are valid; Caddy 2.11.7 does not accept it in a Caddyfile",
    ),
    Row::new(
        "alt_http_port",
        "<port>",
        Kind::Integer,
        "The port for HTTP challenges, if port 80 is forwarded to it",
    )
    .at("alternate_http_port")
    .lenient(),
    Row::new("dns", "<provider> ...", Kind::Custom(dns), "Proves the ownership of domains with DNS records"),
    Row::new(
        "propagation_delay",
        "<duration>",
        Kind::Duration,
        "How long to wait before checking DNS records",
    )
    .at("cname_validation/propagation_delay")
    .lenient(),
    Row::new(
        "propagation_timeout",
        "<duration>|-1",
        Kind::Custom(timeout),
        "How long DNS records may take to appear",
    ),
    Row::new("resolvers", "<address...>", Kind::Custom(resolvers), "The DNS servers to use"),
    Row::new("dns_ttl", "<duration>", Kind::Duration, "The lifetime of DNS records")
        .at("cname_validation/ttl")
        .lenient(),
];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let name = cursor.word().clone();
    let mut fields = Fields::new();
    let key = cursor.need_arg("an API key")?;
    cursor.no_more_args(&name, "one API key")?;
    put(&mut fields, "api_key", (!key.is_empty()).then(|| Value::from(key)));
    read_block(cursor, "zerossl", ROWS, &mut fields)?;
    Ok(fields)
}

fn validity_days(cursor: &mut Cursor, _fields: &mut Fields) -> Parsed<()> {
    // It takes its own name for the number of days.
    Err(value::validity_days(cursor.word()))
}

fn dns(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let provider = dns_provider::NAMESPACE.read_arg(cursor)?;
    put(fields, "cname_validation/provider", Some(Value::Object(provider)));
    Ok(())
}

fn timeout(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    read_propagation_timeout(cursor, fields, "cname_validation/propagation_timeout")
}

fn resolvers(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    read_resolvers(cursor, fields, "cname_validation/resolvers")
}

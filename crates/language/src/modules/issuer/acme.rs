//! `acme`: an ACME server (docs: "tls", issuers).

use super::{preferred_chains, read_propagation_timeout, read_resolvers};
use crate::config::{Fields, Module, Value, duration, json};
use crate::go;
use crate::modules::dns_provider;
use crate::spec::{
    Cursor, Fault, Kind, ModuleSpec, Parsed, Row, not_a, not_a_duration, put, read_block, value,
};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("acme", "[<directory_url>]", "Gets certificates from an ACME server", read).rows(ROWS);

const ROWS: &[Row] = &[
    Row::new(
        "dir",
        "<url>",
        Kind::Custom(dir),
        "The server's directory URL; another way to write the argument",
    ),
    Row::new("test_dir", "<url>", Kind::Text, "The directory URL to try after a failure").at("test_ca"),
    Row::new("email", "<address>", Kind::Text, "The email address of the account"),
    Row::new("profile", "<name>", Kind::Text, "The certificate profile, if the server has several"),
    Row::new("timeout", "<duration>", Kind::Duration, "The time limit of an attempt").at("acme_timeout"),
    Row::new("lifetime", "<duration>", Kind::Custom(lifetime), "The requested lifetime"),
    Row::new("disable_http_challenge", "", Kind::On, "Does not use the HTTP challenge")
        .at("challenges/http/disabled"),
    Row::new("disable_tlsalpn_challenge", "", Kind::On, "Does not use the TLS-ALPN challenge")
        .at("challenges/tls-alpn/disabled"),
    Row::new(
        "distributed",
        "false",
        Kind::Custom(distributed),
        "Does not answer challenges for other instances",
    ),
    Row::new(
        "alt_http_port",
        "<port>",
        Kind::Integer,
        "The port for HTTP challenges, if port 80 is forwarded to it",
    )
    .at("challenges/http/alternate_port")
    .lenient(),
    Row::new(
        "alt_tlsalpn_port",
        "<port>",
        Kind::Integer,
        "The port for TLS-ALPN challenges, if port 443 is forwarded to it",
    )
    .at("challenges/tls-alpn/alternate_port")
    .lenient(),
    Row::new(
        "eab",
        "<key_id> <mac_key>",
        Kind::Custom(eab),
        "The external account binding (EAB) for the server",
    ),
    Row::new(
        "trusted_roots",
        "<path...>",
        Kind::Custom(trusted_roots),
        "A PEM file with the root certificate to trust for the ACME server",
    ),
    Row::new("dns", "[<provider> ...]", Kind::Custom(dns), "Solves challenges with DNS records"),
    Row::new(
        "propagation_delay",
        "<duration>",
        Kind::Duration,
        "How long to wait before checking DNS records",
    )
    .at("challenges/dns/propagation_delay")
    .lenient(),
    Row::new(
        "propagation_timeout",
        "<duration>|-1",
        Kind::Custom(timeout),
        "How long DNS records may take to appear",
    ),
    Row::new("resolvers", "<address...>", Kind::Custom(resolvers), "The DNS servers to use"),
    Row::new("dns_ttl", "<duration>", Kind::Duration, "The lifetime of DNS records")
        .at("challenges/dns/ttl")
        .lenient(),
    Row::new(
        "dns_challenge_override_domain",
        "<domain>",
        Kind::Text,
        "The domain to which challenges are delegated",
    )
    .at("challenges/dns/override_domain"),
    Row::new(
        "preferred_chains",
        "smallest | { ... }",
        Kind::Custom(chains),
        "The certificate chains to prefer",
    ),
];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let name = cursor.word().clone();
    let mut fields = Fields::new();
    if let Some(directory) = cursor.arg() {
        put(&mut fields, "ca", (!directory.is_empty()).then(|| Value::from(directory)));
        cursor.no_more_args(&name, "one directory URL")?;
    }
    read_block(cursor, "acme", ROWS, &mut fields)?;
    Ok(fields)
}

fn dir(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    if fields.contains_key("ca") {
        return Err(Fault::repeated(cursor.word(), "the directory"));
    }
    let directory = cursor.one_arg("the URL of a directory")?;
    put(fields, "ca", (!directory.is_empty()).then(|| Value::from(directory)));
    Ok(())
}

fn lifetime(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let text = cursor.one_arg("a duration")?;
    let nanoseconds = go::caddy_duration(&text).ok_or_else(|| not_a_duration(cursor))?;
    if nanoseconds < 0 {
        return Err(value::negative_lifetime(cursor.word()));
    }
    put(fields, "certificate_lifetime", (nanoseconds != 0).then(|| duration(nanoseconds)));
    Ok(())
}

fn distributed(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    if cursor.need_arg("`false`")? != "false" {
        return Err(not_a(cursor, "`false`", "distributed false"));
    }
    put(fields, "challenges/distributed", Some(Value::Bool(false)));
    Ok(())
}

fn eab(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let binding = account_binding(cursor)?;
    fields.insert("external_account", binding);
    Ok(())
}

/// Reads `eab <key_id> <mac_key>` from its name on.
pub(crate) fn account_binding(cursor: &mut Cursor) -> Parsed<Value> {
    let name = cursor.word().clone();
    let (Some(id), Some(key)) = (cursor.arg(), cursor.arg()) else {
        return Err(cursor.missing(&name, "a key id and a key"));
    };
    cursor.no_more_args(&name, "a key id and a key")?;
    Ok(json!({"key_id": id, "mac_key": key}))
}

#[expect(clippy::unnecessary_wraps, reason = "the table asks for this signature")]
fn trusted_roots(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let roots = cursor.arg_texts();
    put(fields, "trusted_roots_pem_files", (!roots.is_empty()).then(|| roots.into()));
    Ok(())
}

fn dns(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    // Without a provider, that of the options is used; the setting itself turns DNS challenges on.
    let earlier =
        fields.get("challenges").and_then(|challenges| challenges.get("dns")?.get("provider")).cloned();
    let provider =
        if cursor.next_arg() { Some(Value::Object(dns_provider::NAMESPACE.read(cursor)?)) } else { earlier };
    put(fields, "challenges/dns/provider", provider);
    Ok(())
}

fn timeout(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    read_propagation_timeout(cursor, fields, "challenges/dns/propagation_timeout")
}

fn resolvers(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    read_resolvers(cursor, fields, "challenges/dns/resolvers")
}

fn chains(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let chains = preferred_chains::read(cursor)?;
    fields.insert("preferred_chains", chains);
    Ok(())
}

//! `servers`: settings of the servers themselves, of all of them or of those on one address (docs: "Global options").

use super::value;
use crate::config::Metrics;
use crate::diagnostics::{Code, Diagnostic};
use crate::lower::{GlobalOption, Options, ServerOptions};
use crate::modules::{ip_source, listener_wrapper, packet_conn_wrapper};
use crate::spec::{Cursor, Fault, Kind, List, Parsed, Row, Rows, age, arguments, conflict, not_a};
use crate::version::Change;

mod connection;
mod requests;
mod timeouts;

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption::new(
    "servers",
    "[<listener address>]",
    "Configures all servers, or those on one address",
    read,
)
.rows(ROWS)
.example("servers :443 {\n\ttimeouts {\n\t\tread_body 10s\n\t}\n\ttrusted_proxies static private_ranges\n}");

const ROWS: Rows = &[
    Row::new("name", "<name>", Kind::Own, "The server's name in logs and metrics; needs a listener address"),
    Row::new(
        "listener_wrappers",
        "{ <module> ... }",
        Kind::Block(List::Static(LISTENER_WRAPPERS)),
        "The listener wrappers, the outermost first",
    ),
    Row::new(
        "packet_conn_wrappers",
        "{ <module> ... }",
        Kind::Block(List::Static(PACKET_CONN_WRAPPERS)),
        "The wrappers of UDP sockets for HTTP/3, which only plugins provide",
    ),
    Row::new("timeouts", "{ ... }", Kind::Block(List::Static(timeouts::ROWS)), "The time limits for clients"),
    Row::new("keepalive_interval", "<duration>", Kind::Own, "The time between two TCP keepalive probes"),
    Row::new("keepalive_idle", "<duration>", Kind::Own, "The idle time before the first TCP keepalive probe"),
    Row::new(
        "keepalive_count",
        "<number>",
        Kind::Own,
        "The number of unanswered TCP keepalive probes after which a connection is closed",
    ),
    Row::new("max_header_size", "<size>", Kind::Own, "The maximum size of the request header"),
    Row::new(
        "enable_full_duplex",
        "",
        Kind::Own,
        "Allows a response to an HTTP/1 request before the whole request is read",
    ),
    Row::new("expected_underscore_headers", "<fields...>", Kind::Own, "Header fields with `_` to accept"),
    Row::new("expected_dot_headers", "<fields...>", Kind::Own, "Header fields with `.` to accept"),
    Row::new("log_credentials", "", Kind::Own, "Logs cookies and authorization fields without hiding them"),
    Row::new("protocols", "h1|h2|h2c|h3...", Kind::Own, "The HTTP versions to serve"),
    Row::new(
        "strict_sni_host",
        "[on|insecure_off]",
        Kind::Own,
        "Refuses requests whose Host differs from the server name of the TLS handshake",
    ),
    Row::new(
        "trusted_proxies",
        "<module> ...",
        Kind::Module(&ip_source::NAMESPACE),
        "The proxies whose X-Forwarded fields are trusted",
    ),
    Row::new(
        "trusted_proxies_strict",
        "",
        Kind::Own,
        "Reads the client's address from the right end of the list",
    ),
    Row::new("trusted_proxies_unix", "", Kind::Own, "Trusts peers on Unix sockets"),
    Row::new(
        "client_ip_headers",
        "<fields...>",
        Kind::Own,
        "The header fields that contain the client's address",
    ),
    Row::new(
        "metrics",
        "[{ per_host }]",
        Kind::Block(List::Static(METRICS)),
        "The old position of the global option `metrics`",
    ),
    Row::new("trace", "", Kind::Own, "Logs each handler that runs"),
    Row::new("0rtt", "off", Kind::Own, "Refuses early data of TLS 1.3 over HTTP/3"),
];

const METRICS: Rows = &[Row::new("per_host", "", Kind::Own, "Counts requests for each host separately")];

const LISTENER_WRAPPERS: Rows =
    &[Row::new("wrapper", "<module> ...", Kind::Module(&listener_wrapper::NAMESPACE), "A wrapper")];

const PACKET_CONN_WRAPPERS: Rows =
    &[Row::new("wrapper", "<module> ...", Kind::Module(&packet_conn_wrapper::NAMESPACE), "A wrapper")];

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let mut servers = ServerOptions { word: cursor.word().clone(), ..ServerOptions::default() };
    if let Some(listener) = cursor.arg() {
        servers.listener = listener;
        servers.word = cursor.word().clone();
        if cursor.next_arg() {
            return Err(arguments::surplus_line(cursor.word(), "servers", "one listener address", "address"));
        }
    }
    cursor.block(|cursor| read_line(cursor, &mut servers))?;
    options.servers.push(servers);
    Ok(())
}

/// Reads one setting, whose name is the current word.
fn read_line(cursor: &mut Cursor, servers: &mut ServerOptions) -> Parsed<()> {
    let settings = &mut servers.settings;
    match cursor.text() {
        "name" => servers.name = name(cursor, &servers.listener)?,
        "listener_wrappers" => {
            cursor.block(|cursor| {
                settings.listener_wrappers.push(listener_wrapper::NAMESPACE.read(cursor)?);
                Ok(())
            })?;
        }
        "packet_conn_wrappers" => {
            cursor.block(|cursor| {
                settings.packet_conn_wrappers.push(packet_conn_wrapper::NAMESPACE.read(cursor)?);
                Ok(())
            })?;
        }
        "timeouts" => timeouts::read(cursor, settings)?,
        "keepalive_interval" => settings.keepalive_interval = value::duration_arg(cursor)?,
        "keepalive_idle" => settings.keepalive_idle = value::duration_arg(cursor)?,
        "keepalive_count" => settings.keepalive_count = connection::keepalive_count(cursor)?,
        "max_header_size" => settings.max_header_bytes = value::size_arg(cursor)?,
        "enable_full_duplex" => settings.enable_full_duplex = flag(cursor)?,
        "expected_underscore_headers" => settings.expected_underscore_headers = requests::fields(cursor)?,
        "expected_dot_headers" => settings.expected_dot_headers = requests::fields(cursor)?,
        "log_credentials" => servers.log_credentials = flag(cursor)?,
        "protocols" => connection::protocols(cursor, &mut settings.protocols)?,
        "strict_sni_host" => settings.strict_sni_host = Some(connection::strict_sni_host(cursor)?),
        "trusted_proxies" => settings.trusted_proxies = Some(ip_source::NAMESPACE.read_arg(cursor)?),
        "trusted_proxies_strict" => settings.trusted_proxies_strict = i64::from(flag(cursor)?),
        "trusted_proxies_unix" => settings.trusted_proxies_unix = flag(cursor)?,
        "client_ip_headers" => requests::client_ip_headers(cursor, &mut settings.client_ip_headers)?,
        "metrics" => {
            let word = cursor.word().clone();
            if !cursor.version().has(Change::MetricsOfApp) {
                let nesting = cursor.nesting();
                if cursor.next_arg() || cursor.next_block(nesting) {
                    return Err(age::not_modelled(&word, cursor.version(), "settings of `metrics`"));
                }
                settings.metrics = Some(Metrics::default());
                return Ok(());
            }
            servers.metrics = Some(metrics(cursor)?);
        }
        "trace" => servers.trace = flag(cursor)?,
        "0rtt" => {
            if cursor.need_arg("the word `off`")? != "off" {
                return Err(not_a(cursor, "the word `off`", "0rtt off"));
            }
            settings.allow_0rtt = Some(false);
        }
        _ => return Err(cursor.unknown("servers", ROWS.iter().map(|row| &*row.name))),
    }
    Ok(())
}

/// A flag, which takes nothing.
fn flag(cursor: &mut Cursor) -> Parsed<bool> {
    cursor.no_args()?;
    Ok(true)
}

fn name(cursor: &mut Cursor, listener: &str) -> Parsed<String> {
    if listener.is_empty() {
        return Err(conflict::server_name(cursor.word()));
    }
    cursor.need_arg("a name")
}

/// The old place of the global option `metrics`.
fn metrics(cursor: &mut Cursor) -> Parsed<Metrics> {
    let word = cursor.word();
    let diagnostic =
        Diagnostic::warning(Code::DEPRECATED, word.span, "`metrics` inside `servers` is an old form")
            .help("write the global option `metrics` instead");
    cursor.keep(Fault { diagnostic: Box::new(diagnostic), frame: word.frame });
    let mut metrics = Metrics::default();
    cursor.block(|cursor| {
        if cursor.text() != "per_host" {
            return Err(cursor
                .unknown("metrics", ["per_host"])
                .help("the global option `metrics` has more, and replaces this one"));
        }
        metrics.per_host = true;
        Ok(())
    })?;
    Ok(metrics)
}

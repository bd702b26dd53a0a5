//! The subdirectives of `reverse_proxy`.

use crate::config::{Fields, Value, duration, integer};
use crate::go;
use crate::matchers::{push_range, read_set};
use crate::modules::{response_matcher, selection, transport, upstreams};
use crate::spec::{Cursor, Kind, Parsed, Row, Rows, append, conflict, not_a, not_a_duration, put};
use crate::version::Change;

/// All of them, which `php_fastcgi` and `forward_auth` have too.
pub(in crate::directives) const ROWS: Rows = &[
    Row::new("to", "<upstreams...>", Kind::Own, "More upstreams"),
    Row::new(
        "dynamic",
        "<source> [<options...>]",
        Kind::Module(&upstreams::NAMESPACE),
        "Looks up the upstreams while Caddy runs",
    )
    .at("dynamic_upstreams"),
    Row::new(
        "lb_policy",
        "<policy> [<options...>]",
        Kind::Module(&selection::NAMESPACE),
        "The policy that selects an upstream",
    )
    .at("load_balancing/selection_policy")
    .once(),
    Row::new("lb_retries", "<number>", Kind::Integer, "The number of retries")
        .at("load_balancing/retries")
        .lenient(),
    Row::new(
        "lb_try_duration",
        "<duration>",
        Kind::Duration,
        "How long to retry until an upstream is available",
    )
    .at("load_balancing/try_duration")
    .lenient(),
    Row::new("lb_try_interval", "<duration>", Kind::Duration, "The time between two attempts")
        .at("load_balancing/try_interval")
        .lenient(),
    Row::new("lb_retry_match", "<matcher>", Kind::Custom(lb_retry_match), "The requests that may be retried"),
    Row::new("health_uri", "<uri>", Kind::Text, "The path and query of active health checks")
        .at("health_checks/active/uri")
        .lenient(),
    Row::new("health_path", "<path>", Kind::Text, "The old form of `health_uri`")
        .at("health_checks/active/path")
        .lenient(),
    Row::new(
        "health_upstream",
        "<host:port>",
        Kind::Custom(health_upstream),
        "The address for active health checks, instead of the upstream's",
    ),
    Row::new(
        "health_port",
        "<port>",
        Kind::Custom(health_port),
        "The port for active health checks, instead of the upstream's",
    ),
    Row::new("health_interval", "<duration>", Kind::Duration, "The time between two active health checks")
        .at("health_checks/active/interval")
        .lenient(),
    Row::new("health_timeout", "<duration>", Kind::Duration, "The time limit of an active health check")
        .at("health_checks/active/timeout")
        .lenient(),
    Row::new(
        "health_status",
        "<status>",
        Kind::Custom(health_status),
        "The status of the response of a healthy upstream",
    ),
    Row::new("health_body", "<regexp>", Kind::Text, "What the response body of a healthy upstream matches")
        .at("health_checks/active/expect_body")
        .lenient(),
    Row::new("health_method", "<method>", Kind::Text, "The method of active health checks")
        .at("health_checks/active/method")
        .lenient(),
    Row::new("health_request_body", "<text>", Kind::Text, "The request body of active health checks")
        .at("health_checks/active/body")
        .lenient(),
    Row::new("health_follow_redirects", "", Kind::On, "Follows redirects in active health checks")
        .at("health_checks/active/follow_redirects"),
    Row::new(
        "health_passes",
        "<number>",
        Kind::Integer,
        "The number of successful checks after which an upstream is healthy",
    )
    .at("health_checks/active/passes")
    .lenient(),
    Row::new(
        "health_fails",
        "<number>",
        Kind::Integer,
        "The number of failed checks after which an upstream is unhealthy",
    )
    .at("health_checks/active/fails")
    .lenient(),
    Row::new(
        "health_headers",
        "{ <field> [<values...>] }",
        Kind::Custom(health_headers),
        "The header fields of active health checks",
    ),
    Row::new(
        "fail_duration",
        "<duration>",
        Kind::Duration,
        "How long a failed request counts against an upstream (passive health check)",
    )
    .at("health_checks/passive/fail_duration")
    .lenient(),
    Row::new(
        "max_fails",
        "<number>",
        Kind::Integer,
        "The number of failed requests after which an upstream is unhealthy",
    )
    .at("health_checks/passive/max_fails")
    .lenient(),
    Row::new(
        "unhealthy_status",
        "<statuses...>",
        Kind::Custom(unhealthy_status),
        "Response statuses that count as a failed request",
    ),
    Row::new(
        "unhealthy_latency",
        "<duration>",
        Kind::Duration,
        "Responses that take longer count as failed requests",
    )
    .at("health_checks/passive/unhealthy_latency")
    .lenient(),
    Row::new(
        "unhealthy_request_count",
        "<number>",
        Kind::Integer,
        "The number of concurrent requests at which an upstream counts as unhealthy",
    )
    .at("health_checks/passive/unhealthy_request_count")
    .lenient(),
    Row::new(
        "flush_interval",
        "<duration>",
        Kind::Custom(interval),
        "How often to flush the response to the client; -1 after each write",
    ),
    Row::new(
        "request_buffers",
        "<size>|unlimited",
        Kind::Custom(buffer),
        "How much of the request to read before forwarding it",
    ),
    Row::new(
        "response_buffers",
        "<size>|unlimited",
        Kind::Custom(buffer),
        "How much of the response to read before forwarding it",
    ),
    Row::new(
        "stream_buffer_size",
        "<size>|unlimited",
        Kind::Custom(buffer),
        "The size of the buffer for streams",
    ),
    Row::new(
        "stream_timeout",
        "<duration>",
        Kind::Custom(interval),
        "The time limit for streams, such as WebSockets",
    ),
    Row::new(
        "stream_close_delay",
        "<duration>",
        Kind::Custom(interval),
        "How long streams stay open after a reload",
    ),
    Row::new("proxy_status_name", "<name>", Kind::Text, "The name of this proxy in the Proxy-Status field"),
    Row::new("verbose_logs", "", Kind::On, "Logs more about each request").once().lenient(),
    Row::new(
        "trusted_proxies",
        "<ranges...>",
        Kind::Custom(trusted_proxies),
        "The proxies whose X-Forwarded fields are kept",
    ),
    Row::new(
        "header_up",
        "[+|-]<field> [<value|regexp> [<replacement>]]",
        Kind::Own,
        "Changes header fields of the request to the upstream",
    ),
    Row::new(
        "header_down",
        "[+|-]<field> [<value|regexp> [<replacement>]]",
        Kind::Own,
        "Changes header fields of the response",
    ),
    Row::new("method", "<method>", Kind::Text, "The method of the request to the upstream")
        .at("rewrite/method"),
    Row::new("rewrite", "<uri>", Kind::Text, "The URI of the request to the upstream").at("rewrite/uri"),
    Row::new(
        "transport",
        "<transport> { ... }",
        Kind::Module(&transport::NAMESPACE),
        "The protocol for the upstreams",
    ),
    Row::new("@name", "<response matcher>", Kind::Own, "A named matcher for the upstreams' responses"),
    Row::new(
        "handle_response",
        "[@name] { <directives...> }",
        Kind::Own,
        "Directives that replace the responses that match",
    )
    .directives()
    .passes_on(),
    Row::new("replace_status", "[@name] <status>", Kind::Own, "Another status for the responses that match"),
];

fn lb_retry_match(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let set = read_set(cursor, "")?;
    append(fields, "load_balancing/retry_match", [set]);
    Ok(())
}

fn health_upstream(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let text = cursor.need_arg("`host:port`")?;
    let port = go::split_host_port(&text).and_then(|(_, port)| go::atoi(&port));
    if port.is_none() {
        return Err(not_a(cursor, "a host and a port", "10.0.0.1:8080"));
    }
    put(fields, "health_checks/active/upstream", Some(Value::from(text)));
    Ok(())
}

fn health_port(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let name = cursor.word().clone();
    let text = cursor.need_arg("a port")?;
    if active(fields, "upstream").is_some() {
        return Err(conflict::health_port(&name));
    }
    let port = go::atoi(&text).ok_or_else(|| not_a(cursor, "a port", "8080"))?;
    put(fields, "health_checks/active/port", (port != 0).then(|| integer(port)));
    Ok(())
}

fn active<'f>(fields: &'f Fields, key: &str) -> Option<&'f Value> {
    fields.get("health_checks")?.get("active")?.get(key)
}

fn health_status(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    cursor.need_arg("a status, such as `200` or `2xx`")?;
    let status = response_matcher::status(cursor.word())?;
    put(fields, "health_checks/active/expect_status", (status != 0).then(|| integer(status)));
    Ok(())
}

/// Names keep their case; a second block replaces the first.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every row")]
fn health_headers(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let mut headers = Fields::new();
    let level = cursor.nesting();
    while cursor.next_block(level) {
        let field = cursor.owned();
        let mut values = cursor.arg_texts();
        if values.is_empty() {
            values.push(String::new());
        }
        if !cursor.version().has(Change::HealthHeadersAdd) {
            headers.insert(field, Value::from(values));
            continue;
        }
        let list = headers.entry(field);
        for value in values {
            list.push(value);
        }
    }
    put(fields, "health_checks/active/headers", (!headers.is_empty()).then_some(Value::Object(headers)));
    Ok(())
}

fn unhealthy_status(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    append(fields, "health_checks/passive/unhealthy_status", response_matcher::statuses(cursor)?);
    Ok(())
}

/// A duration, or a bare number of nanoseconds; negative ones have a meaning.
fn interval(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let name = cursor.owned();
    let text = cursor.need_arg("a duration")?;
    let nanoseconds =
        go::atoi(&text).or_else(|| go::caddy_duration(&text)).ok_or_else(|| not_a_duration(cursor))?;
    put(fields, &name, (nanoseconds != 0).then(|| duration(nanoseconds)));
    Ok(())
}

/// A size; `unlimited` is -1.
fn buffer(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let name = cursor.owned();
    let text = cursor.one_arg("a size or `unlimited`")?;
    let bytes = match text.as_str() {
        "unlimited" => -1,
        _ => go::size(&text).ok_or_else(|| not_a(cursor, "a size", "4KiB"))?.cast_signed(),
    };
    put(fields, &name, (bytes != 0).then(|| integer(bytes)));
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of every row")]
fn trusted_proxies(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let mut ranges = Vec::new();
    while cursor.next_arg() {
        push_range(&mut ranges, cursor.text());
    }
    append(fields, "trusted_proxies", ranges);
    Ok(())
}

//! `protocol`: the request came by HTTP, HTTPS, gRPC, or a version of HTTP (docs: "Request matchers").

use serde_json::Value;

use crate::spec::{Cursor, MatcherModule, Parsed};

/// The matcher.
pub static MATCHER: MatcherModule = MatcherModule {
    name: "protocol",
    syntax: "protocol http|https|grpc|http/<version>[+]",
    doc: "The request came by HTTP, HTTPS, gRPC, or a version of HTTP",
    rows: &[],
    example: "protocol https",
    read,
};

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    let mut protocol = Value::from("");
    // A second word is read as the keyword of another line, as in Caddy, so the last of three counts.
    while cursor.next() {
        protocol = Value::from(cursor.need_arg("a protocol, such as `https`")?);
    }
    Ok(protocol)
}

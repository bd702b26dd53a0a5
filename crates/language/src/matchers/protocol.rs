//! `protocol`: the request came by HTTP, HTTPS, gRPC, or a version of HTTP (docs: "Request matchers").

use crate::config::Value;
use crate::spec::{Cursor, MatcherModule, Parsed, arguments};

/// The matcher.
pub(crate) static MATCHER: MatcherModule = MatcherModule::new(
    "protocol",
    "http|https|grpc|http/<version>[+]",
    "The request uses HTTP, HTTPS, gRPC, or this version of HTTP",
    read,
)
.example("protocol https");

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    let mut protocol = Value::from("");
    // A second word is read as the keyword of another line, as in Caddy, so the last of three counts.
    while cursor.next() {
        let word = cursor.word().clone();
        if word.text != "protocol" && !cursor.clone().next_arg() {
            return Err(arguments::second_protocol(&word));
        }
        protocol = Value::from(cursor.need_arg("a protocol, such as `https`")?);
    }
    Ok(protocol)
}

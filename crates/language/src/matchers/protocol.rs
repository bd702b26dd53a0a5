//! `protocol`: the request came by HTTP, HTTPS, gRPC, or a version of HTTP (docs: "Request matchers").

use crate::config::Value;
use crate::spec::{Cursor, Fault, MatcherModule, Parsed};

/// The matcher.
pub(crate) static MATCHER: MatcherModule = MatcherModule::new(
    "protocol",
    "http|https|grpc|http/<version>[+]",
    "The request came by HTTP, HTTPS, gRPC, or a version of HTTP",
    read,
)
.example("protocol https");

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    let mut protocol = Value::from("");
    // A second word is read as the keyword of another line, as in Caddy, so the last of three counts.
    while cursor.next() {
        let word = cursor.word().clone();
        if word.text != "protocol" && !cursor.clone().next_arg() {
            return Err(Fault::arguments(&word, "`protocol` takes only one protocol")
                .label("one word too many")
                .help(
                    "`http` and `https` together match every request; otherwise define a matcher for each",
                ));
        }
        protocol = Value::from(cursor.need_arg("a protocol, such as `https`")?);
    }
    Ok(protocol)
}

//! `client_ip`: the client's address, behind trusted proxies, is in one of these ranges (docs: "Request matchers").

use crate::config::Value;
use crate::spec::{Cursor, MatcherModule, Parsed};

/// The matcher.
pub(crate) static MATCHER: MatcherModule = MatcherModule::new(
    "client_ip",
    "<ranges...>",
    "The client's address is in one of these ranges; trusted proxies are taken into account",
    read,
)
.example("client_ip private_ranges");

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    super::remote_ip::ranges(cursor)
}

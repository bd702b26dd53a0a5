//! `client_ip`: the client's address, behind trusted proxies, is in one of these ranges (docs: "Request matchers").

use crate::config::Value;
use crate::spec::{Cursor, MatcherModule, Parsed};

/// The matcher.
pub(crate) static MATCHER: MatcherModule = MatcherModule {
    name: "client_ip",
    syntax: "client_ip <ranges...>",
    doc: "The client's address, behind trusted proxies, is in one of these ranges",
    rows: &[],
    example: "client_ip private_ranges",
    read,
};

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    super::remote_ip::ranges(cursor)
}

//! `method`: the method is one of these (docs: "Request matchers").

use crate::config::Value;
use crate::spec::{Cursor, MatcherModule, Parsed};

/// The matcher.
pub(crate) static MATCHER: MatcherModule = MatcherModule {
    name: "method",
    syntax: "method <methods...>",
    doc: "The method is one of these",
    rows: &[],
    example: "method GET HEAD",
    read,
};

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    super::path::texts(cursor)
}

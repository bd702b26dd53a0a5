//! `host`: the Host header is one of these (docs: "Request matchers").

use crate::config::Value;
use crate::spec::{Cursor, MatcherModule, Parsed};

/// The matcher.
pub(crate) static MATCHER: MatcherModule =
    MatcherModule::new("host", "<hosts...>", "The Host header is one of these", read)
        .example("host example.com *.example.com");

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    super::path::texts(cursor)
}

//! `method`: the method is one of these (docs: "Request matchers").

use crate::config::Value;
use crate::spec::{Cursor, MatcherModule, Parsed};

/// The matcher.
pub(crate) static MATCHER: MatcherModule =
    MatcherModule::new("method", "<methods...>", "The method is one of these", read)
        .example("method GET HEAD");

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    super::path::texts(cursor)
}

//! `url_pattern`: the URL matches a URL pattern (docs: "Request matchers").

use crate::config::{Fields, Value};
use crate::spec::{Cursor, Kind, MatcherModule, Parsed, Row, put, read_block};

/// The matcher.
pub(crate) static MATCHER: MatcherModule =
    MatcherModule::new("url_pattern", "<pattern>", "The URL matches a URL pattern", read)
        .rows(ROWS)
        .example("url_pattern /books/:id");

const ROWS: &[Row] = &[
    Row::new("base_url", "<url>", Kind::Text, "The base URL of relative patterns").lenient(),
    Row::new("ignore_case", "", Kind::On, "Whether to ignore case"),
];

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    let mut fields = Fields::new();
    while cursor.next() {
        let pattern = cursor.need_arg("a pattern")?;
        put(&mut fields, "pattern", (!pattern.is_empty()).then(|| Value::from(pattern)));
        read_block(cursor, "url_pattern", &MATCHER.rows, &mut fields)?;
    }
    Ok(Value::Object(fields))
}

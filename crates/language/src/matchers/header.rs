//! `header`: a header field has a value, or is missing (docs: "Request matchers").

use super::path::no_block;
use crate::config::{Fields, Value};
use crate::spec::{Cursor, MatcherModule, Parsed, arguments, value};

/// The matcher.
pub(crate) static MATCHER: MatcherModule =
    MatcherModule::new("header", "[!]<field> [<value>]", "A header field has a value, or is missing", read)
        .example("header Connection *Upgrade*");

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    let mut fields = Fields::new();
    // Words behind a pair are read as the next line's keyword and pair, as in Caddy.
    while cursor.next() {
        let word = cursor.word().clone();
        let field = cursor.need_arg("the name of a header field")?;
        let field_word = cursor.word().clone();
        if let Some(missing) = field.strip_prefix('!') {
            if missing.is_empty() {
                return Err(value::missing_field_name(&field_word));
            }
            fields.insert(missing, Value::Null);
            if cursor.next_arg() {
                return Err(arguments::value_of_missing_field(cursor.word(), &field));
            }
        } else {
            let value = cursor.need_arg("a field and a value")?;
            fields.push(crate::go::canonical_header(&field), value);
        }
        no_block(cursor, &word)?;
    }
    Ok(Value::Object(fields))
}

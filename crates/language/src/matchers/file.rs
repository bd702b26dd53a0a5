//! `file`: a file exists (docs: "Request matchers").

use crate::config::{Fields, Value};
use crate::spec::{Cursor, Kind, MatcherModule, Parsed, Row, append, read_row};

/// The matcher.
pub(crate) static MATCHER: MatcherModule = MatcherModule::new("file", "[<files...>]", "A file exists", read)
    .rows(ROWS)
    .example("file {path} /index.html");

const ROWS: &[Row] = &[
    Row::new("root", "<path>", Kind::Text, "The folder to look in").lenient(),
    Row::new("try_files", "<files...>", Kind::Own, "The files to look for"),
    Row::new("try_policy", "<policy>", Kind::Text, "The policy that selects a file").lenient(),
    Row::new("split_path", "<delimiters...>", Kind::Texts, "Where to split the path, for PHP"),
];

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    let mut fields = Fields::new();
    while cursor.next() {
        append(&mut fields, "try_files", cursor.arg_texts());
        let level = cursor.nesting();
        while cursor.next_block(level) {
            match cursor.text() {
                "try_files" => {
                    let word = cursor.word().clone();
                    append(&mut fields, "try_files", cursor.arg_texts());
                    if !fields.contains_key("try_files") {
                        return Err(cursor.missing(&word, "at least one file"));
                    }
                }
                "split_path" => {
                    fields.remove("split_path");
                    read_row(cursor, "file", &MATCHER.rows, &mut fields)?;
                }
                _ => read_row(cursor, "file", &MATCHER.rows, &mut fields)?,
            }
        }
    }
    Ok(Value::Object(fields))
}

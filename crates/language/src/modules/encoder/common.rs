//! What `console` and `json` have in common: the names of the keys, and how values look.

use crate::config::{Fields, Module, Value};
use crate::spec::{Cursor, Kind, Parsed, Row, Rows};

pub(super) const ROWS: Rows = &[
    Row::new("message_key", "<key>", Kind::Own, "The key of the message"),
    Row::new("level_key", "<key>", Kind::Own, "The key of the level"),
    Row::new("time_key", "<key>", Kind::Own, "The key of the time"),
    Row::new("name_key", "<key>", Kind::Own, "The key of the logger's name"),
    Row::new("caller_key", "<key>", Kind::Own, "The key of the location in Caddy's code"),
    Row::new("stacktrace_key", "<key>", Kind::Own, "The key of the stack trace"),
    Row::new("line_ending", "<text>", Kind::Own, "The end of an entry"),
    Row::new("time_format", "<format>", Kind::Own, "The name of a format, or a time format of Go"),
    Row::new("time_local", "", Kind::On, "Local time instead of UTC"),
    Row::new("duration_format", "seconds|ms|ns|string", Kind::Own, "The format of durations"),
    Row::new("level_format", "lower|upper|color", Kind::Own, "The format of levels"),
];

/// Reads the block of the encoder `parent`. Caddy counts the words of a line before it looks at the name.
pub(super) fn read(cursor: &mut Cursor, parent: &str) -> Parsed<Module> {
    let mut fields = Fields::new();
    cursor.no_args()?;
    cursor.block(|cursor| {
        let name = cursor.owned();
        if ROWS.iter().all(|row| row.name != name) {
            return Err(cursor.unknown(parent, ROWS.iter().map(|row| &*row.name)));
        }
        if name == "time_local" {
            cursor.no_args()?;
            fields.insert(name, Value::Bool(true));
            return Ok(());
        }
        let text = cursor.one_arg("a value")?;
        // An empty key is a setting: it leaves that part of an entry out.
        let keeps_empty = name.ends_with("_key") || name == "line_ending";
        if text.is_empty() && !keeps_empty {
            fields.remove(&name);
        } else {
            fields.insert(name, Value::from(text));
        }
        Ok(())
    })?;
    Ok(fields)
}

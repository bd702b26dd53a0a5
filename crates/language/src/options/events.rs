//! `events`: what happens at an event (docs: "Global options").

use crate::config::json;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Kind, Namespace, Parsed, Row, Rows};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("events", "", "Runs handlers on events; only plugins provide handlers", read)
        .rows(ROWS)
        .example("events {\n}");

/// The stock build has no event handlers.
static HANDLERS: Namespace =
    Namespace { id: "events.handlers", what: "event handler", key: "handler", all: &[] };

const ROWS: Rows =
    &[Row::new("on", "<event> <handler...>", Kind::Own, "Runs the handler; `*` matches every event")];

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    cursor.block(|cursor| {
        if cursor.text() != "on" {
            return Err(cursor.unknown("events", ROWS.iter().map(|row| &*row.name)));
        }
        cursor.need_arg("an event, or `*`")?;
        HANDLERS.read_arg(cursor)?;
        Ok(())
    })?;
    options.apps.insert("events".to_owned(), json!({}));
    Ok(())
}

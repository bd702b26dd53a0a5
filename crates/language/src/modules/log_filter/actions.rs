//! `query`, `cookie` and `set_cookie`: filters that look into a field, and change what has a certain name there.

use crate::config::{Fields, Module, Value};
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row, Rows};

/// `query`.
pub(crate) static QUERY: ModuleSpec =
    ModuleSpec::new("query", "", "Changes parameters of a query", |cursor| {
        read(cursor, "query", "parameter")
    })
    .rows(ROWS);

/// `cookie`.
pub(crate) static COOKIE: ModuleSpec =
    ModuleSpec::new("cookie", "", "Changes cookies that a client sent", |cursor| {
        read(cursor, "cookie", "name")
    })
    .rows(ROWS);

/// `set_cookie`.
pub(crate) static SET_COOKIE: ModuleSpec =
    ModuleSpec::new("set_cookie", "", "Changes cookies that a response sets", |cursor| {
        read(cursor, "set_cookie", "name")
    })
    .rows(ROWS);

const ROWS: Rows = &[
    Row::new("replace", "<name> <value>", Kind::Own, "Replaces the value with a text"),
    Row::new("hash", "<name>", Kind::Own, "Replaces the value with the first bytes of its hash"),
    Row::new("delete", "<name>", Kind::Own, "Removes the field"),
];

/// Reads the actions; `key` carries the name of what they change. Without any, Caddy writes `null`.
fn read(cursor: &mut Cursor, parent: &str, key: &str) -> Parsed<Module> {
    let mut actions = Vec::new();
    cursor.block(|cursor| {
        let kind = cursor.owned();
        if ROWS.iter().all(|row| row.name != kind) {
            return Err(cursor.unknown(parent, ROWS.iter().map(|row| &*row.name)));
        }
        let name = cursor.need_arg("a name")?;
        let mut action = Fields::new();
        action.insert(key, name);
        if kind == "replace" {
            let value = cursor.need_arg("a value after its name")?;
            if !value.is_empty() {
                action.insert("value", value);
            }
        }
        action.insert("type", kind);
        actions.push(Value::Object(action));
        Ok(())
    })?;
    let mut fields = Fields::new();
    let actions = if actions.is_empty() { Value::Null } else { Value::from(actions) };
    fields.insert("actions", actions);
    Ok(fields)
}

//! `append`: another encoder's entries, with fields added.

use super::{NAMESPACE, journald};
use crate::config::scalar;
use crate::config::{Fields, Module, Value, float, json};
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row, put};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("append", "", "Adds fields to each entry", read).rows(&ROWS).lines("<field> <value>");

static ROWS: [Row; 2] = [
    Row::new("wrap", "<encoder> ...", Kind::Module(&NAMESPACE), "The format of the entry"),
    Row::new("fields", "{ <field> <value> }", Kind::Own, "The fields; also allowed in the block itself"),
];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let mut fields = Fields::new();
    // Caddy does not look at what stands behind the name.
    cursor.block(|cursor| {
        match cursor.text() {
            "wrap" => journald::wrap(cursor, &mut fields)?,
            "fields" => {
                cursor.block(|cursor| field(cursor, &mut fields))?;
            }
            _ => field(cursor, &mut fields)?,
        }
        Ok(())
    })?;
    Ok(fields)
}

/// Reads a field and its value. A value that JSON cannot carry is `null` here.
fn field(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let name = cursor.word().clone();
    if !cursor.next_arg() {
        return Err(cursor.missing(&name, "a value"));
    }
    let value = match scalar(cursor.word()) {
        // Numbers inside a module have been floats.
        Some(Value::Number(number)) => number.as_f64().map_or(Value::Null, |value| match number.as_i64() {
            Some(whole) => crate::config::integer(whole),
            None => float(value),
        }),
        Some(value) => value,
        None => Value::Null,
    };
    cursor.no_more_args(&name, "one value")?;
    if fields.get("fields").is_none() {
        put(fields, "fields", Some(json!({})));
    }
    if let Some(Value::Object(all)) = fields.get_mut("fields") {
        all.insert(name.text.to_string(), value);
    }
    Ok(())
}

/// Whether `module` is an `append` with a value that JSON cannot carry, so that Caddy leaves it out.
pub(crate) fn is_lost(module: &Module) -> bool {
    module.get("format").and_then(Value::as_str) == Some(&MODULE.name)
        && module
            .get("fields")
            .and_then(Value::as_object)
            .is_some_and(|all| all.iter().any(|(_, value)| value.is_null()))
}

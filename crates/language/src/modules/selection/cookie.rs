//! `cookie`: by a cookie that the first answer sets.

use super::FALLBACK;
use crate::config::{Fields, Module, duration};
use crate::go::caddy_duration;
use crate::spec::{
    Cursor, Fault, Kind, ModuleSpec, Parsed, Row, arguments, not_a_duration, read_block, value,
};

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec::new(
    "cookie",
    "[<name> [<secret>]]",
    "Always the same upstream for the same cookie, which Caddy sets; the default name is `lb`",
    read,
)
.rows(ROWS);

const ROWS: &[Row] =
    &[FALLBACK, Row::new("max_age", "<duration>", Kind::Custom(max_age), "The lifetime of the cookie")];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let args = cursor.args();
    if let Some(third) = args.get(2) {
        return Err(arguments::surplus(third, "cookie", "a name and a secret"));
    }
    let mut module = Module::new();
    for (key, word) in ["name", "secret"].into_iter().zip(&args) {
        if !word.text.is_empty() {
            module.insert(key, word.text.as_str());
        }
    }
    read_block(cursor, "cookie", &MODULE.rows, &mut module)?;
    Ok(module)
}

fn max_age(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let name = cursor.word().clone();
    let text = cursor.need_arg("a duration")?;
    if fields.contains_key("max_age") {
        return Err(Fault::repeated(&name, "`max_age`"));
    }
    let age = caddy_duration(&text).ok_or_else(|| not_a_duration(cursor))?;
    if age <= 0 {
        return Err(value::cookie_age(cursor.word()));
    }
    cursor.no_more_args(&name, "one duration")?;
    fields.insert("max_age", duration(age));
    Ok(())
}

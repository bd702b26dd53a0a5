//! `storage_clean_interval`: how often the storage is cleaned (docs: "Global options").

use super::value::only_word;
use crate::go;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed, age, not_a_duration};
use crate::version::Change;

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("storage_clean_interval", "<duration>|off", "How often to clean the storage", read)
        .example("storage_clean_interval 7d");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let text = only_word(cursor, "a duration or `off`")?;
    if text == "off" && !cursor.version().has(Change::StorageCleanOff) {
        let (version, since) = (cursor.version(), Change::StorageCleanOff.since());
        let instead = "write a long duration";
        return Err(age::form(cursor.word(), version, "`storage_clean_interval off`", since, instead));
    }
    if text == "off" {
        options.storage_clean_off = true;
        options.storage_clean_interval = 0;
        return Ok(());
    }
    options.storage_clean_interval = go::caddy_duration(&text).ok_or_else(|| not_a_duration(cursor))?;
    options.storage_clean_off = false;
    Ok(())
}

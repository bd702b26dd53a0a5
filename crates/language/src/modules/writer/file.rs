//! `file`: a file, which is rolled when it gets large or old.

use super::roll;
use crate::config::{Fields, Module};
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row, not_a, read_known};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("file", "<path>", "A file, which is rolled when it is too large or too old", read)
        .rows(ROWS);

const ROWS: &[Row] = &[
    Row::new("mode", "<mode>", Kind::Custom(mode), "The permissions of the file, octal"),
    Row::new(
        "dir_mode",
        "inherit|from_file|<mode>",
        Kind::Custom(dir_mode),
        "The permissions of new folders",
    ),
    Row::new("roll_disabled", "", Kind::Off, "Never rolls the file").at("roll"),
    Row::new("roll_size", "<size>", Kind::Custom(roll::size), "The size at which the file is rolled, in MiB"),
    Row::new("roll_uncompressed", "", Kind::Off, "The old form of `roll_compression none`").at("roll_gzip"),
    Row::new(
        "roll_compression",
        "none|gzip|zstd",
        Kind::Custom(roll::compression),
        "The compression of rolled files",
    ),
    Row::new("roll_local_time", "", Kind::On, "Names rolled files by local time"),
    Row::new("roll_keep", "<number>", Kind::Integer, "The number of rolled files to keep"),
    Row::new(
        "roll_keep_for",
        "<duration>",
        Kind::Custom(roll::keep_for),
        "How long to keep rolled files, in days",
    ),
    Row::new(
        "roll_interval",
        "<duration>",
        Kind::Custom(roll::interval),
        "The time after which the file is rolled",
    ),
    Row::new(
        "roll_minutes",
        "<minutes...>",
        Kind::Custom(roll::minutes),
        "The minutes of each hour at which it is rolled",
    ),
    Row::new("roll_at", "<hh:mm...>", Kind::Custom(roll::at), "The times of day at which it is rolled"),
    Row::new(
        "backup_time_format",
        "<layout>",
        Kind::Text,
        "The format of the time in the name of a rolled file",
    ),
];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let mut fields = Fields::new();
    let path = cursor.one_arg("a path")?;
    if !path.is_empty() {
        fields.insert("filename", path);
    }
    read_known(cursor, ("log writer", &MODULE.name), &MODULE.rows, &mut fields)?;
    Ok(fields)
}

fn mode(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let text = cursor.one_arg("a mode")?;
    let mode = octal(&text).ok_or_else(|| not_a(cursor, "an octal mode", "0640"))?;
    fields.remove("mode");
    if mode != 0 {
        fields.insert("mode", format!("{mode:04o}"));
    }
    Ok(())
}

fn dir_mode(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let text = cursor.one_arg("a mode")?;
    let text = text.trim();
    let known = ["inherit", "from_file"].contains(&text.to_lowercase().as_str());
    if !known && octal(text).is_none() {
        return Err(not_a(cursor, "`inherit`, `from_file` or an octal mode", "0750"));
    }
    fields.remove("dir_mode");
    if !text.is_empty() {
        fields.insert("dir_mode", text);
    }
    Ok(())
}

/// An octal number of 32 bits. Nothing at all counts as zero, since Caddy pads a mode to four digits first.
fn octal(text: &str) -> Option<u32> {
    if text.is_empty() {
        return Some(0);
    }
    text.bytes().all(|b| b.is_ascii_digit()).then(|| u32::from_str_radix(text, 8).ok())?
}

//! When a log file is rolled, and what becomes of the rolled ones.

use crate::config::{Fields, Value, duration, integer};
use crate::go;
use crate::spec::{Cursor, Parsed, not_a, not_a_duration, put, value};
use crate::version::Change;

const MIB: f64 = 1_048_576.0;
const NANOSECONDS_A_DAY: f64 = 24.0 * 3600.0 * 1e9;

/// `roll_size`, rounded up to whole MiB.
pub(super) fn size(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let text = cursor.one_arg("a size")?;
    let bytes = go::size(&text).ok_or_else(|| not_a(cursor, "a size", "10MiB"))?;
    #[expect(clippy::cast_precision_loss, reason = "as Caddy computes it")]
    set(fields, "roll_size_mb", (bytes as f64 / MIB).ceil());
    Ok(())
}

/// `roll_keep_for`, rounded up to whole days.
pub(super) fn keep_for(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let text = cursor.one_arg("a duration")?;
    let nanoseconds = go::caddy_duration(&text).ok_or_else(|| not_a_duration(cursor))?;
    if nanoseconds < 0 {
        return Err(value::negative_age(cursor.word()));
    }
    #[expect(clippy::cast_precision_loss, reason = "as Caddy computes it")]
    set(fields, "roll_keep_days", (nanoseconds as f64 / NANOSECONDS_A_DAY).ceil());
    Ok(())
}

/// `roll_interval`. Before 2.11.7, it has no days.
pub(super) fn interval(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let text = cursor.one_arg("a duration")?;
    let read =
        if cursor.version().has(Change::RollIntervalDays) { go::caddy_duration } else { go::go_duration };
    let nanoseconds = read(&text).ok_or_else(|| not_a_duration(cursor))?;
    put(fields, "roll_interval", (nanoseconds != 0).then(|| duration(nanoseconds)));
    Ok(())
}

fn set(fields: &mut Fields, name: &str, whole: f64) {
    fields.remove(name);
    if whole != 0.0 {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number far below the limit")]
        fields.insert(name, integer(whole as i64));
    }
}

/// `roll_compression`, in any case.
pub(super) fn compression(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let text = cursor.one_arg("a compression")?.trim().to_lowercase();
    if !["none", "gzip", "zstd"].contains(&text.as_str()) {
        return Err(not_a(cursor, "`none`, `gzip` or `zstd`", "zstd"));
    }
    fields.insert("roll_compression", text);
    Ok(())
}

/// `roll_minutes`: numbers, with commas or spaces between them.
pub(super) fn minutes(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let minutes = pieces(cursor, "the minutes of an hour", |cursor, piece| {
        go::atoi(piece).map(integer).ok_or_else(|| not_a(cursor, "a list of minutes", "0,30"))
    })?;
    fields.insert("roll_minutes", minutes);
    Ok(())
}

/// `roll_at`: times of day, with commas or spaces between them. Caddy looks at them only when it runs.
pub(super) fn at(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let times = pieces(cursor, "times of day", |_, piece| Ok(Value::from(piece)))?;
    fields.insert("roll_at", times);
    Ok(())
}

/// The pieces of all arguments, which commas part further.
fn pieces(
    cursor: &mut Cursor,
    what: &str,
    read: impl Fn(&Cursor, &str) -> Parsed<Value>,
) -> Parsed<Vec<Value>> {
    let name = cursor.word().clone();
    let mut list = Vec::new();
    let several = cursor.version().has(Change::RollSeveralArguments);
    while cursor.next_arg() {
        if !several && !list.is_empty() {
            return Err(cursor.surplus(&name, what));
        }
        for piece in cursor.text().split(',') {
            let piece = piece.trim();
            if piece.is_empty() && several {
                return Err(value::comma(cursor.word()));
            }
            list.push(read(cursor, piece)?);
        }
    }
    if list.is_empty() {
        return Err(cursor.missing(&name, what));
    }
    Ok(list)
}

//! `timeouts`: how long a client may take.

use super::value;
use crate::config::Server;
use crate::go;
use crate::spec::{Cursor, Kind, Parsed, Row, Rows, not_a};

pub(super) const ROWS: Rows = &[
    Row::new("read_body", "<duration>", Kind::Own, "For reading the whole request body"),
    Row::new("read_body_idle", "<duration> [<bytes/s>]", Kind::Own, "For each read of a request body"),
    Row::new("read_header", "<duration>", Kind::Own, "For reading the request header"),
    Row::new("write", "<duration>", Kind::Own, "For writing the whole response"),
    Row::new("write_idle", "<duration> [<bytes/s>]", Kind::Own, "For each write of a response"),
    Row::new("write_max_chunk", "<size>", Kind::Own, "The maximum size of one write"),
    Row::new("idle", "<duration>", Kind::Own, "For waiting for the next request on a connection"),
];

/// Reads the block.
pub(super) fn read(cursor: &mut Cursor, server: &mut Server) -> Parsed<()> {
    cursor.block(|cursor| {
        match cursor.text() {
            "read_body" => server.read_timeout = value::duration_arg(cursor)?,
            "read_body_idle" => {
                let (timeout, rate) = idle(cursor)?;
                server.read_idle_timeout = timeout;
                server.read_min_rate = rate.unwrap_or(server.read_min_rate);
            }
            "read_header" => server.read_header_timeout = value::duration_arg(cursor)?,
            "write" => server.write_timeout = value::duration_arg(cursor)?,
            "write_idle" => {
                let (timeout, rate) = idle(cursor)?;
                server.write_idle_timeout = timeout;
                server.write_min_rate = rate.unwrap_or(server.write_min_rate);
            }
            "write_max_chunk" => server.max_write_chunk = value::size_arg(cursor)?,
            "idle" => server.idle_timeout = value::duration_arg(cursor)?,
            _ => return Err(cursor.unknown("timeouts", ROWS.iter().map(|row| &*row.name))),
        }
        Ok(())
    })?;
    Ok(())
}

/// A duration, and the least bytes a second if they are given.
fn idle(cursor: &mut Cursor) -> Parsed<(i64, Option<i64>)> {
    let name = cursor.word().clone();
    let timeout = value::duration_arg(cursor)?;
    let mut rate = None;
    if let Some(text) = cursor.arg() {
        rate = Some(go::atoi(&text).ok_or_else(|| not_a(cursor, "a number of bytes a second", "1024"))?);
    }
    cursor.no_more_args(&name, "a duration and a rate")?;
    Ok((timeout, rate))
}

//! Connections that `transport http` keeps open.

use crate::config::{Fields, duration};
use crate::go::caddy_duration;
use crate::spec::{Cursor, Parsed, not_a_duration, put};

/// `keepalive`: `off`, or how long an idle connection stays open.
pub(super) fn keepalive(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let text = cursor.need_arg("`off` or a duration")?;
    if text == "off" {
        put(fields, "keep_alive/enabled", Some(false.into()));
        return Ok(());
    }
    let idle = caddy_duration(&text).ok_or_else(|| not_a_duration(cursor))?;
    put(fields, "keep_alive/idle_timeout", (idle != 0).then(|| duration(idle)));
    Ok(())
}

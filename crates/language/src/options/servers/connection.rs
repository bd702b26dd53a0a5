//! What concerns a connection: protocols, keepalive, the name of the TLS handshake.

use crate::go;
use crate::spec::{Cursor, Fault, Parsed, not_a, suggest};

/// The protocols a server can speak.
const PROTOCOLS: [&str; 4] = ["h1", "h2", "h2c", "h3"];

/// Reads `protocols` and adds them to `list`, which must not have them yet.
pub(super) fn protocols(cursor: &mut Cursor, list: &mut Vec<String>) -> Parsed<()> {
    let name = cursor.word().clone();
    while cursor.next_arg() {
        let text = cursor.owned();
        if !PROTOCOLS.contains(&text.as_str()) {
            return Err(not_a(cursor, "one of `h1`, `h2`, `h2c` and `h3`", "h2")
                .suggest(cursor.word(), suggest(&text, PROTOCOLS)));
        }
        if list.contains(&text) {
            return Err(Fault::repeated(cursor.word(), format!("`{text}`")));
        }
        list.push(text);
    }
    super::requests::no_block(cursor, &name)
}

/// Reads `keepalive_count`, a number of 32 bits.
pub(super) fn keepalive_count(cursor: &mut Cursor) -> Parsed<i64> {
    let text = cursor.need_arg("a number")?;
    go::atoi(&text)
        .filter(|number| i32::try_from(*number).is_ok())
        .ok_or_else(|| not_a(cursor, "a whole number of 32 bits", "9"))
}

/// Reads `strict_sni_host`: on, unless it says otherwise.
pub(super) fn strict_sni_host(cursor: &mut Cursor) -> Parsed<bool> {
    match cursor.arg().as_deref() {
        None | Some("on") => Ok(true),
        Some("insecure_off") => Ok(false),
        Some(_) => Err(not_a(cursor, "`on` or `insecure_off`", "on")),
    }
}

//! `bind`: the addresses a site listens on (docs: "bind").

use crate::lower::{Bind, Directive, Lowered, Matcher, Scope};
use crate::spec::{Cursor, Kind, Parsed, Row, Rows};
use crate::version::Change;

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::config("bind", "[<addresses...>]", "The addresses the site listens on", lower)
        .matcher(Matcher::Never)
        .rows(ROWS)
        .example("bind 127.0.0.1 [::1]")
        .of_sites();

/// Its subdirectives, which `default_bind` has too.
pub(crate) const ROWS: Rows =
    &[Row::new("protocols", "h1|h2|h2c|h3...", Kind::Own, "The HTTP versions to serve at these addresses")];

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Vec<Lowered>> {
    Ok(vec![Lowered::Bind(read(cursor)?)])
}

/// Reads the addresses and the block, from the name on. Caddy does not look at what the protocols are called.
pub(crate) fn read(cursor: &mut Cursor) -> Parsed<Bind> {
    let parent = cursor.owned();
    let mut bind = Bind { addresses: cursor.arg_texts(), protocols: Vec::new() };
    // Before 2.9.1, Caddy does not look at a block.
    if !cursor.version().has(Change::BindProtocols) {
        return Ok(bind);
    }
    cursor.block(|cursor| {
        if cursor.text() != "protocols" {
            return Err(cursor.unknown(&parent, ROWS.iter().map(|row| &*row.name)));
        }
        let name = cursor.word().clone();
        bind.protocols = cursor.arg_texts();
        if bind.protocols.is_empty() {
            return Err(cursor.missing(&name, "at least one protocol: `h1`, `h2`, `h2c` or `h3`"));
        }
        Ok(())
    })?;
    Ok(bind)
}

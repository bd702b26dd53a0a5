//! `bind`: the addresses a site listens on (docs: "bind").

use crate::lower::{Bind, Directive, Lowered, Matcher, Scope};
use crate::spec::{Cursor, Kind, Parsed, Row, Rows, age};
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
    let mut bind = read(cursor)?;
    // Before 2.8.4, the words behind the first of each line of a block are addresses.
    if !cursor.version().has(Change::LineWordsCount) {
        cursor.block(|cursor| {
            bind.addresses.extend(cursor.arg_texts());
            Ok(())
        })?;
        plain(cursor, &bind)?;
    }
    // Before 2.9.1, a `bind` without addresses is none.
    if bind.addresses.is_empty() && !cursor.version().has(Change::BindProtocols) {
        return Ok(Vec::new());
    }
    Ok(vec![Lowered::Bind(bind)])
}

/// Reads the addresses and the block, from the name on. Caddy does not look at what the protocols are called.
pub(crate) fn read(cursor: &mut Cursor) -> Parsed<Bind> {
    let parent = cursor.owned();
    let mut bind = Bind { addresses: cursor.arg_texts(), protocols: Vec::new() };
    // Before 2.9.1, Caddy does not look at a block.
    if !cursor.version().has(Change::BindProtocols) {
        plain(cursor, &bind)?;
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

/// Refuses addresses whose behaviour before 2.9.1 is not modelled.
fn plain(cursor: &Cursor, bind: &Bind) -> Parsed<()> {
    let has_port =
        |address: &str| crate::go::split_host_port(address).is_some_and(|(_, port)| !port.is_empty());
    if bind.addresses.iter().any(|address| address.starts_with("fd") || has_port(address)) {
        return Err(age::not_modelled(
            cursor.word(),
            cursor.version(),
            "listeners with ports, or of open files",
        ));
    }
    Ok(())
}

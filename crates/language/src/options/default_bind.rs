//! `default_bind`: where sites without `bind` listen (docs: "Global options").

use crate::directives::bind;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};
use crate::version::Change;

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("default_bind", "[<addresses...>]", "The addresses for sites without `bind`", read)
        .rows(bind::ROWS)
        .example("default_bind 127.0.0.1 [::1]");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let name = cursor.word().clone();
    let mut bind = bind::read(cursor)?;
    // Before 2.9.1, it needs an address, and a second one replaces the first.
    if !cursor.version().has(Change::BindProtocols) {
        if bind.addresses.is_empty() {
            return Err(cursor.missing(&name, "at least one address"));
        }
        options.default_bind = None;
    }
    if bind.addresses.is_empty() {
        bind.addresses.push(String::new());
    }
    options.default_bind.get_or_insert_default().push(bind);
    Ok(())
}

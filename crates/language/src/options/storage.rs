//! `storage`: where certificates and keys are kept (docs: "Global options").

use crate::lower::{GlobalOption, Options};
use crate::modules::storage::NAMESPACE;
use crate::spec::{Cursor, Holds, Kind, Parsed, Row};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("storage", "<module> ...", "The storage for certificates and keys", read)
        .rows(ROWS)
        .holds(Holds::Words)
        .example("storage file_system /var/lib/caddy");

const ROWS: &[Row] = &[Row::new("storage", "<module> ...", Kind::Module(&NAMESPACE), "The storage")];

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let name = cursor.word().clone();
    // The module's name may stand on a later line.
    if !cursor.next() {
        return Err(cursor
            .missing(&name, "a storage module")
            .help("such as `storage file_system /var/lib/caddy`"));
    }
    options.storage = Some(NAMESPACE.read(cursor)?);
    Ok(())
}

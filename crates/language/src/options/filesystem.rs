//! `filesystem`: a file system under a name (docs: "Global options").

use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Namespace, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption::new(
    "filesystem",
    "<name> <module> ...",
    "Defines a file system for `fs` and `file_server`; only plugins provide file systems",
    read,
)
.example("");

/// The stock build has no file systems of this kind.
static NAMESPACE: Namespace =
    Namespace { id: "caddy.fs", what: "file system module", key: "backend", all: &[] };

fn read(cursor: &mut Cursor, _options: &mut Options) -> Parsed<()> {
    cursor.need_arg("a name for the file system")?;
    NAMESPACE.read_arg(cursor)?;
    Ok(())
}

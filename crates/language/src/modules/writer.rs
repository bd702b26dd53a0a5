//! Where log entries are written (docs: "log", `output`).

use crate::config::{Fields, Module};
use crate::spec::{Cursor, ModuleSpec, Namespace, Parsed};

mod file;
mod net;
mod roll;

/// The namespace `caddy.logging.writers`.
pub static NAMESPACE: Namespace = Namespace {
    id: "caddy.logging.writers",
    what: "log writer",
    key: "output",
    all: &[&file::MODULE, &net::MODULE, &STDOUT, &STDERR, &DISCARD],
};

static STDOUT: ModuleSpec = stream("stdout", "Standard output");
static STDERR: ModuleSpec = stream("stderr", "Standard error");
static DISCARD: ModuleSpec = stream("discard", "Nowhere");

/// A writer that is no more than a word.
const fn stream(name: &'static str, doc: &'static str) -> ModuleSpec {
    ModuleSpec::new(name, "", doc, |_| Ok(Fields::new()))
}

/// Reads the writer that the next argument names. Words behind one that is no more than a word are not its own: they
/// are read as the next subdirective.
pub(crate) fn read(cursor: &mut Cursor) -> Parsed<Module> {
    cursor.need_arg("a log writer")?;
    match cursor.text() {
        "stdout" | "stderr" | "discard" => NAMESPACE.read_word(cursor),
        _ => NAMESPACE.read(cursor),
    }
}

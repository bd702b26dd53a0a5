//! Compressed files that are next to those they were made from (docs: "`file_server`", `precompressed`).

use crate::config::Fields;
use crate::spec::{ModuleSpec, Namespace};

/// The namespace `http.precompressed`. A module stands under its name there, so that no key carries it.
pub(crate) static NAMESPACE: Namespace =
    Namespace { id: "http.precompressed", what: "file format", key: "format", all: &[&BR, &ZSTD, &GZIP] };

static BR: ModuleSpec = format("br", "Files that end in `.br`");
static ZSTD: ModuleSpec = format("zstd", "Files that end in `.zst`");
static GZIP: ModuleSpec = format("gzip", "Files that end in `.gz`");

/// A format, which is no more than a word.
const fn format(name: &'static str, doc: &'static str) -> ModuleSpec {
    ModuleSpec::new(name, "", doc, |_| Ok(Fields::new()))
}

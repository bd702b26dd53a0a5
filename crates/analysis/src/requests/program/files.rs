//! The `file_server` handler.

use serde_json::Value;

use super::fields::{Json, texts};

/// `file_server`.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct FileServer {
    pub(in crate::requests) root: String,
    pub(in crate::requests) file_system: String,
    pub(in crate::requests) hide: Vec<String>,
    pub(in crate::requests) index: Vec<String>,
    pub(in crate::requests) browse: Option<Browse>,
    pub(in crate::requests) canonical: bool,
    pub(in crate::requests) status: String,
    pub(in crate::requests) pass_through: bool,
    /// Encodings of files that are there compressed, each with the ending of its files.
    pub(in crate::requests) compressed: Vec<(&'static str, &'static str)>,
    pub(in crate::requests) compressed_order: Vec<String>,
    pub(in crate::requests) etag_extensions: Vec<String>,
}

/// Lists of folders.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct Browse {
    pub(in crate::requests) sort: Vec<String>,
}

/// The encodings of files that are there compressed.
const COMPRESSED: [(&str, &str); 3] = [("br", ".br"), ("gzip", ".gz"), ("zstd", ".zst")];

impl FileServer {
    pub(super) fn decode(value: &Value) -> Self {
        let index = match value.at("index_names") {
            Value::Null => vec!["index.html".to_owned(), "index.txt".to_owned()],
            list => texts(list),
        };
        let browse = value.at("browse");
        let offered = value.at("precompressed");
        let or = |text: String, default: &str| if text.is_empty() { default.to_owned() } else { text };
        Self {
            root: or(value.text("root"), "{http.vars.root}"),
            file_system: or(value.text("fs"), "{http.vars.fs}"),
            hide: value.texts("hide"),
            index,
            browse: browse.is_object().then(|| Browse { sort: browse.texts("sort") }),
            canonical: value.at("canonical_uris").as_bool().unwrap_or(true),
            status: value.text("status_code"),
            pass_through: value.flag("pass_thru"),
            compressed: COMPRESSED.into_iter().filter(|(name, _)| offered.get(name).is_some()).collect(),
            compressed_order: value.texts("precompressed_order"),
            etag_extensions: value.texts("etag_file_extensions"),
        }
    }
}

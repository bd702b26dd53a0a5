//! Files in Caddy's storage.

use std::path::Path;

use crate::check::checker::Checker;
use crate::check::finding::Machine;
use crate::check::node::Node;

/// Reads `key` from the storage that is configured at `own`, else from the global one, else from Caddy's data folder.
pub(in crate::check) fn read(
    node: &Node,
    key: &str,
    own: &Node,
    what: &str,
    checker: &mut Checker,
) -> Option<Vec<u8>> {
    let storage = if own.is_null() { checker.storage() } else { own.view() };
    if !matches!(storage.at("module").as_text().unwrap_or(""), "" | "file_system") {
        checker.report(node, Machine::StorageUnknown { what: what.to_owned(), key: key.to_owned() });
        return None;
    }
    let root = match storage.at("root").as_text().unwrap_or("") {
        "" => {
            checker.facts.map(|facts| facts.data_folder().to_string_lossy().into_owned()).unwrap_or_default()
        }
        root => root.to_owned(),
    };
    let path = Path::new(&root).join(key);
    checker.read(node, &path.to_string_lossy(), what)
}

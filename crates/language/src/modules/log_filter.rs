//! What changes a field of a log entry (docs: "log", `format filter`).

use crate::config::Fields;
use crate::spec::{ModuleSpec, Namespace};

mod actions;
mod ip_mask;
mod regexp;
mod text;

pub(crate) use regexp::check_operation;

/// The namespace `caddy.logging.encoders.filter`.
pub(crate) static NAMESPACE: Namespace = Namespace {
    id: "caddy.logging.encoders.filter",
    what: "log filter",
    key: "filter",
    all: &[
        &DELETE,
        &HASH,
        &text::REPLACE,
        &text::RENAME,
        &ip_mask::MODULE,
        &actions::QUERY,
        &actions::COOKIE,
        &actions::SET_COOKIE,
        &regexp::REGEXP,
        &regexp::MULTI_REGEXP,
    ],
};

static DELETE: ModuleSpec = word("delete", "Removes the field");
static HASH: ModuleSpec = word("hash", "Replaces the value with the first bytes of its hash");

/// A filter that is no more than a word. Caddy does not look at anything behind it.
const fn word(name: &'static str, doc: &'static str) -> ModuleSpec {
    ModuleSpec::new(name, "", doc, |_| Ok(Fields::new()))
}

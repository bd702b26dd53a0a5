//! How log entries are written (docs: "log", `format`).

use crate::spec::Namespace;

pub(crate) mod append;
mod common;
mod console;
mod filter;
mod journald;
mod json;

/// The namespace `caddy.logging.encoders`.
pub static NAMESPACE: Namespace = Namespace {
    id: "caddy.logging.encoders",
    what: "log encoder",
    key: "format",
    all: &[&console::MODULE, &json::MODULE, &filter::MODULE, &append::MODULE, &journald::MODULE],
};

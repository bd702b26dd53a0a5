//! What each handler does.

pub(super) mod encode;
pub(super) mod file_server;
pub(super) mod headers;
pub(super) mod login;
pub(super) mod proxy;
pub(super) mod respond;
pub(super) mod rewrite;
pub(super) mod settings;
pub(super) mod templates;

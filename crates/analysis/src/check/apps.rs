//! The top level of the configuration: `admin`, `logging`, and the apps.

pub(super) mod admin;
pub(super) mod events;
pub(super) mod filesystems;
pub(super) mod http;
pub(super) mod logging;
pub(super) mod pki;
pub(super) mod tls;

//! What several tests share: the real Caddy, servers, hostile texts.

pub mod backend;
pub mod bless;
pub mod caddy;
pub mod hostile;
pub mod server;
pub mod site;

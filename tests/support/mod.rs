//! What several tests share: the real Caddy, servers, hostile texts.

pub mod answers;
pub mod backend;
pub mod bless;
pub mod caddy;
pub mod judge;
#[cfg(feature = "deploy")]
pub mod hostile;
#[cfg(feature = "deploy")]
pub mod server;
#[cfg(feature = "deploy")]
pub mod site;

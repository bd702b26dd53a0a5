//! The route table: for every site of a configuration, which requests come to which handler, in the order in which
//! Caddy tries them. It reads Caddy's JSON, so it serves a compiled Caddyfile and a running server alike.

pub(crate) mod answer;
mod disguise;
pub(crate) mod effort;
pub(crate) mod flat;
pub mod format;
pub(crate) mod handler;
pub(crate) mod matchers;
pub(crate) mod pattern;
pub(crate) mod server;
pub(crate) mod shadow;
pub(crate) mod site;
pub mod size;
mod spellings;
mod table;
pub(crate) mod veil;
pub(crate) mod words;

pub use disguise::variables;
pub(crate) use site::Site;
pub(crate) use table::unreachable_hosts;
pub use table::{Route, Table, place};

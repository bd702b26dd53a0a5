//! The route table: for every site of a configuration, which requests come to which handler, in the order in which
//! Caddy tries them. It reads Caddy's JSON, so it serves a compiled Caddyfile and a running server alike.

pub mod answer;
mod disguise;
pub mod effort;
pub mod flat;
pub mod format;
pub mod handler;
pub mod matchers;
pub mod pattern;
pub mod server;
pub mod shadow;
pub mod site;
pub mod size;
mod spellings;
mod table;
pub mod veil;
pub mod words;

pub use disguise::variables;
pub use site::Site;
pub use table::{Route, Table, place, unreachable_hosts};

//! What a Caddyfile or a configuration means: checks, lint rules, routes, differences, and what an editor shows.

pub mod check;
pub mod lint;
pub mod session;
pub mod editor;
pub mod routes;
pub mod diff;

//! What `caddy validate` finds only when it provisions a configuration, found without Caddy.

pub mod regexp;

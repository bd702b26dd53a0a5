//! What deploys write down in the state folder: who is at work, how far a deploy has come, and what was deployed.

pub mod caddy;
pub mod history;
pub mod journal;
pub mod lock;

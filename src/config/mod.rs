//! Caddy's JSON: typed in Go's field order where a later stage reads it, tagged modules where only Caddy does, and
//! the writer that gives Caddy's own bytes.

mod provenance;
pub mod write;

pub use provenance::Provenance;

//! What another version of Caddy does with a configuration: changes of the server that the JSON does not show.
//!
//! Each change is a file in `upgrade/changes`, with what it needs of the configuration.

mod change;
mod changes;
pub mod format;
mod found;
mod report;

pub use change::Change;
pub use changes::all;
pub use found::{Found, between};
pub use report::{Read, Report};

//! Values in Go's own syntax: numbers, durations, sizes, header names. Caddy reads them with Go's standard library, so
//! what that accepts is the language's definition.

mod duration;
mod float;
mod header;
mod host_port;
mod number;
mod size;
mod url;

pub use duration::caddy_duration;
pub(crate) use duration::{go_duration, print_duration};
pub(crate) use float::go_float;
pub use header::canonical_header;
pub(crate) use host_port::join_host_port;
pub use host_port::split_host_port;
pub use number::atoi;
pub(crate) use number::parse_bool;
pub use size::size;
pub use url::{Url, UrlFault};

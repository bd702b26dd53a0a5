//! Values in Go's own syntax: numbers, durations, sizes, header names. Caddy reads them with Go's standard library, so
//! what that accepts is the language's definition.

mod duration;
mod float;
mod header;
mod host_port;
mod number;
mod size;
mod url;

pub use duration::{caddy_duration, go_duration};
pub use float::go_float;
pub use header::canonical_header;
pub use host_port::{join_host_port, split_host_port};
pub use number::{atoi, parse_bool};
pub use size::size;
pub use url::{Url, UrlFault};

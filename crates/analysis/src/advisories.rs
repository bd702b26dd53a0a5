//! Security advisories for Caddy, judged for one configuration: whether it has what an advisory needs, and where.
//!
//! Each advisory is a file in `advisories/list`. The data is dated and comes with the program; nothing is fetched. Most rows were
//! tried on the real programs from 2.6.2 to 2.11.9, so that versions here may differ from published ranges.

mod advisory;
pub mod age;
pub mod format;
mod list;
mod place;
mod subject;
mod verdict;
mod warnings;

pub(crate) use advisory::Check;
pub use advisory::{Advisory, Repaired};
pub use list::all;
pub(crate) use list::rules;
pub use place::{Edit, Place};
pub use subject::Subject;
pub use verdict::{Concern, Verdict, of};
pub use warnings::warnings;

//! What directives and global options are lowered with, and what they give: the scope that a directive sees, the routes
//! of a block, the options. The lists themselves stand in `directives/` and `options/`.

mod block;
mod directive;
mod faults;
pub(crate) mod issuers;
mod options;
pub mod routes;
mod scope;
pub mod sort;

pub use directive::{Directive, GlobalOption, Place, Registry, Shape};
pub use options::{ADMIN_VARIABLE, AcmeDns, Options, ServerOptions};
pub use scope::{Bind, CustomLog, Directed, Lowered, Scope, State, TlsSetting};

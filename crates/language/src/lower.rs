//! What directives and global options are lowered with, and what they give: the scope that a directive sees, the routes
//! of a block, the options. The lists themselves stand in `directives/` and `options/`.

mod block;
mod directive;
mod faults;
pub(crate) mod issuers;
mod option;
mod options;
mod order;
pub(crate) mod routes;
mod scope;
mod setting;
pub mod sort;

pub(crate) use directive::Place;
pub use directive::{At, Directive, Matcher, Order, Registry};
pub use option::GlobalOption;
pub use options::ADMIN_VARIABLE;
pub(crate) use options::{AcmeDns, Options, ServerOptions};
pub(crate) use order::DirectiveOrder;
pub use order::Exclusive;
pub(crate) use scope::{Directed, Lowered, Scope, State};
pub(crate) use setting::{Bind, CustomLog, TlsSetting};

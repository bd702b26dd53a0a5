//! What a change means: effects on the server, routes, headers, and only then text.
//!
//! Two configurations are taken apart into sites (one address, one host), each site's routes are laid flat, and what
//! is left over when everything equal is paired is the difference. Names of servers and groups, the order of sites,
//! lists that are sets and the configuration's own path in `hide` are no difference.

mod access;
mod compare;
mod consequences;
mod described;
mod disguise;
mod effects;
mod fields;
pub mod format;
mod hunk;
mod headers;
mod merge;
mod message;
mod moved;
mod normal;
mod pairs;
pub mod patch;
mod proof;
mod report;
mod side;
mod site;
pub mod text;
mod units;
pub mod whole;

pub use compare::compare;
pub use fields::Show;
pub use hunk::TextChange;
pub(crate) use hunk::{Hunk, Line};
pub use message::{Message, Values};
pub use report::{
    Access, AccessKind, Change, Direction, Effect, EffectKind, Field, HeaderChange, Place, Report,
    RouteChange, Verdict,
};
pub use side::Side;

//! A fault as a value. Finding one, describing one and printing one are three different jobs; this
//! folder holds the value, the list of codes, and the renderers.

pub(crate) mod address;
pub(crate) mod braces;
mod code;
mod diagnostic;
pub mod discretion;
pub(crate) mod import;
mod left_out;
mod length;
pub mod opaque;
pub mod render;
mod repeats;

pub use code::Code;
pub use diagnostic::{Applicability, Diagnostic, Edit, Frame, Label, Severity, Subject};
pub use left_out::{LeftOut, SettingsFile};
pub use length::limited;
pub(crate) use length::short;
pub(crate) use repeats::Repeats;

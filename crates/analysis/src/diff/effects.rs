//! Effects on the server as a whole: what no single route tells.

mod certificates;
mod env;
mod listeners;
mod logs;
mod options;
mod sites;
mod streams;
mod systemd;
mod written;

pub use certificates::certificates;
pub use listeners::listeners;
pub use options::options;
pub use sites::sites;
pub use streams::streams;
pub use systemd::systemd;
pub use written::Written;

use super::message::Message;
use super::report::{Change, Effect, EffectKind};
use super::side::Side;
use super::units::Units;

/// One of the two sides, taken apart.
#[derive(Clone, Copy)]
pub struct Half<'a> {
    /// The configuration.
    pub side: &'a Side,
    /// Its sites.
    pub units: &'a Units<'a>,
    /// Where things are written in it.
    pub written: &'a Written<'a>,
}

/// An effect without places.
fn effect(
    kind: EffectKind,
    change: Change,
    subject: impl Into<String>,
    message: impl Into<Message>,
) -> Effect {
    Effect {
        kind,
        change,
        subject: subject.into(),
        message: message.into(),
        before: None,
        needs: None,
        sites: Vec::new(),
        old_place: None,
        new_place: None,
    }
}

/// `a.test`, `a.test and b.test`, `3 hosts`.
fn hosts(names: &[String]) -> String {
    match names {
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        _ => format!("{} hosts", names.len()),
    }
}

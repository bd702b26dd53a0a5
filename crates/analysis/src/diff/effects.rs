//! Effects on the server as a whole: what no single route shows.

mod certificates;
mod env;
mod listeners;
mod logs;
mod options;
mod sites;
mod streams;
mod systemd;
mod unproved;
mod written;

pub(crate) use certificates::certificates;
pub(crate) use listeners::listeners;
pub(crate) use options::options;
pub(crate) use sites::sites;
pub(crate) use streams::streams;
pub(crate) use systemd::systemd;
pub(crate) use unproved::unproved;
pub(crate) use written::Written;

use super::message::Message;
use super::report::{Change, Effect, EffectKind};
use super::side::Side;
use super::units::Units;

/// One of the two sides, taken apart.
#[derive(Clone, Copy)]
pub(crate) struct Half<'a> {
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

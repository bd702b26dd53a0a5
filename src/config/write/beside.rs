//! Elements of long lists that another thread writes.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender};

use ecow::EcoString;
use serde::Serialize;

use super::compact;
use crate::config::{Document, Route};
use crate::syntax::is_worth_a_thread;

/// How many turns the second thread may be ahead.
pub(super) const AHEAD: usize = 4;

/// A list of a document that two threads write in turns.
#[derive(Clone, Copy)]
pub(super) enum Long<'d> {
    /// The routes of a server.
    Routes(&'d [Route]),
    /// The names of an automation policy.
    Names(&'d [EcoString]),
}

impl<'d> Long<'d> {
    /// Those of `config` in the order in which they are written; none if a second thread is not worth its start.
    pub(super) fn all(config: &'d Document) -> Vec<Self> {
        let apps = &config.apps;
        let routes = apps
            .http
            .iter()
            .flat_map(|http| http.servers.values())
            .map(|server| Self::Routes(&server.routes));
        let policies =
            apps.tls.iter().flat_map(|tls| &tls.automation).flat_map(|automation| &automation.policies);
        let names = policies.map(|policy| Self::Names(&policy.subjects));
        let all: Vec<Self> = routes.chain(names).filter(|list| list.len() > list.turn()).collect();
        if is_worth_a_thread(all.iter().map(|list| list.bytes()).sum()) { all } else { Vec::new() }
    }

    fn len(self) -> usize {
        match self {
            Self::Routes(routes) => routes.len(),
            Self::Names(names) => names.len(),
        }
    }

    /// How many elements one thread writes before the other one does.
    fn turn(self) -> usize {
        match self {
            Self::Routes(_) => 64,
            Self::Names(_) => 1024,
        }
    }

    /// About what it takes in JSON.
    fn bytes(self) -> usize {
        match self {
            Self::Routes(routes) => 512 * routes.len(),
            Self::Names(names) => 16 * names.len(),
        }
    }

    /// Where its elements lie in memory.
    fn place(self) -> Place {
        let (lies, element) = match self {
            Self::Routes(routes) => (lies(routes), size_of::<Route>()),
            Self::Names(names) => (lies(names), size_of::<EcoString>()),
        };
        Place { lies, element, turn: self.turn() }
    }

    /// Writes the turns of the second thread. Whether there is still somebody who takes them.
    pub(super) fn write(self, pieces: &SyncSender<Vec<u8>>) -> bool {
        fn turns<T: Serialize>(list: &[T], turn: usize, pieces: &SyncSender<Vec<u8>>) -> bool {
            list.chunks(turn).skip(1).step_by(2).all(|turn| pieces.send(compact(turn)).is_ok())
        }
        match self {
            Self::Routes(routes) => turns(routes, self.turn(), pieces),
            Self::Names(names) => turns(names, self.turn(), pieces),
        }
    }
}

fn lies<T>(list: &[T]) -> Range<usize> {
    let ends = list.as_ptr_range();
    ends.start.addr()..ends.end.addr()
}

/// Where the elements of a list lie in memory, which tells them from others.
struct Place {
    lies: Range<usize>,
    /// What an element takes.
    element: usize,
    turn: usize,
}

/// Elements that another thread writes: those of every second turn.
pub(super) struct Beside {
    /// The lists, the one that is written first.
    places: VecDeque<Place>,
    /// What the other thread has written, each turn as a list.
    pieces: Receiver<Vec<u8>>,
}

impl Beside {
    /// What is written of `lists` comes in `pieces`.
    pub(super) fn new(lists: &[Long], pieces: Receiver<Vec<u8>>) -> Self {
        Self { places: lists.iter().map(|list| list.place()).collect(), pieces }
    }

    /// What becomes of what lies at `address`.
    pub(super) fn part(&mut self, address: usize) -> Part {
        if self.places.get(1).is_some_and(|next| next.lies.contains(&address)) {
            self.places.pop_front();
        }
        let Some(place) = self.places.front().filter(|place| place.lies.contains(&address)) else {
            return Part::Here;
        };
        let index = (address - place.lies.start) / place.element;
        match (index / place.turn % 2, index % place.turn) {
            (0, _) => Part::Here,
            (_, 0) => self.pieces.recv().map_or(Part::Here, Part::Turn),
            _ => Part::Passed,
        }
    }
}

/// What becomes of an element of a list.
pub(super) enum Part {
    /// It is written here.
    Here,
    /// It is the first of a turn of the other thread, which has written all of it as a list.
    Turn(Vec<u8>),
    /// It is another one of such a turn.
    Passed,
}

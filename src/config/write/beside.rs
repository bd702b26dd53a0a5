//! Routes that another thread writes.

use std::ops::Range;
use std::sync::mpsc::Receiver;

use crate::config::{Document, Route};
use crate::syntax::is_worth_a_thread;

/// About what a route of a server takes in JSON, in bytes.
const ROUTE: usize = 512;

/// How many routes one thread writes before the other one does.
const TURN: usize = 64;

/// How many turns the second thread may be ahead.
pub(super) const AHEAD: usize = 4;

/// The routes of the largest server, if a second thread for them is worth its start.
pub(super) fn many_routes(config: &Document) -> Option<&[Route]> {
    let servers = config.apps.http.iter().flat_map(|http| http.servers.values());
    let routes = servers.map(|server| server.routes.as_slice()).max_by_key(|routes| routes.len())?;
    is_worth_a_thread(routes.len() * ROUTE).then_some(routes)
}

/// Those of each turn of the second thread.
pub(super) fn turns(routes: &[Route]) -> impl Iterator<Item = &[Route]> {
    routes.chunks(TURN).skip(1).step_by(2)
}

/// Where in memory the elements of `list` lie.
fn place<T>(list: &[T]) -> Range<usize> {
    let ends = list.as_ptr_range();
    ends.start.addr()..ends.end.addr()
}

/// Routes that another thread writes: those of every second turn.
pub(super) struct Beside {
    /// Where in memory all routes lie, which tells them from others.
    place: Range<usize>,
    /// What the other thread has written, each turn as a list.
    pieces: Receiver<Vec<u8>>,
}

impl Beside {
    /// What is written of `routes` comes in `pieces`.
    pub(super) fn new(routes: &[Route], pieces: Receiver<Vec<u8>>) -> Self {
        Self { place: place(routes), pieces }
    }

    /// What becomes of what lies at `address`.
    pub(super) fn part(&self, address: usize) -> Part {
        if !self.place.contains(&address) {
            return Part::Here;
        }
        let index = (address - self.place.start) / size_of::<Route>();
        match (index / TURN % 2, index % TURN) {
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

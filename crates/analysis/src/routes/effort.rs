//! How much is compared. Which routes meet is known from pairs of them, and of the matchers around them, so that it takes time
//! with the square of both.

use std::cell::Cell;
use std::rc::Rc;

/// The most pairs of matchers that one report compares. A pair of lists counts once for each pair of their members.
const PAIRS: usize = 4_000_000;

/// So many more for each handler: what is large may take longer.
const PER_HANDLER: usize = 200;

/// The pairs that are left for one report.
#[derive(Clone, Debug)]
pub(crate) struct Effort(Rc<State>);

#[derive(Debug)]
struct State {
    left: Cell<usize>,
    is_spent: Cell<bool>,
}

impl Default for Effort {
    fn default() -> Self {
        Self(Rc::new(State { left: Cell::new(PAIRS), is_spent: Cell::new(false) }))
    }
}

impl Effort {
    /// So many handlers more are looked at.
    pub(crate) fn add(&self, handlers: usize) {
        let more = handlers.saturating_mul(PER_HANDLER);
        self.0.left.set(self.0.left.get().saturating_add(more));
    }

    /// Whether so many pairs may still be compared. Once they may not, nothing else may: what only pairs show is not reported.
    pub(crate) fn spend(&self, pairs: usize) -> bool {
        let left = self.0.left.get().checked_sub(pairs).filter(|_| !self.is_spent());
        match left {
            Some(left) => self.0.left.set(left),
            None => self.0.is_spent.set(true),
        }
        left.is_some()
    }

    /// Whether more was asked for than was left.
    pub(crate) fn is_spent(&self) -> bool {
        self.0.is_spent.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_what_is_left() {
        let effort = Effort::default();
        let other = effort.clone();
        assert!(effort.spend(PAIRS - 1));
        other.add(1);
        assert!(other.spend(PER_HANDLER + 1) && !other.is_spent());
        assert!(!effort.spend(1) && other.is_spent());
        other.add(1);
        assert!(!other.spend(1), "what was refused once stays refused");
    }
}

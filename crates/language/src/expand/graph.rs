//! Who imports whom, to find circles.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::source::FileId;

/// A file, or a snippet (index plus one) defined in it.
pub(super) type Node = (FileId, u32);

/// Imports seen so far. As in Caddy they are never forgotten: two files that import each other at different times are
/// a circle too.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// The nodes by their numbers.
    numbers: FxHashMap<Node, usize>,
    edges: FxHashSet<(usize, usize)>,
    /// What each node imports.
    next: Vec<Vec<usize>>,
    /// The search in which each node was last seen.
    seen: Vec<usize>,
    searches: usize,
}

impl Graph {
    /// Adds an import of `to` in `from`; `false` when that closes a circle.
    pub(super) fn add(&mut self, from: Node, to: Node) -> bool {
        let (from, to) = (self.number(from), self.number(to));
        // A file that imports itself closes its circle only with the second import, as in Caddy.
        if from != to && self.edges.contains(&(from, to)) {
            return true;
        }
        if self.reaches(to, from) {
            return false;
        }
        self.edges.insert((from, to));
        self.next[from].push(to);
        true
    }

    fn number(&mut self, node: Node) -> usize {
        let number = *self.numbers.entry(node).or_insert(self.next.len());
        if number == self.next.len() {
            self.next.push(Vec::new());
            self.seen.push(0);
        }
        number
    }

    /// Whether at least one import leads from `from` to `to`.
    fn reaches(&mut self, from: usize, to: usize) -> bool {
        self.searches += 1;
        let mut open = vec![from];
        while let Some(node) = open.pop() {
            for next in &self.next[node] {
                if *next == to {
                    return true;
                }
                if self.seen[*next] != self.searches {
                    self.seen[*next] = self.searches;
                    open.push(*next);
                }
            }
        }
        false
    }
}

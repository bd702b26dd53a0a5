//! Who imports whom, to find circles.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::source::FileId;

/// A file, or a snippet (index plus one) defined in it.
pub(super) type Node = (FileId, u32);

/// Imports seen so far. As in Caddy they are never forgotten: two files that import each other at different times are
/// a circle too.
#[derive(Debug, Default)]
pub(super) struct Graph {
    edges: FxHashMap<Node, Vec<Node>>,
}

impl Graph {
    /// Adds an import of `to` in `from`; `false` when that closes a circle.
    pub(super) fn add(&mut self, from: Node, to: Node) -> bool {
        if self.reaches(to, from) {
            return false;
        }
        let edges = self.edges.entry(from).or_default();
        if !edges.contains(&to) {
            edges.push(to);
        }
        true
    }

    /// Whether at least one import leads from `from` to `to`.
    fn reaches(&self, from: Node, to: Node) -> bool {
        let mut seen = FxHashSet::default();
        let mut open = vec![from];
        while let Some(node) = open.pop() {
            for next in self.edges.get(&node).into_iter().flatten() {
                if *next == to {
                    return true;
                }
                if seen.insert(*next) {
                    open.push(*next);
                }
            }
        }
        false
    }
}

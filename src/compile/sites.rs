//! The sites of a Caddyfile, lowered by two threads where that pays.

use std::panic;
use std::thread;

use super::site::{self, Site};
use super::{Words, lost_address};
use crate::expand::{Block, BlockKind, replace_shorthands};
use crate::lower::{Options, State};
use crate::source::{Loader, Sources};
use crate::syntax::is_worth_a_thread;

/// About what a directive and the words of its block take in the text, in bytes.
const SEGMENT: usize = 64;

/// What all sites have in common while they are lowered.
#[derive(Clone, Copy)]
struct Lowering<'a> {
    words: Words,
    options: &'a Options,
    sources: &'a Sources,
    loader: &'a dyn Loader,
}

/// Lowers the sites among `blocks`, in order.
pub(super) fn lower(
    blocks: &mut [Block],
    words: Words,
    options: &Options,
    state: &mut State,
    sources: &Sources,
    loader: &dyn Loader,
) -> Vec<Site> {
    let lowering = Lowering { words, options, sources, loader };
    let mut sites = Vec::with_capacity(blocks.len());
    let (first, second) = blocks.split_at_mut(middle(blocks));
    let beside = if second.is_empty() { None } else { state.beside() };
    let mut done = 0;
    if let Some(mut beside) = beside {
        let mut further = Vec::new();
        thread::scope(|scope| {
            let work = || done = lowering.unnumbered(second, &mut beside, &mut further);
            let thread = thread::Builder::new().spawn_scoped(scope, work);
            lowering.all(first, state, &mut sites);
            if let Ok(Err(fault)) = thread.map(thread::ScopedJoinHandle::join) {
                panic::resume_unwind(fault);
            }
        });
        state.absorb(beside);
        sites.append(&mut further);
    } else {
        lowering.all(first, state, &mut sites);
    }
    lowering.all(&mut second[done..], state, &mut sites);
    sites
}

/// Where a second thread should begin: the end, if it is not worth one.
fn middle(blocks: &[Block]) -> usize {
    let all: usize = blocks.iter().map(|block| block.segments.len()).sum();
    if !is_worth_a_thread(all * SEGMENT) {
        return blocks.len();
    }
    let mut before = 0;
    let half = blocks.iter().position(|block| {
        before += block.segments.len();
        2 * before >= all
    });
    half.map_or(blocks.len(), |last| last + 1)
}

impl Lowering<'_> {
    /// Lowers all sites.
    fn all(self, blocks: &mut [Block], state: &mut State, sites: &mut Vec<Site>) {
        for block in blocks {
            sites.extend(self.one(block, state));
            self.forget(block);
        }
    }

    /// Lowers sites until one of them numbers something, and says how many blocks are done.
    fn unnumbered(self, blocks: &mut [Block], state: &mut State, sites: &mut Vec<Site>) -> usize {
        for (index, block) in blocks.iter_mut().enumerate() {
            let Some(site) = state.unless_numbered(|state| self.one(block, state)) else { return index };
            sites.extend(site);
            self.forget(block);
        }
        blocks.len()
    }

    fn one(self, block: &mut Block, state: &mut State) -> Option<Site> {
        if block.kind != BlockKind::Site {
            return None;
        }
        expand_shorthands(block);
        let is_site = !block.keys.is_empty() || lost_address(self.sources, block).is_some();
        is_site.then(|| site::lower(block, self.options, state, self.sources, self.loader)).flatten()
    }

    fn forget(self, block: &mut Block) {
        if self.words == Words::Forgotten && block.kind == BlockKind::Site {
            block.segments = Vec::new();
        }
    }
}

/// Writes the shorthands of a block's placeholders in full.
pub(super) fn expand_shorthands(block: &mut Block) {
    for word in block.segments.iter_mut().flatten() {
        if let Some(text) = replace_shorthands(&word.text) {
            word.text = text;
        }
    }
}

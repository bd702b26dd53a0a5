//! The sites of a Caddyfile, lowered by two threads where that pays.

use std::collections::VecDeque;
use std::slice;
use std::sync::{Mutex, PoisonError};

use super::site::{self, Site};
use super::{Words, lost_address};
use crate::expand::{Block, BlockKind, replace_shorthands};
use crate::lower::{Apart, Options, State};
use crate::source::{Loader, Sources};
use crate::syntax::{beside, is_worth_a_thread};

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

/// How many blocks a thread takes at a time.
const SHARE: usize = 32;

/// How many sites in a row may turn out to need a number before the second thread gives up.
const MOST_NUMBERED: usize = SHARE;

/// Blocks that no thread has taken, in order: the first one takes from the front, the second one from the back, so
/// that both are done at the same time.
type Shares<'b> = Mutex<VecDeque<&'b mut [Block]>>;

/// What the second thread has made of a block.
struct Second<'b> {
    block: &'b mut Block,
    /// The site; `None` if it depends on what stands before it.
    lowered: Option<Apart<Option<Site>>>,
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
    let size: usize = blocks.iter().map(|block| block.segments.len() * SEGMENT).sum();
    let Some(mut other) = state.beside().filter(|_| is_worth_a_thread(size)) else {
        lowering.all(blocks, state, &mut sites);
        return sites;
    };
    let shares = Mutex::new(blocks.chunks_mut(SHARE).collect());
    let second = || lowering.back_to_front(&shares, &mut other);
    let first = || {
        while let Some(share) = next(&shares, VecDeque::pop_front) {
            lowering.all(share, state, &mut sites);
        }
    };
    let (second, ()) = beside(second, first);
    for Second { block, lowered } in second.into_iter().flatten().rev() {
        match lowered {
            Some(lowered) => sites.extend(state.absorb(lowered)),
            None => lowering.all(slice::from_mut(block), state, &mut sites),
        }
    }
    sites
}

/// Takes the next share.
fn next<'b>(
    shares: &Shares<'b>,
    take: impl FnOnce(&mut VecDeque<&'b mut [Block]>) -> Option<&'b mut [Block]>,
) -> Option<&'b mut [Block]> {
    // A panic of the other thread is passed on when it is waited for.
    take(&mut shares.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Lowering<'_> {
    /// Lowers all sites.
    fn all(self, blocks: &mut [Block], state: &mut State, sites: &mut Vec<Site>) {
        for block in blocks {
            sites.extend(self.one(block, state));
            self.forget(block);
        }
    }

    /// Lowers the last sites, the very last one first, until none is left. Sites that number something are passed over.
    fn back_to_front<'b>(self, shares: &Shares<'b>, state: &mut State) -> Vec<Second<'b>> {
        let mut done = Vec::new();
        let mut numbered = 0;
        while numbered < MOST_NUMBERED
            && let Some(share) = next(shares, VecDeque::pop_back)
        {
            for block in share.iter_mut().rev() {
                let lowered = state.unless_numbered(|state| self.one(block, state));
                if lowered.is_some() {
                    self.forget(block);
                    numbered = 0;
                } else {
                    numbered += 1;
                }
                done.push(Second { block, lowered });
            }
        }
        done
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
            block.keys = Vec::new();
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

//! The sites of a Caddyfile, lowered in their order.

use super::site::{self, Site};
use super::{Words, lost_address};
use crate::expand::{Block, BlockKind, replace_shorthands};
use crate::lower::{Options, State};
use crate::source::{Loader, Sources};
use crate::version::Version;

/// Lowers the sites among `blocks`, in order.
pub(super) fn lower(
    blocks: &mut [Block],
    words: Words,
    options: &Options,
    state: &mut State,
    sources: &Sources,
    loader: &dyn Loader,
) -> Vec<Site> {
    let mut sites = Vec::with_capacity(blocks.len());
    for block in blocks.iter_mut().filter(|block| block.kind == BlockKind::Site) {
        expand_shorthands(block, state.version());
        if !block.keys.is_empty() || lost_address(sources, block).is_some() {
            sites.extend(site::lower(block, options, state, sources, loader));
        }
        if words == Words::Forgotten {
            block.keys = Vec::new();
            block.segments = Vec::new();
        }
    }
    sites
}

/// Writes the shorthands of a block's placeholders in full.
pub(super) fn expand_shorthands(block: &mut Block, version: Version) {
    for word in block.segments.iter_mut().flatten() {
        if let Some(text) = replace_shorthands(&word.text, version) {
            word.text = text;
        }
    }
}

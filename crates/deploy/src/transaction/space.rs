//! Whether the disks have room for a deploy, asked before anything is written.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::check::CheckError;
use super::plan::Plan;
use crate::artifact::{Artifact, Role};
use crate::files::host::Host;
use crate::state::history::Extras;
use crate::state::journal::Journal;

/// What a small file or a folder takes at least (bytes): a block of the usual file systems.
const BLOCK: u64 = 4096;

/// Room for the journal, the record, and what else is small (bytes).
const SMALL: u64 = 8 * BLOCK;

/// Refuses when a disk has too little room for what [`stage`](super::stage::stage) and the history will write. A file
/// system that does not say how full it is passes: a write that fails is undone anyway.
pub fn check_space(
    journal: &Journal,
    plan: &Plan,
    artifact: &Artifact,
    extras: &Extras,
    host: &Host,
) -> Result<(), CheckError> {
    let mut needed: BTreeMap<u64, (PathBuf, u64)> = BTreeMap::new();
    let mut need = |path: &Path, bytes: u64| {
        let Some(there) = path.ancestors().find(|folder| folder.is_dir()) else { return };
        let Ok(found) = there.metadata() else { return };
        needed.entry(found.dev()).or_insert_with(|| (there.to_owned(), 0)).1 += bytes;
    };
    let size = |bytes: Option<&Vec<u8>>| bytes.map_or(0, |bytes| in_blocks(bytes.len() as u64));
    for entry in &journal.entries {
        let index = plan.files.iter().position(|file| file.target == entry.target);
        let new = size(index.and_then(|index| artifact.files.get(index)?.bytes.as_ref()));
        let old = entry.target.metadata().map_or(0, |found| in_blocks(found.len()));
        need(&entry.next, new + old);
        need(&entry.target, new);
    }
    journal.staging.iter().for_each(|folder| need(folder, BLOCK));
    let kept = artifact.files.iter().filter(|file| file.role != Role::Program);
    let kept =
        kept.map(|file| size(file.bytes.as_ref())).chain(extras.iter().map(|(_, bytes)| size(Some(bytes))));
    need(&host.state_folder(), kept.sum::<u64>() + SMALL);
    if let Some(pointer) = &journal.pointer {
        let config = artifact.files.iter().filter(|file| file.role.is_config());
        need(&pointer.copies[0], config.map(|file| size(file.bytes.as_ref()) + BLOCK).sum());
    }
    needed.into_values().try_for_each(|(folder, bytes)| match free(&folder) {
        Some(free) if free < bytes => Err(CheckError::NoSpace { folder, needed: bytes, free }),
        _ => Ok(()),
    })
}

fn in_blocks(bytes: u64) -> u64 {
    bytes.div_ceil(BLOCK).max(1) * BLOCK
}

/// The folders whose disk has less room than a small deploy or a certificate takes, one a disk, with the bytes that are free.
pub fn full<'p>(folders: &[&'p Path]) -> Vec<(&'p Path, u64)> {
    let mut seen = BTreeSet::new();
    let disks = folders.iter().filter(|folder| folder.metadata().is_ok_and(|found| seen.insert(found.dev())));
    let left = disks.filter_map(|folder| Some((*folder, free(folder)?)));
    left.filter(|(_, free)| *free < 2 * SMALL).collect()
}

/// The bytes that are left for this user; what is reserved for root counts for root.
fn free(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok().filter(|found| found.f_blocks > 0)?;
    let blocks = if rustix::process::geteuid().is_root() { found.f_bfree } else { found.f_bavail };
    Some(blocks.saturating_mul(found.f_frsize))
}

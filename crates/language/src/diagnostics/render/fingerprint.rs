//! A name for a fault that survives edits elsewhere in the file, so that a tool knows an old fault from a new one.

use std::collections::HashMap;

use super::place::Place;
use crate::diagnostics::Diagnostic;
use crate::source::Sources;

/// Gives each fault of a run its fingerprint: a hash of the code, the file, the words at fault and their line's text,
/// and which of several such it is. Line numbers are no part of it, nor is the message.
#[derive(Default)]
pub(crate) struct Fingerprints {
    seen: HashMap<u128, u32>,
}

impl Fingerprints {
    /// The fingerprint of `found`, 32 hexadecimal digits, different for each fault of the run.
    pub(crate) fn next(&mut self, found: &Diagnostic, sources: &Sources, path: &str) -> String {
        let mut hash = Hash::new();
        hash.add(found.code.id).add(path);
        if let Some(label) = &found.primary {
            let place = Place::of(sources, label.span);
            // The hash of a text that can be guessed gives it away.
            if !place.file.is_outside() {
                hash.add(&place.file.text()[place.range]).add(place.file.line(place.start.line).trim());
            }
        }
        let nth = self.seen.entry(hash.0).or_default();
        *nth += 1;
        if *nth > 1 {
            hash.add(&nth.to_string());
        }
        format!("{:032x}", hash.0)
    }
}

/// FNV-1a over 128 bits: short, and the same on every machine and in every version.
struct Hash(u128);

impl Hash {
    fn new() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    /// Adds a word, and a byte that no text has, so that words do not run together.
    fn add(&mut self, word: &str) -> &mut Self {
        for byte in word.bytes().chain([0xFF]) {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
        }
        self
    }
}

//! Which values a text may show, found without looking for each of them.

use rustc_hash::{FxHashMap, FxHashSet};

/// Three letters in lower case.
type Gram = [char; 3];

/// Uses of variables by three letters that stand in every text that shows one of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index(FxHashMap<Gram, Vec<usize>>);

fn grams(text: &str) -> Vec<Gram> {
    let letters: Vec<char> = text.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect();
    letters.windows(3).map(|gram| [gram[0], gram[1], gram[2]]).collect()
}

impl Index {
    /// That of `targets`: the number of a use, and a text that it is known by. Texts of less than three letters are left out.
    pub(crate) fn of(targets: &[(usize, &str)]) -> Self {
        let mut count: FxHashMap<Gram, usize> = FxHashMap::default();
        for (_, text) in targets {
            for gram in grams(text) {
                *count.entry(gram).or_default() += 1;
            }
        }
        let mut all: FxHashMap<Gram, Vec<usize>> = FxHashMap::default();
        for (number, text) in targets {
            // The one that the fewest others have.
            if let Some(rarest) = grams(text).into_iter().min_by_key(|gram| count.get(gram).copied()) {
                all.entry(rarest).or_default().push(*number);
            }
        }
        for uses in all.values_mut() {
            uses.dedup();
        }
        Self(all)
    }

    /// The uses that `text` may show, in order.
    pub(crate) fn candidates(&self, text: &str) -> Vec<usize> {
        let found = grams(text).into_iter().filter_map(|gram| self.0.get(&gram)).flatten();
        let mut found: Vec<usize> = found.copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// What a long text has in it, for a quick no.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pieces(FxHashSet<[u8; 4]>);

impl Pieces {
    /// Those of `text`.
    pub(crate) fn of(text: &str) -> Self {
        Self(text.as_bytes().windows(4).map(|piece| [piece[0], piece[1], piece[2], piece[3]]).collect())
    }

    /// Whether `part` may stand in the text.
    pub(crate) fn may_have(&self, part: &str) -> bool {
        part.as_bytes().windows(4).all(|piece| self.0.contains(piece))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_found_by_a_piece_of_it() {
        let index = Index::of(&[(0, "some secret 1"), (1, "some secret 2"), (2, "ÄÖÜ"), (3, "ab")]);
        assert_eq!(index.candidates("xSOME SECRET 2y"), [1]);
        assert_eq!(index.candidates("äöü some"), [2]);
        assert!(index.candidates("some").is_empty());
        let pieces = Pieces::of("abcdef");
        assert!(pieces.may_have("bcde") && pieces.may_have("xy") && !pieces.may_have("acde"));
    }
}

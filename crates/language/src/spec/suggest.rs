//! "Did you mean …?"

/// The candidate nearest to `word`, if it is near enough to be a slip: at most a third of its letters differ, a swap
/// of neighbours counting once. Failing that, the only one that `word` is the beginning of.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = word.chars().count();
    let limit = letters.max(3) / 3;
    let candidates: Vec<&str> =
        candidates.into_iter().filter(|candidate| !candidate.is_empty() && *candidate != word).collect();
    let mut slip = Slip::of(word, limit);
    let near = candidates
        .iter()
        .filter_map(|candidate| Some((slip.distance(candidate)?, *candidate)))
        .min_by_key(|(distance, _)| *distance);
    if let Some((_, near)) = near {
        return Some(near);
    }
    let mut longer =
        candidates.iter().filter(|candidate| letters >= SHORTEST_BEGINNING && candidate.starts_with(word));
    longer.next().copied().filter(|_| longer.next().is_none())
}

/// A beginning of fewer letters says too little.
const SHORTEST_BEGINNING: usize = 4;

/// Names that are longer or shorter by more are other names, however long they are.
const FARTHEST: usize = 4;

/// Suggestions among names that the user gave. Where thousands of wrong names meet thousands of right ones, the later
/// ones get none: looking would take longer than all else.
#[derive(Debug)]
pub(crate) struct Suggestions {
    /// How many more names may be looked at.
    left: usize,
}

impl Default for Suggestions {
    /// Enough for some tenths of a second.
    fn default() -> Self {
        Self { left: 4_000_000 }
    }
}

impl Suggestions {
    /// As [`suggest`] says, as long as there is time.
    pub(crate) fn near<'a>(
        &mut self,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Option<&'a str> {
        let candidates: Vec<&str> = candidates.into_iter().take(self.left + 1).collect();
        let fits = candidates.len() <= self.left;
        self.left = if fits { self.left - candidates.len() } else { 0 };
        fits.then(|| suggest(word, candidates)).flatten()
    }
}

/// A word that may be a slip for another one.
struct Slip {
    word: Vec<char>,
    /// How many letters may differ.
    limit: usize,
    /// Room for the other word, and for three rows of the table of distances.
    other: Vec<char>,
    rows: [Vec<usize>; 3],
}

impl Slip {
    fn of(word: &str, limit: usize) -> Self {
        Self { word: letters(word).collect(), limit, other: Vec::new(), rows: Default::default() }
    }

    /// The optimal string alignment distance, unless it is beyond the limit.
    fn distance(&mut self, other: &str) -> Option<usize> {
        self.other.clear();
        self.other.extend(letters(other));
        let (a, b) = (&self.word, &self.other);
        if a.len().abs_diff(b.len()) > self.limit.min(FARTHEST) {
            return None;
        }
        let [before, last, row] = &mut self.rows;
        last.clear();
        last.extend(0..=b.len());
        for i in 1..=a.len() {
            row.clear();
            row.push(i);
            for j in 1..=b.len() {
                let cost = usize::from(a[i - 1] != b[j - 1]);
                let mut least = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + cost);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(before[j - 2] + 1);
                }
                row.push(least);
            }
            // What is beyond the limit in two rows stays beyond it.
            if row.iter().chain(&*last).all(|distance| *distance > self.limit) {
                return None;
            }
            std::mem::swap(before, last);
            std::mem::swap(last, row);
        }
        Some(last[b.len()]).filter(|distance| *distance <= self.limit)
    }
}

/// `-` and `_` are the same letter to people.
fn letters(word: &str) -> impl Iterator<Item = char> {
    word.chars().map(|c| if c == '-' { '_' } else { c.to_ascii_lowercase() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_and_far() {
        let names = ["reverse_proxy", "respond", "redir", "root", "rewrite"];
        assert_eq!(suggest("reverse-proxy", names), Some("reverse_proxy"));
        assert_eq!(suggest("reverse_porxy", names), Some("reverse_proxy"));
        assert_eq!(suggest("repond", names), Some("respond"));
        assert_eq!(suggest("xyz", names), None);
        assert_eq!(suggest("reverse", names), Some("reverse_proxy"));
        assert_eq!(suggest("re", names), None);
    }

    #[test]
    fn only_so_many_names_are_looked_at() {
        let mut suggestions = Suggestions { left: 5 };
        assert_eq!(suggestions.near("rot", ["root", "redir"]), Some("root"));
        assert_eq!(suggestions.near("redri", ["root", "redir"]), Some("redir"));
        assert_eq!(suggestions.near("rot", ["root", "redir"]), None);
        assert_eq!(suggestions.near("rot", ["root"]), None, "nothing is looked at afterwards");
    }
}

//! "Did you mean …?"

/// The candidate nearest to `word`, if it is near enough to be a slip: at most a third of its letters differ, a swap
/// of neighbours counting once. Failing that, the only one that `word` is the beginning of.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = word.chars().count();
    let limit = letters.max(3) / 3;
    let candidates: Vec<&str> =
        candidates.into_iter().filter(|candidate| !candidate.is_empty() && *candidate != word).collect();
    let near = candidates
        .iter()
        .map(|candidate| (distance(word, candidate), *candidate))
        .filter(|(distance, _)| *distance <= limit)
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

/// Optimal string alignment distance. `-` and `_` are the same letter to people.
fn distance(a: &str, b: &str) -> usize {
    let letters = |s: &str| -> Vec<char> {
        s.chars().map(|c| if c == '-' { '_' } else { c.to_ascii_lowercase() }).collect()
    };
    let (a, b) = (letters(a), letters(b));
    if a.len().abs_diff(b.len()) > 4 {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
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
}

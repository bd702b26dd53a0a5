//! The order of routes: by directive, then by how specific their path is.

use std::cmp::Ordering;

use ecow::EcoString;

use super::scope::{Directed, Lowered};
use crate::config::Route;
use crate::spec::Text;
use crate::version::{Change, Version};

/// Sorts what directives gave: by the directive's place in `order`; within one directive by the length of a single path
/// matcher, longest first; then those with a matcher before those without (docs: "Directive order").
///
/// It is Go's stable insertion sort in blocks of twenty and symmetric merging that decides where the comparison
/// contradicts itself, as it does for `vars` before 2.11.8; so that algorithm is used here (measured).
pub(crate) fn sort(items: &mut [Directed], order: &[Text], version: Version) {
    if items.len() < 2 {
        return;
    }
    let place = |name: &str| order.iter().position(|known| *known == *name).unwrap_or(usize::MAX);
    let keys = items.iter().map(|item| SortKey::of(item, place(&item.directive), version));
    let from = in_order(keys.zip(0..).collect());
    arrange(items, from);
}

/// Puts at each place the item that stands at the place `from` says.
pub(crate) fn arrange<T>(items: &mut [T], mut from: Vec<usize>) {
    for at in 0..items.len() {
        // What stood at an earlier place has been swapped away.
        while from[at] < at {
            from[at] = from[from[at]];
        }
        items.swap(at, from[at]);
    }
}

/// The items in the order of their keys, as Caddy sorts routes.
pub fn in_order<T>(mut keyed: Vec<(SortKey, T)>) -> Vec<T> {
    stable_by(&mut keyed, &|a, b| less(&a.0, &b.0));
    keyed.into_iter().map(|(_, item)| item).collect()
}

/// How directives of one name are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The most specific matcher first.
    Specific,
    /// The least specific one first, since the last that matches wins: `vars` and `log_level`.
    General,
    /// The same, with those that are alike the other way round, too: `vars` before 2.11.8.
    Reversed,
}

impl Direction {
    /// That of the directive `name`.
    pub fn of(name: &str, version: Version) -> Self {
        match name {
            "vars" | "log_level"
                if version.has(Change::VarsKeepOrder) || !version.has(Change::SortedByPrefix) =>
            {
                Self::General
            }
            "vars" | "log_level" => Self::Reversed,
            _ => Self::Specific,
        }
    }
}

/// What routes are compared by, worked out once.
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact about a route")]
pub struct SortKey {
    /// The directive's place in the order.
    pub place: usize,
    /// How the directive is sorted among others of its name.
    pub direction: Direction,
    /// Whether it gave one route, rather than several that stay together.
    pub is_route: bool,
    /// The only path of the only matcher set.
    pub path: Option<EcoString>,
    /// Whether there is any matcher.
    pub has_matcher: bool,
    /// Whether paths of the same length are sorted by name.
    pub by_name: bool,
    /// Whether the star at the end of a path does not count.
    pub by_prefix: bool,
}

impl SortKey {
    fn of(item: &Directed, place: usize, version: Version) -> Self {
        let route = if let Lowered::Route(route) = &item.lowered { Some(route) } else { None };
        Self {
            place,
            direction: Direction::of(&item.directive, version),
            is_route: route.is_some(),
            path: route.and_then(single_path),
            has_matcher: route.is_some_and(|route| !route.matchers.is_empty()),
            by_name: version.has(Change::EqualPathsByName),
            by_prefix: version.has(Change::SortedByPrefix),
        }
    }
}

fn single_path(route: &Route) -> Option<EcoString> {
    let [set] = route.matchers.as_slice() else { return None };
    let [path] = set.get("path")?.as_array()? else { return None };
    path.as_str().filter(|path| !path.is_empty()).map(EcoString::from)
}

fn less(a: &SortKey, b: &SortKey) -> bool {
    if a.place != b.place {
        return a.place < b.place;
    }
    if !a.is_route || !b.is_route {
        return false;
    }
    let by_path = |a: &SortKey, b: &SortKey| match (&a.path, &b.path) {
        (Some(one), Some(other)) if !a.by_prefix => one.len() > other.len(),
        (Some(one), Some(other)) => paths(one, other, a.by_name) == Ordering::Less,
        _ => a.has_matcher && !b.has_matcher,
    };
    match a.direction {
        Direction::Specific => by_path(a, b),
        Direction::General => by_path(b, a),
        Direction::Reversed => !by_path(a, b),
    }
}

/// The more specific of two paths first.
fn paths(a: &str, b: &str, by_name: bool) -> Ordering {
    let (short_a, short_b) = (a.strip_suffix('*').unwrap_or(a), b.strip_suffix('*').unwrap_or(b));
    if short_a == short_b {
        return a.len().cmp(&b.len());
    }
    if !by_name {
        return b.len().cmp(&a.len());
    }
    short_b.len().cmp(&short_a.len()).then_with(|| short_a.cmp(short_b))
}

/// Go's `sort.SliceStable`: insertion sort in blocks of twenty, then merging in place by rotation.
pub(crate) fn stable_by<T>(items: &mut [T], less: &dyn Fn(&T, &T) -> bool) {
    let len = items.len();
    let mut block = 20;
    for start in (0..len).step_by(block) {
        insertion(&mut items[start..(start + block).min(len)], less);
    }
    while block < len {
        for start in (0..len).step_by(2 * block) {
            let (middle, end) = (start + block, (start + 2 * block).min(len));
            if middle < end {
                merge(&mut items[start..end], middle - start, less);
            }
        }
        block *= 2;
    }
}

fn insertion<T>(items: &mut [T], less: &dyn Fn(&T, &T) -> bool) {
    for i in 1..items.len() {
        let mut j = i;
        while j > 0 && less(&items[j], &items[j - 1]) {
            items.swap(j, j - 1);
            j -= 1;
        }
    }
}

/// Merges two sorted halves in place (`SymMerge`, by Kim and Kutzner).
fn merge<T>(items: &mut [T], middle: usize, less: &dyn Fn(&T, &T) -> bool) {
    let len = items.len();
    if middle == 0 || middle == len {
        return;
    }
    if middle == 1 {
        let at = partition(1, len, |i| less(&items[i], &items[0]));
        items[..at].rotate_left(1);
        return;
    }
    if len - middle == 1 {
        let at = partition(0, middle, |i| !less(&items[middle], &items[i]));
        items[at..].rotate_right(1);
        return;
    }
    let half = len / 2;
    let total = half + middle;
    let (mut low, high) = if middle > half { (total - len, half) } else { (0, middle) };
    let last = total - 1;
    low = partition(low, high, |i| !less(&items[last - i], &items[i]));
    let end = total - low;
    if low < middle && middle < end {
        items[low..end].rotate_left(middle - low);
    }
    if 0 < low && low < half {
        merge(&mut items[..half], low, less);
    }
    if half < end && end < len {
        merge(&mut items[half..], end - half, less);
    }
}

/// The first index of `from..to` for which `before` does not hold.
fn partition(mut from: usize, mut to: usize, before: impl Fn(usize) -> bool) -> usize {
    while from < to {
        let middle = usize::midpoint(from, to);
        if before(middle) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_arranged() {
        for from in [[0, 1, 2, 3], [1, 2, 3, 0], [3, 2, 1, 0], [2, 0, 3, 1], [1, 0, 3, 2]] {
            let mut items = [0, 1, 2, 3];
            arrange(&mut items, from.to_vec());
            assert_eq!(items, from);
        }
    }

    #[test]
    fn consistent_comparisons_sort_stably() {
        let mut items: Vec<(usize, usize)> = (0..500).map(|i| ((i * 7919) % 13, i)).collect();
        let mut expected = items.clone();
        expected.sort_by_key(|item| item.0);
        stable_by(&mut items, &|a, b| a.0 < b.0);
        assert_eq!(items, expected);
    }

    #[test]
    fn paths_from_specific_to_general() {
        let mut list = ["/a*", "/a", "/abc/*", "/abc", "/b"];
        list.sort_by(|a, b| paths(a, b, true));
        assert_eq!(list, ["/abc/*", "/abc", "/a", "/a*", "/b"]);
    }
}

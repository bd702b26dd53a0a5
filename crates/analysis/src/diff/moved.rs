//! Routes whose place in the order changed, where the order decides.

use super::pairs::{Pairs, SiteRows};
use crate::routes::answer;
use crate::routes::flat::{Flat, Row};
use crate::routes::matchers;
use caddyctl_language::spec::{Answer, Changes};

/// A row that moved past another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    /// The row in the old order.
    pub old: usize,
    /// The row in the new order.
    pub new: usize,
    /// The new row that it changed places with.
    pub past: usize,
    /// Whether it stands before that one now.
    pub before: bool,
}

/// The rows that moved. As few as possible are blamed: those outside a longest run that kept its order.
pub(crate) fn moved(old: &SiteRows, new: &SiteRows, pairs: &Pairs) -> Vec<Moved> {
    let order: Vec<(usize, usize)> =
        pairs.new_of.iter().enumerate().filter_map(|(old, new)| Some((old, (*new)?))).collect();
    let kept = longest_run(&order.iter().map(|(_, new)| *new).collect::<Vec<_>>());
    let mut found = Vec::new();
    for (at, &(old_row, new_row)) in order.iter().enumerate() {
        if kept[at] {
            continue;
        }
        let crossed = order.iter().find(|&&(other_old, other_new)| {
            (other_old < old_row) != (other_new < new_row)
                && other_old != old_row
                && order_decides(&new.flat, new_row, other_new)
                && order_decides(&old.flat, old_row, other_old)
        });
        if let Some(&(_, past)) = crossed {
            found.push(Moved { old: old_row, new: new_row, past, before: new_row < past });
        }
    }
    found
}

/// Whether it matters which of two rows comes first.
fn order_decides(flat: &Flat, a: usize, b: usize) -> bool {
    let (a, b) = (&flat.rows[a], &flat.rows[b]);
    if flat.apart(a, flat, b) {
        return false;
    }
    let answers = a.ends() != Answer::Never || b.ends() != Answer::Never;
    answers
        || match (answer::changes(a.handler), answer::changes(b.handler)) {
            (Changes::Headers(_), Changes::Headers(_)) => share_header(a, b),
            (Changes::Path, Changes::Path)
            | (Changes::Variables, Changes::Variables)
            | (Changes::Body, Changes::Body) => true,
            (Changes::Path, _) => flat.conditions(b).any(matchers::reads_uri),
            (_, Changes::Path) => flat.conditions(a).any(matchers::reads_uri),
            _ => answer::name(a.handler) == answer::name(b.handler),
        }
}

fn share_header(a: &Row, b: &Row) -> bool {
    let names = |row: &Row| -> Vec<String> {
        let mut names = Vec::new();
        for side in ["request", "response"] {
            for op in ["add", "set", "replace"] {
                let fields = row.handler.pointer(&format!("/{side}/{op}")).and_then(|v| v.as_object());
                names.extend(
                    fields.into_iter().flatten().map(|(name, _)| format!("{side} {}", name.to_lowercase())),
                );
            }
            let deleted = row.handler.pointer(&format!("/{side}/delete"));
            names.extend(
                deleted
                    .into_iter()
                    .flat_map(matchers::strings)
                    .map(|name| format!("{side} {}", name.to_lowercase())),
            );
        }
        names
    };
    let other = names(b);
    names(a).iter().any(|name| other.contains(name))
}

/// Which members of `values` belong to a longest run of rising values.
fn longest_run(values: &[usize]) -> Vec<bool> {
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = vec![None; values.len()];
    for (at, value) in values.iter().enumerate() {
        let length = ends.partition_point(|&end| values[end] < *value);
        previous[at] = length.checked_sub(1).map(|before| ends[before]);
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut kept = vec![false; values.len()];
    let mut at = ends.last().copied();
    while let Some(index) = at {
        kept[index] = true;
        at = previous[index];
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_run_is_kept() {
        assert_eq!(longest_run(&[0, 3, 1, 2]), [true, false, true, true]);
        assert_eq!(longest_run(&[]), Vec::<bool>::new());
    }
}

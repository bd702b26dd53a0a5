//! Functions of lists.

use super::super::cel::{Cel, Found, no_overload};

/// The longest list that `lists.range` makes.
const LONGEST: i64 = 100_000;

/// The result; `None` where it is no function of lists.
pub(super) fn call(name: &str, args: &[Cel]) -> Option<Found> {
    Some(match (name, args) {
        ("+", [Cel::List(a), Cel::List(b)]) => Ok(Cel::List([&a[..], b].concat())),
        ("reverse", [Cel::List(list)]) => Ok(Cel::List(list.iter().rev().cloned().collect())),
        ("slice", [Cel::List(list), Cel::Int(from), Cel::Int(to)]) => {
            match (usize::try_from(*from), usize::try_from(*to)) {
                (Ok(from), Ok(to)) if from <= to && to <= list.len() => {
                    Ok(Cel::List(list[from..to].to_vec()))
                }
                _ => Err("cannot slice: index out of range".to_owned()),
            }
        }
        ("flatten", [Cel::List(list)]) => Ok(Cel::List(flat(list, 1))),
        ("flatten", [Cel::List(list), Cel::Int(depth)]) => Ok(Cel::List(flat(list, *depth))),
        ("distinct", [Cel::List(list)]) => {
            let mut found: Vec<Cel> = Vec::new();
            for item in list {
                if !found.contains(item) {
                    found.push(item.clone());
                }
            }
            Ok(Cel::List(found))
        }
        ("sort", [Cel::List(list)]) => {
            let is_sortable = list.windows(2).all(|pair| pair[0].compare(&pair[1]).is_some());
            if !is_sortable {
                return Some(no_overload());
            }
            let mut list = list.clone();
            list.sort_by(|a, b| a.compare(b).unwrap_or(std::cmp::Ordering::Equal));
            Ok(Cel::List(list))
        }
        ("lists.range", [Cel::Int(count)]) => {
            if *count > LONGEST {
                return Some(Err("the list is too long".to_owned()));
            }
            Ok(Cel::List((0..*count).map(Cel::Int).collect()))
        }
        _ => return None,
    })
}

fn flat(list: &[Cel], depth: i64) -> Vec<Cel> {
    let mut found = Vec::new();
    for item in list {
        match item {
            Cel::List(inner) if depth > 0 => found.extend(flat(inner, depth - 1)),
            other => found.push(other.clone()),
        }
    }
    found
}

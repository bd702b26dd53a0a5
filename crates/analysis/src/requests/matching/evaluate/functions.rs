//! The functions and operators of expressions.

mod convert;
mod lists;
mod numbers;
mod texts;

use std::cmp::Ordering;

use super::cel::{Cel, Found, no_overload};

/// The field of a map.
pub(super) fn select(value: &Cel, field: &str) -> Found {
    let Cel::Map(entries) = value else { return no_overload() };
    let wanted = Cel::Text(field.to_owned());
    let found = entries.iter().find(|(key, _)| *key == wanted);
    found.map(|(_, value)| value.clone()).ok_or_else(|| format!("no such key: {field}"))
}

/// The result of `name(args)`, where a target is the first argument.
pub(super) fn call(name: &str, args: &[Cel]) -> Found {
    match (name, args) {
        ("==", [a, b]) => Ok(Cel::Bool(a == b)),
        ("!=", [a, b]) => Ok(Cel::Bool(a != b)),
        ("<", [a, b]) => ordered(a, b, &[Ordering::Less]),
        ("<=", [a, b]) => ordered(a, b, &[Ordering::Less, Ordering::Equal]),
        (">", [a, b]) => ordered(a, b, &[Ordering::Greater]),
        (">=", [a, b]) => ordered(a, b, &[Ordering::Greater, Ordering::Equal]),
        ("!_", [Cel::Bool(value)]) => Ok(Cel::Bool(!value)),
        ("in", [item, Cel::List(list)]) => Ok(Cel::Bool(list.contains(item))),
        ("in", [key, Cel::Map(map)]) => Ok(Cel::Bool(map.iter().any(|(known, _)| known == key))),
        ("[]", [Cel::List(list), index]) => element(list, index),
        ("[]", [Cel::Map(map), key]) => {
            let found = map.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone());
            found.ok_or_else(|| "no such key".to_owned())
        }
        ("size", [value]) => size(value),
        ("type", [value]) => Ok(Cel::Type(value.type_name().to_owned())),
        ("dyn", [value]) => Ok(value.clone()),
        ("int" | "uint" | "double" | "string" | "bool" | "bytes" | "duration" | "timestamp", [value]) => {
            convert::to(name, value)
        }
        _ => {
            if name.starts_with("get") {
                return convert::part(name, args);
            }
            if let Some(found) = numbers::call(name, args) {
                return found;
            }
            if let Some(found) = texts::call(name, args) {
                return found;
            }
            lists::call(name, args).unwrap_or_else(no_overload)
        }
    }
}

fn ordered(a: &Cel, b: &Cel, wanted: &[Ordering]) -> Found {
    match a.compare(b) {
        Some(found) => Ok(Cel::Bool(wanted.contains(&found))),
        None if a.is_number() && b.is_number() => Ok(Cel::Bool(false)),
        None => no_overload(),
    }
}

fn element(list: &[Cel], index: &Cel) -> Found {
    let number = match index {
        Cel::Int(number) => usize::try_from(*number).ok(),
        Cel::Uint(number) => usize::try_from(*number).ok(),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is whole and not negative"
        )]
        Cel::Double(number) if number.fract() == 0.0 && *number >= 0.0 => Some(*number as usize),
        _ => return no_overload(),
    };
    number.and_then(|number| list.get(number)).cloned().ok_or_else(|| "index out of bounds".to_owned())
}

fn size(value: &Cel) -> Found {
    let size = match value {
        Cel::Text(text) => text.chars().count(),
        Cel::Bytes(bytes) => bytes.len(),
        Cel::List(list) => list.len(),
        Cel::Map(map) => map.len(),
        _ => return no_overload(),
    };
    Ok(Cel::Int(i64::try_from(size).unwrap_or(i64::MAX)))
}

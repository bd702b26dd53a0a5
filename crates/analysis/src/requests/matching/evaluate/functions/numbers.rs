//! Arithmetic and `math`.

use super::super::cel::{Cel, Found, no_overload};

/// The result; `None` where it is no function of numbers.
pub(super) fn call(name: &str, args: &[Cel]) -> Option<Found> {
    Some(match (name, args) {
        ("-_", [Cel::Int(a)]) => whole(a.checked_neg()),
        ("-_", [Cel::Double(a)]) => Ok(Cel::Double(-a)),
        ("+" | "-" | "*" | "/" | "%", [Cel::Int(a), Cel::Int(b)]) => ints(name, *a, *b),
        ("+" | "-" | "*" | "/" | "%", [Cel::Uint(a), Cel::Uint(b)]) => uints(name, *a, *b),
        ("+", [Cel::Double(a), Cel::Double(b)]) => Ok(Cel::Double(a + b)),
        ("-", [Cel::Double(a), Cel::Double(b)]) => Ok(Cel::Double(a - b)),
        ("*", [Cel::Double(a), Cel::Double(b)]) => Ok(Cel::Double(a * b)),
        ("/", [Cel::Double(a), Cel::Double(b)]) => Ok(Cel::Double(a / b)),
        ("+", [Cel::Duration(a), Cel::Duration(b)]) => Ok(Cel::Duration(a + b)),
        ("-", [Cel::Duration(a), Cel::Duration(b)] | [Cel::Timestamp(a), Cel::Timestamp(b)]) => {
            Ok(Cel::Duration(a - b))
        }
        ("+", [Cel::Timestamp(a), Cel::Duration(b)] | [Cel::Duration(b), Cel::Timestamp(a)]) => {
            Ok(Cel::Timestamp(a + b))
        }
        ("-", [Cel::Timestamp(a), Cel::Duration(b)]) => Ok(Cel::Timestamp(a - b)),
        ("math.@min" | "math.@max", _) => extreme(name.ends_with("max"), args),
        ("math.ceil", [Cel::Double(a)]) => Ok(Cel::Double(a.ceil())),
        ("math.floor", [Cel::Double(a)]) => Ok(Cel::Double(a.floor())),
        ("math.round", [Cel::Double(a)]) => Ok(Cel::Double(a.round())),
        ("math.trunc", [Cel::Double(a)]) => Ok(Cel::Double(a.trunc())),
        ("math.isInf", [Cel::Double(a)]) => Ok(Cel::Bool(a.is_infinite())),
        ("math.isNaN", [Cel::Double(a)]) => Ok(Cel::Bool(a.is_nan())),
        ("math.isFinite", [Cel::Double(a)]) => Ok(Cel::Bool(a.is_finite())),
        ("math.abs", [Cel::Int(a)]) => whole(a.checked_abs()),
        ("math.abs" | "math.sign", [Cel::Uint(a)]) if name == "math.abs" => Ok(Cel::Uint(*a)),
        ("math.abs", [Cel::Double(a)]) => Ok(Cel::Double(a.abs())),
        ("math.sign", [Cel::Int(a)]) => Ok(Cel::Int(a.signum())),
        ("math.sign", [Cel::Uint(a)]) => Ok(Cel::Uint((*a).min(1))),
        ("math.sign", [Cel::Double(a)]) => Ok(Cel::Double(if *a == 0.0 { 0.0 } else { a.signum() })),
        #[expect(clippy::cast_precision_loss, reason = "the root is a float")]
        ("math.sqrt", [a]) => Ok(Cel::Double(match a {
            Cel::Int(a) => (*a as f64).sqrt(),
            Cel::Uint(a) => (*a as f64).sqrt(),
            Cel::Double(a) => a.sqrt(),
            _ => return Some(no_overload()),
        })),
        ("math.bitAnd", [Cel::Int(a), Cel::Int(b)]) => Ok(Cel::Int(a & b)),
        ("math.bitOr", [Cel::Int(a), Cel::Int(b)]) => Ok(Cel::Int(a | b)),
        ("math.bitXor", [Cel::Int(a), Cel::Int(b)]) => Ok(Cel::Int(a ^ b)),
        ("math.bitNot", [Cel::Int(a)]) => Ok(Cel::Int(!a)),
        ("math.bitAnd", [Cel::Uint(a), Cel::Uint(b)]) => Ok(Cel::Uint(a & b)),
        ("math.bitOr", [Cel::Uint(a), Cel::Uint(b)]) => Ok(Cel::Uint(a | b)),
        ("math.bitXor", [Cel::Uint(a), Cel::Uint(b)]) => Ok(Cel::Uint(a ^ b)),
        ("math.bitNot", [Cel::Uint(a)]) => Ok(Cel::Uint(!a)),
        ("math.bitShiftLeft" | "math.bitShiftRight", [a, Cel::Int(by)]) => shift(name, a, *by),
        _ => return None,
    })
}

fn whole(value: Option<i64>) -> Found {
    value.map(Cel::Int).ok_or_else(|| "integer overflow".to_owned())
}

fn ints(name: &str, a: i64, b: i64) -> Found {
    match name {
        "+" => whole(a.checked_add(b)),
        "-" => whole(a.checked_sub(b)),
        "*" => whole(a.checked_mul(b)),
        _ if b == 0 => Err(if name == "/" { "division by zero" } else { "modulus by zero" }.to_owned()),
        "/" => whole(a.checked_div(b)),
        _ => whole(a.checked_rem(b)),
    }
}

fn uints(name: &str, a: u64, b: u64) -> Found {
    let value = match name {
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        _ if b == 0 => return Err("division by zero".to_owned()),
        "/" => a.checked_div(b),
        _ => a.checked_rem(b),
    };
    value.map(Cel::Uint).ok_or_else(|| "unsigned integer overflow".to_owned())
}

fn extreme(is_greatest: bool, args: &[Cel]) -> Found {
    let items = match args {
        [Cel::List(items)] => items.as_slice(),
        items => items,
    };
    let mut best: Option<&Cel> = None;
    for item in items {
        if !item.is_number() {
            return no_overload();
        }
        let wanted = if is_greatest { std::cmp::Ordering::Greater } else { std::cmp::Ordering::Less };
        if best.is_none_or(|best| item.compare(best) == Some(wanted)) {
            best = Some(item);
        }
    }
    best.cloned().ok_or_else(|| "no elements".to_owned())
}

fn shift(name: &str, value: &Cel, by: i64) -> Found {
    let Ok(by) = u32::try_from(by) else { return Err("negative offset".to_owned()) };
    let left = name.ends_with("Left");
    match value {
        Cel::Int(value) => {
            let bits = value.cast_unsigned();
            let moved = if left { bits.checked_shl(by) } else { bits.checked_shr(by) };
            Ok(Cel::Int(moved.unwrap_or(0).cast_signed()))
        }
        Cel::Uint(value) => {
            let moved = if left { value.checked_shl(by) } else { value.checked_shr(by) };
            Ok(Cel::Uint(moved.unwrap_or(0)))
        }
        _ => no_overload(),
    }
}

//! Functions of texts.

use super::super::cel::{Cel, Found, no_overload};
use crate::requests::regexp;

/// The result; `None` where it is no function of texts.
pub(super) fn call(name: &str, args: &[Cel]) -> Option<Found> {
    Some(match (name, args) {
        ("+", [Cel::Text(a), Cel::Text(b)]) => Ok(Cel::Text(format!("{a}{b}"))),
        ("+", [Cel::Bytes(a), Cel::Bytes(b)]) => Ok(Cel::Bytes([&a[..], b].concat())),
        ("contains", [Cel::Text(text), Cel::Text(part)]) => Ok(Cel::Bool(text.contains(part.as_str()))),
        ("startsWith", [Cel::Text(text), Cel::Text(part)]) => Ok(Cel::Bool(text.starts_with(part.as_str()))),
        ("endsWith", [Cel::Text(text), Cel::Text(part)]) => Ok(Cel::Bool(text.ends_with(part.as_str()))),
        ("matches", [Cel::Text(text), Cel::Text(pattern)]) => match regexp::compile(pattern) {
            Some(regexp) => Ok(Cel::Bool(regexp.is_match(text))),
            None => Err(format!("error parsing regexp: {pattern}")),
        },
        ("lowerAscii", [Cel::Text(text)]) => Ok(Cel::Text(text.to_ascii_lowercase())),
        ("upperAscii", [Cel::Text(text)]) => Ok(Cel::Text(text.to_ascii_uppercase())),
        ("trim", [Cel::Text(text)]) => Ok(Cel::Text(text.trim().to_owned())),
        ("reverse", [Cel::Text(text)]) => Ok(Cel::Text(text.chars().rev().collect())),
        ("strings.quote", [Cel::Text(text)]) => Ok(Cel::Text(format!("{text:?}"))),
        ("charAt", [Cel::Text(text), Cel::Int(at)]) => char_at(text, *at),
        ("indexOf", [Cel::Text(text), Cel::Text(part)]) => index_of(text, part, 0),
        ("indexOf", [Cel::Text(text), Cel::Text(part), Cel::Int(from)]) => index_of(text, part, *from),
        ("lastIndexOf", [Cel::Text(text), Cel::Text(part)]) => last_index_of(text, part, None),
        ("lastIndexOf", [Cel::Text(text), Cel::Text(part), Cel::Int(from)]) => {
            last_index_of(text, part, Some(*from))
        }
        ("replace", [Cel::Text(text), Cel::Text(old), Cel::Text(new)]) => {
            Ok(Cel::Text(text.replace(old.as_str(), new)))
        }
        ("replace", [Cel::Text(text), Cel::Text(old), Cel::Text(new), Cel::Int(most)]) => {
            Ok(Cel::Text(match usize::try_from(*most) {
                Ok(most) => text.replacen(old.as_str(), new, most),
                Err(_) => text.replace(old.as_str(), new),
            }))
        }
        ("split", [Cel::Text(text), Cel::Text(mark)]) => Ok(split(text, mark, -1)),
        ("split", [Cel::Text(text), Cel::Text(mark), Cel::Int(most)]) => Ok(split(text, mark, *most)),
        ("substring", [Cel::Text(text), Cel::Int(from)]) => substring(text, *from, None),
        ("substring", [Cel::Text(text), Cel::Int(from), Cel::Int(to)]) => substring(text, *from, Some(*to)),
        ("join", [Cel::List(list)]) => join(list, ""),
        ("join", [Cel::List(list), Cel::Text(mark)]) => join(list, mark),
        ("format", [Cel::Text(text), Cel::List(values)]) => format(text, values),
        _ => return None,
    })
}

fn int(number: usize) -> Cel {
    Cel::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn char_at(text: &str, at: i64) -> Found {
    let length = text.chars().count();
    match usize::try_from(at) {
        Ok(at) if at == length => Ok(Cel::Text(String::new())),
        Ok(at) if at < length => Ok(Cel::Text(text.chars().nth(at).map(String::from).unwrap_or_default())),
        _ => Err(format!("index out of range: {at}")),
    }
}

fn index_of(text: &str, part: &str, from: i64) -> Found {
    let letters: Vec<char> = text.chars().collect();
    let part: Vec<char> = part.chars().collect();
    let Some(from) = usize::try_from(from).ok().filter(|from| *from <= letters.len()) else {
        return Err(format!("index out of range: {from}"));
    };
    if part.is_empty() {
        return Ok(int(from));
    }
    let found = letters[from..].windows(part.len()).position(|window| window == part);
    Ok(found.map_or(Cel::Int(-1), |at| int(at + from)))
}

fn last_index_of(text: &str, part: &str, from: Option<i64>) -> Found {
    let letters: Vec<char> = text.chars().collect();
    let part: Vec<char> = part.chars().collect();
    let from = match from {
        None => letters.len(),
        Some(from) => match usize::try_from(from).ok().filter(|from| *from < letters.len()) {
            Some(from) => from,
            None => return Err(format!("index out of range: {from}")),
        },
    };
    if part.is_empty() {
        return Ok(int(from));
    }
    let mut windows = letters.windows(part.len()).enumerate().filter(|(at, _)| *at <= from);
    let found = windows.by_ref().filter(|(_, window)| *window == part).last();
    Ok(found.map_or(Cel::Int(-1), |(at, _)| int(at)))
}

fn split(text: &str, mark: &str, most: i64) -> Cel {
    let parts: Vec<String> = match (usize::try_from(most), mark.is_empty()) {
        (Ok(0), _) => Vec::new(),
        (Ok(most), true) => {
            let letters: Vec<String> = text.chars().map(String::from).collect();
            if letters.len() <= most {
                letters
            } else {
                let mut parts = letters[..most - 1].to_vec();
                parts.push(letters[most - 1..].concat());
                parts
            }
        }
        (Err(_), true) => text.chars().map(String::from).collect(),
        (Ok(most), false) => text.splitn(most, mark).map(str::to_owned).collect(),
        (Err(_), false) => text.split(mark).map(str::to_owned).collect(),
    };
    Cel::List(parts.into_iter().map(Cel::Text).collect())
}

fn substring(text: &str, from: i64, to: Option<i64>) -> Found {
    let letters: Vec<char> = text.chars().collect();
    let end = match to {
        None => Some(letters.len()),
        Some(to) => usize::try_from(to).ok().filter(|to| *to <= letters.len()),
    };
    let start = usize::try_from(from).ok().filter(|from| *from <= letters.len());
    match (start, end) {
        (Some(start), Some(end)) if start <= end => Ok(Cel::Text(letters[start..end].iter().collect())),
        _ => Err("index out of range".to_owned()),
    }
}

fn join(list: &[Cel], mark: &str) -> Found {
    let mut parts = Vec::with_capacity(list.len());
    for item in list {
        match item {
            Cel::Text(text) => parts.push(text.as_str()),
            _ => return no_overload(),
        }
    }
    Ok(Cel::Text(parts.join(mark)))
}

/// `format`: `%s`, `%d`, `%f` with digits, `%x`, `%X`, `%o`, `%b`, `%e` and `%%`.
fn format(text: &str, values: &[Cel]) -> Found {
    let mut out = String::new();
    let mut values = values.iter();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let mut digits = None;
        if letters.peek() == Some(&'.') {
            letters.next();
            let mut number = String::new();
            while let Some(digit) = letters.next_if(char::is_ascii_digit) {
                number.push(digit);
            }
            digits = number.parse::<usize>().ok();
        }
        let Some(verb) = letters.next() else { return Err("unexpected end of format string".to_owned()) };
        if verb == '%' {
            out.push('%');
            continue;
        }
        let Some(value) = values.next() else { return Err("index out of range".to_owned()) };
        match (verb, value) {
            ('s', value) => out.push_str(&shown(value)),
            ('d', Cel::Int(number)) => out.push_str(&number.to_string()),
            ('d', Cel::Uint(number)) => out.push_str(&number.to_string()),
            ('f', Cel::Double(number)) => out.push_str(&format!("{number:.*}", digits.unwrap_or(6))),
            ('x', Cel::Int(number)) => out.push_str(&format!("{number:x}")),
            ('X', Cel::Int(number)) => out.push_str(&format!("{number:X}")),
            ('x', Cel::Text(text)) => {
                out.push_str(&text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>());
            }
            ('X', Cel::Text(text)) => {
                out.push_str(&text.bytes().map(|byte| format!("{byte:02X}")).collect::<String>());
            }
            ('o', Cel::Int(number)) => out.push_str(&format!("{number:o}")),
            ('b', Cel::Int(number)) => out.push_str(&format!("{number:b}")),
            ('b', Cel::Bool(flag)) => out.push_str(if *flag { "1" } else { "0" }),
            _ => return Err(format!("could not parse formatting clause {verb:?}")),
        }
    }
    Ok(Cel::Text(out))
}

/// A value as `%s` shows it.
fn shown(value: &Cel) -> String {
    match value {
        Cel::Null | Cel::Request => "null".to_owned(),
        Cel::Bool(flag) => flag.to_string(),
        Cel::Int(number) => number.to_string(),
        Cel::Uint(number) => number.to_string(),
        Cel::Double(number) => number.to_string(),
        Cel::Text(text) | Cel::Type(text) => text.clone(),
        Cel::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Cel::Duration(number) | Cel::Timestamp(number) => number.to_string(),
        Cel::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Cel::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", shown(key), shown(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

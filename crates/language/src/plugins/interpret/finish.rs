//! An object that has been read: what must be there, what is left out, and in which order its keys stand.

use ecow::EcoString;

use super::draft::{Draft, put};
use super::{Context, Ordered, value};
use crate::config::Value;
use crate::plugins::definition::{Always, Body, Kind, Missing, Row, Unknown};
use crate::spec::{Parsed, arguments};
use crate::syntax::Word;

/// Makes the object of what has been read.
pub(super) fn finish(body: &Body, context: Context, mut draft: Draft, name: &Word) -> Parsed<Ordered> {
    for (path, value) in &body.finally {
        if draft.get(path).is_none_or(value::is_zero) {
            draft.set(path, value.clone());
        }
    }
    let has = |key: &str| draft.get(key).is_some_and(|value| !value::is_zero(value));
    for key in &body.need {
        if !key.split('|').any(&has) {
            let words: Vec<&str> = key.split('|').map(|key| word_of(body, key)).collect();
            return Err(arguments::missing_setting(name, context.parent, &words));
        }
    }
    for row in rows(body).filter(|row| matches!(row.kind, Kind::Lines(_)) && row.missing == Missing::Refuse) {
        if draft.get(&row.to).is_some_and(value::is_zero) {
            return Err(arguments::missing(name, &format!("at least one line in `{}`", row.to)));
        }
    }
    for group in &body.exactly_one {
        let given = group.iter().filter(|keys| keys.split('+').all(&has)).count();
        if given != 1 {
            let together = |keys: &EcoString| {
                let words: Vec<_> = keys.split('+').map(|key| format!("`{}`", word_of(body, key))).collect();
                words.join(" with ")
            };
            let groups: Vec<String> = group.iter().map(together).collect();
            return Err(arguments::not_exactly_one(name, context.parent, &groups));
        }
    }
    let mut fields = Ordered::new();
    for path in order(body, &draft) {
        let row = rows(body).find(|row| row.to == path);
        let is_always = match &body.always {
            Always::All => true,
            Always::Keys(keys) => keys.contains(&path),
            Always::None => false,
        };
        let value = match draft.get(&path) {
            Some(value) if value::is_zero(value) => {
                let is_kept = is_always || row.is_some_and(|row| row.writes_zero);
                is_kept.then(|| value.clone())
            }
            Some(value) => Some(value.clone()),
            None if is_always => Some(row.map_or(Value::Null, |row| zero_of(context, row))),
            None => None,
        };
        let has_parent = path.rsplit_once('/').is_some_and(|(parent, _)| draft.get(parent).is_some());
        let is_given = draft.get(&path).is_some();
        if value.is_some() || has_parent || is_given {
            put(&mut fields, &path, value);
        }
    }
    Ok(fields)
}

/// What Go writes for a row that nothing has set.
fn zero_of(context: Context, row: &Row) -> Value {
    if row.join.is_some() { Value::from("") } else { value::zero(context, &row.kind) }
}

/// The rows of a body, with the values of its line.
fn rows(body: &Body) -> impl Iterator<Item = &Row> {
    let unknown = match &body.unknown {
        Unknown::Row(row) => Some(&**row),
        _ => None,
    };
    body.rows.iter().chain(&body.args).chain(unknown).filter(|row| !row.to.is_empty() && row.refuse.is_none())
}

/// The word that sets a key.
fn word_of<'a>(body: &'a Body, key: &'a str) -> &'a str {
    let row = body.rows.iter().find(|row| row.to == key);
    row.and_then(|row| row.words.first()).map_or(key, |word| word.as_str())
}

/// The paths in the order of their keys.
fn order(body: &Body, draft: &Draft) -> Vec<EcoString> {
    let mut all: Vec<EcoString> = Vec::new();
    let mut add = |path: &EcoString| {
        if !all.contains(path) {
            all.push(path.clone());
        }
    };
    let named = |key: &EcoString| {
        let prefix = format!("{key}/");
        draft
            .iter()
            .map(|(path, _)| path.clone())
            .filter(move |path| path.starts_with(&prefix))
            .collect::<Vec<_>>()
    };
    for key in &body.keys {
        add(key);
        named(key).iter().for_each(&mut add);
    }
    let firsts: Vec<EcoString> = body
        .args
        .iter()
        .filter(|arg| !arg.to.is_empty() && !body.rows.iter().any(|row| row.to == arg.to))
        .map(|arg| arg.to.clone())
        .collect();
    firsts.iter().for_each(&mut add);
    rows(body).for_each(|row| add(&row.to));
    body.start.iter().chain(&body.finally).for_each(|(path, _)| add(path));
    body.start_env.iter().for_each(|(path, _)| add(path));
    draft.iter().for_each(|(path, _)| add(path));
    if let Always::Keys(keys) = &body.always {
        keys.iter().for_each(&mut add);
    }
    all
}

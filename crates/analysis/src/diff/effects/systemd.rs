//! The systemd drop-in: settings that differ, comments and order aside.

use std::collections::BTreeMap;

use super::super::message::{Message, Values};
use super::super::report::{Change, Effect, EffectKind, Place};
use super::super::side::Side;
use caddyctl_language::source::variables::Mode;

/// Each setting, as `Section.Name`, with its values and its line.
fn settings(text: &str) -> BTreeMap<String, (Vec<String>, usize)> {
    let mut section = String::new();
    let mut settings: BTreeMap<String, (Vec<String>, usize)> = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.clone_into(&mut section);
        } else if !line.starts_with(['#', ';'])
            && let Some((name, value)) = line.split_once('=')
        {
            let entry =
                settings.entry(format!("{section}.{}", name.trim())).or_insert((Vec::new(), index + 1));
            entry.0.push(value.trim().to_owned());
        }
    }
    settings
}

/// The settings of the drop-in that differ.
pub(crate) fn systemd(old: &Side, new: &Side) -> Vec<Effect> {
    let empty = (String::new(), String::new());
    if old.drop_in.is_none() && new.drop_in.is_none() {
        return Vec::new();
    }
    let (old_file, old_text) = old.drop_in.as_ref().unwrap_or(&empty);
    let (new_file, new_text) = new.drop_in.as_ref().unwrap_or(&empty);
    let (before, after) = (settings(old_text), settings(new_text));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    let mut effects = Vec::new();
    for name in names {
        let (was, is) = (before.get(name), after.get(name));
        if was.map(|w| &w.0) == is.map(|i| &i.0) {
            continue;
        }
        // Environment lines of a unit often hold tokens.
        let words = |values: &(Vec<String>, usize)| {
            if name.ends_with(".Environment") { "<hidden>".to_owned() } else { values.0.join(" ") }
        };
        let (change, message) = match (was, is) {
            (None, Some(is)) => (Change::Added, format!("drop-in: {name}={} added", words(is)).into()),
            (Some(was), None) => (Change::Removed, format!("drop-in: {name}={} removed", words(was)).into()),
            (Some(was), Some(is)) => {
                let (what, values) = (format!("drop-in: {name}"), Values::Other(words(was), words(is)));
                (Change::Changed, Message::Changed(what, values, Mode::Sentence))
            }
            (None, None) => continue,
        };
        let mut effect = super::effect(EffectKind::Systemd, change, name, message);
        effect.needs = Some("systemctl daemon-reload".to_owned());
        let place = |file: &str, line: usize| Place { file: file.to_owned(), line, column: 1 };
        effect.old_place = was.map(|(_, line)| place(old_file, *line));
        effect.new_place = is.map(|(_, line)| place(new_file, *line));
        effects.push(effect);
    }
    effects
}

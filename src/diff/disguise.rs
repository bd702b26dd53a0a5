//! A comparison in which values of the environment are the names of their variables. The values themselves were compared.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::report::{Field, Place, Report};
use super::side::Side;
use super::units::Units;
use crate::routes::server::escape;
use crate::routes::variables;
use crate::source::secrets;
use crate::source::variables::{At, Variables};

/// What is said of a variable that has another value on the other side.
const CHANGED: &str = " (its value changed)";

/// The variables of both sides, and the names of their sites.
pub struct Disguise {
    old: Variables,
    new: Variables,
    /// Sites as they are shown, by their names; of a name with blanks also by its first word.
    sites: HashMap<String, String>,
}

impl Disguise {
    /// What has to be disguised of two sides.
    pub fn new(old: &Side, new: &Side, units: [&Units; 2]) -> Self {
        let mut all =
            Self { old: variables(&old.sources), new: variables(&new.sources), sites: HashMap::new() };
        if all.is_empty() {
            return all;
        }
        for unit in units.iter().flat_map(|units| units.sites.values()) {
            let mut site = unit.site.clone();
            for variables in [&all.new, &all.old] {
                if site == unit.site {
                    (site.host, site.address) = variables.site(&site.host, &site.address);
                }
            }
            let (name, shown) = (unit.site.to_string(), site.to_string());
            if name != shown {
                if let (Some((first, _)), Some((shown, _))) = (name.split_once(' '), shown.split_once(' ')) {
                    all.sites.entry(first.to_owned()).or_insert_with(|| shown.to_owned());
                }
                all.sites.insert(name, shown);
            }
        }
        all
    }

    fn is_empty(&self) -> bool {
        self.old.is_empty() && self.new.is_empty()
    }

    /// The variables in a text that is about these places.
    fn text(&self, text: &str, places: [Option<&Place>; 2]) -> String {
        let at = |place: Option<&Place>| place.map(|place| (place.file.clone(), place.line));
        let (old, new) = (at(places[0]), at(places[1]));
        let at =
            |place: &Option<(String, usize)>| -> Vec<(String, usize)> { place.iter().cloned().collect() };
        let hide = |variables: &Variables, text: &str, place: Vec<(String, usize)>| {
            let places: Vec<At> = place.iter().map(|(file, line)| (file.as_str(), *line)).collect();
            // What one side says at a place of the other is about no variable of its own there.
            if places.is_empty() && (old.is_some() || new.is_some()) {
                return variables.hide_distinct(text);
            }
            variables.hide(text, &places)
        };
        let text = self.named(text);
        let text = hide(&self.new, &text, at(&new));
        hide(&self.old, &text, at(&old))
    }

    /// `text` with the names of sites as their addresses are written.
    fn named(&self, text: &str) -> String {
        if let Some(shown) = self.sites.get(text) {
            return shown.clone();
        }
        let words = text.split(' ').map(|word| {
            let name = word.trim_end_matches([',', ':', ';', ')']);
            match self.sites.get(name) {
                Some(shown) => format!("{shown}{}", &word[name.len()..]),
                None => word.to_owned(),
            }
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// Both values of a pair. Where only the value of a variable is another, the new one says so; a side without a text
    /// has no variables, so that its value is shown by what the other has there.
    fn pair(&self, old: &mut Option<String>, new: &mut Option<String>, places: [Option<&Place>; 2]) {
        let before = (old.clone(), new.clone());
        for text in [&mut *old, &mut *new] {
            *text = text.as_deref().map(|text| self.text(text, places));
        }
        let (Some(was), Some(is)) = (old.as_mut(), new.as_mut()) else { return };
        if was != is && self.old.is_empty() {
            fit(was, is);
        }
        if was != is && self.new.is_empty() {
            fit(is, was);
        }
        if was == is && before.0 != before.1 {
            is.push_str(CHANGED);
        }
    }

    /// Disguises all that a report says.
    pub fn apply(&self, report: &mut Report) {
        if self.is_empty() {
            return;
        }
        let some = |text: &mut Option<String>, places: [Option<&Place>; 2]| {
            *text = text.as_deref().map(|text| self.text(text, places));
        };
        // What is said of other routes stands elsewhere.
        let wide = |text: &mut Option<String>, places: [Option<&Place>; 2]| {
            let near = text.as_deref().map(|text| self.text(text, places));
            *text = near.map(|text| self.old.hide(&self.new.hide(&text, &[]), &[]));
        };
        for effect in &mut report.effects {
            let (old, new) = (effect.old_place.clone(), effect.new_place.clone());
            let places = [old.as_ref(), new.as_ref()];
            let message = self.text(&effect.message, places);
            effect.message = match halves(&message) {
                Some(what) if message != effect.message => format!("{what}{CHANGED}"),
                _ => message,
            };
            effect.subject = self.text(&effect.subject, places);
            some(&mut effect.needs, places);
            effect.sites.iter_mut().for_each(|site| *site = self.text(site, places));
        }
        for route in &mut report.routes {
            let (old, new) = (route.old_place.clone(), route.new_place.clone());
            let places = [old.as_ref(), new.as_ref()];
            route.sites.iter_mut().for_each(|site| *site = self.text(site, places));
            route.matchers = self.text(&route.matchers, places);
            let same = route.old == route.new;
            self.pair(&mut route.old, &mut route.new, places);
            if same {
                route.new.clone_from(&route.old);
            }
            some(&mut route.old_matchers, places);
            wide(&mut route.instead, places);
            wide(&mut route.note, places);
            for Field { name, old, new } in &mut route.fields {
                *name = self.text(name, places);
                self.pair(old, new, places);
            }
        }
        for header in &mut report.headers {
            let (old, new) = (header.old_place.clone(), header.new_place.clone());
            let places = [old.as_ref(), new.as_ref()];
            header.sites.iter_mut().for_each(|site| *site = self.text(site, places));
            header.matchers = self.text(&header.matchers, places);
            header.name = self.text(&header.name, places);
            self.pair(&mut header.old, &mut header.new, places);
            wide(&mut header.note, places);
        }
    }
}

/// Makes `plain` what `shown` is, where they are the same outside of variables.
fn fit(plain: &mut String, shown: &str) {
    let (Some(open), Some(close)) = (shown.find("{$"), shown.rfind('}')) else { return };
    let (before, behind) = (&shown[..open], &shown[close + 1..]);
    if plain.len() >= before.len() + behind.len() && plain.starts_with(before) && plain.ends_with(behind) {
        shown.clone_into(plain);
    }
}

/// What a sentence says that turns a value into itself, once both are names: `x: {$A} -> {$A}`.
fn halves(message: &str) -> Option<&str> {
    let (before, after) = message.split_once(" -> ")?;
    let value = before.rsplit(' ').next()?;
    (value == after && value.contains("{$")).then_some(before)
}

/// The configuration of a side without secrets, and with the names of variables where their values stand. Keys stay, so that
/// it has the same lines.
pub fn shown(side: &Side) -> Value {
    let variables = variables(&side.sources);
    let hidden = secrets::hide_value("", &side.whole());
    if variables.is_empty() { hidden } else { Walk { side, variables: &variables }.value(&hidden, "", &[]) }
}

/// The line of an indented configuration, whose keys may be values of variables.
pub fn line(variables: &Variables, line: &str) -> String {
    variables.hide_distinct(line)
}

/// The texts and numbers of a side's configuration that come from variables.
pub fn from_variables(side: &Side) -> BTreeSet<String> {
    let variables = variables(&side.sources);
    let mut found = BTreeSet::new();
    if !variables.is_empty() {
        let whole = side.whole();
        let shown = Walk { side, variables: &variables }.value(&whole, "", &[]);
        differing(&whole, &shown, &mut found);
        keys(&whole, &mut |key| {
            if variables.hide_distinct(key) != key {
                found.insert(key.to_owned());
            }
        });
    }
    found
}

fn differing(real: &Value, shown: &Value, found: &mut BTreeSet<String>) {
    match (real, shown) {
        (Value::Array(a), Value::Array(b)) => a.iter().zip(b).for_each(|(a, b)| differing(a, b, found)),
        (Value::Object(a), Value::Object(b)) => {
            a.values().zip(b.values()).for_each(|(a, b)| differing(a, b, found));
        }
        (Value::String(a), b) if real != b => drop(found.insert(a.clone())),
        (a, b) if a != b => drop(found.insert(a.to_string())),
        _ => {}
    }
}

fn keys(value: &Value, each: &mut impl FnMut(&str)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| keys(item, each)),
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            each(key);
            keys(value, each);
        }),
        _ => {}
    }
}

/// The way down through a configuration.
struct Walk<'a> {
    side: &'a Side,
    variables: &'a Variables,
}

impl Walk<'_> {
    fn value(&self, value: &Value, pointer: &str, around: &[Place]) -> Value {
        // Only routes and handlers know where they were written.
        let parent = pointer.rsplit('/').nth(1).unwrap_or("");
        let own = matches!(parent, "routes" | "handle" | "named_routes")
            .then(|| self.side.place_of(pointer))
            .flatten();
        let places: Vec<Place> = own.map_or_else(|| around.to_vec(), |place| vec![place]);
        let at: Vec<At> = places.iter().map(|place| (place.file.as_str(), place.line)).collect();
        match value {
            Value::String(text) => self.variables.hide(text, &at).into(),
            Value::Number(number) => {
                let text = number.to_string();
                let shown = self.variables.hide(&text, &at);
                if shown == text { value.clone() } else { shown.into() }
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items.map(|(at, item)| self.value(item, &format!("{pointer}/{at}"), &places)).collect()
            }
            Value::Object(fields) => {
                let below = |key: &str| format!("{pointer}/{}", escape(key));
                fields
                    .iter()
                    .map(|(key, value)| (key.clone(), self.value(value, &below(key), &places)))
                    .collect()
            }
            other => other.clone(),
        }
    }
}

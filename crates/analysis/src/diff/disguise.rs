//! A comparison in which values of the environment are the names of their variables. The values themselves were compared.

use std::collections::HashMap;

use super::described::Described;
use super::message::{CHANGED, Message};
use super::report::{AccessKind, Effect, EffectKind, Field, Place, Report};
use super::side::Side;
use super::units::Units;
use crate::routes::variables;
use caddyctl_language::source::variables::{At, Mode, Variables};

/// The variables of both sides, and the names of their sites.
pub(crate) struct Disguise {
    old: Variables,
    new: Variables,
    /// Handlers and matchers of both sides in words.
    described: [Described; 2],
    /// Sites as they are shown, by their names; of a name with blanks also by its first word.
    sites: HashMap<String, String>,
}

impl Disguise {
    /// What has to be disguised of two sides.
    pub(crate) fn new(old: &Side, new: &Side, units: [&Units; 2]) -> Self {
        let mut all = Self {
            old: variables(&old.sources),
            new: variables(&new.sources),
            described: [Described::default(), Described::default()],
            sites: HashMap::new(),
        };
        if all.is_empty() {
            return all;
        }
        all.described = [Described::of(old, units[0], &all.old), Described::of(new, units[1], &all.new)];
        for unit in units.iter().flat_map(|units| units.sites.values()) {
            let mut site = unit.site.clone();
            for variables in [&all.new, &all.old] {
                if site == unit.site {
                    (site.host, site.address) = variables.site(&site.host, &site.address);
                }
            }
            if site.host != unit.site.host {
                all.sites.insert(unit.site.host.clone(), site.host.clone());
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
    fn text(&self, text: &str, places: [Option<&Place>; 2], mode: Mode) -> String {
        let hide = |variables: &Variables, text: &str, own: Option<&Place>, other: Option<&Place>| {
            let place: Option<At> = own.map(|place| (place.file.as_str(), place.line));
            // What one side says at a place of the other is about no variable of its own there.
            if place.is_none() && other.is_some() {
                return variables.hide_distinct(text, mode);
            }
            variables.hide_as(text, place.as_slice(), mode)
        };
        let [old, new] = places;
        let text = hide(&self.new, text, new, old);
        hide(&self.old, &text, old, new)
    }

    /// The same of a sentence that may name sites.
    fn sentence(&self, text: &str, places: [Option<&Place>; 2]) -> String {
        self.text(&self.named(text), places, Mode::Sentence)
    }

    /// Handlers or matchers in words, as one side or both have them at these places.
    fn route(&self, text: &str, places: [Option<&Place>; 2]) -> String {
        let known = [1, 0].into_iter().find_map(|side| self.described[side].at(text, places[side]?));
        match known {
            Some(shown) => shown.to_owned(),
            None => self.text(text, places, Mode::Sentence),
        }
    }

    /// What is reported about other routes, which are elsewhere.
    fn note(&self, text: &str, places: [Option<&Place>; 2]) -> String {
        let text = self.described[0].within(&self.described[1].within(text));
        let near = self.text(&text, places, Mode::Sentence);
        self.text(&near, [None, None], Mode::Sentence)
    }

    /// `text` with the names of sites as their addresses are written.
    fn named(&self, text: &str) -> String {
        if let Some(shown) = self.sites.get(text) {
            return shown.clone();
        }
        let mut before = "";
        let words = text.split(' ').map(|word| {
            let name = word.trim_end_matches([',', ':', ';', ')']);
            let is_name = !Mode::Sentence.may_say(name) || leads_to_name(before);
            before = word;
            match self.sites.get(name).filter(|_| is_name) {
                Some(shown) => format!("{shown}{}", &word[name.len()..]),
                None => word.to_owned(),
            }
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// Both values of a pair. Where only the value of a variable is another, the new one says so; a side without a text
    /// has no variables, so that its value is shown by what the other has there.
    fn pair(&self, old: &mut Option<String>, new: &mut Option<String>, show: &dyn Fn(&str) -> String) {
        let before = (old.clone(), new.clone());
        for text in [&mut *old, &mut *new] {
            *text = text.as_deref().map(show);
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

    /// The name of a setting: what Caddy calls it, and what somebody chose on the way to it.
    fn setting(&self, name: &str, places: [Option<&Place>; 2]) -> String {
        // What Caddy calls a setting is a word of its own: `filename`.
        let is_caddys = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let distinct = |variables: &Variables, name: &str| variables.hide_distinct(name, Mode::Sentence);
        let name = if name.split('.').all(is_caddys) {
            name.to_owned()
        } else {
            distinct(&self.old, &distinct(&self.new, name))
        };
        let parts = name.split('.').map(|part| {
            if part.contains("{$") || Mode::Sentence.may_say(part) {
                return part.to_owned();
            }
            self.text(part, places, if is_caddys(part) { Mode::Sentence } else { Mode::Value })
        });
        let mut parts: Vec<String> = parts.collect();
        parts.dedup_by(|next, last| next == last && next.starts_with("{$"));
        parts.join(".")
    }

    /// What is done to a header: a verb, and values behind it.
    fn operation(&self, text: &str, places: [Option<&Place>; 2]) -> String {
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        let end = [" (deferred)", " when absent"].iter().filter_map(|end| rest.find(end)).min();
        let (value, end) = rest.split_at(end.unwrap_or(rest.len()));
        match verb {
            "set" | "add" | "replace" => format!("{verb} {}{end}", self.text(value, places, Mode::Value)),
            _ => self.text(text, places, Mode::Sentence),
        }
    }

    /// Disguises all that a report says.
    pub(crate) fn apply(&self, report: &mut Report) {
        if self.is_empty() {
            return;
        }
        for effect in &mut report.effects {
            let (old, new) = (effect.old_place.clone(), effect.new_place.clone());
            let places = [old.as_ref(), new.as_ref()];
            effect.message = self.effect(effect, places);
            effect.subject = match &effect.message {
                Message::Option(name, _) => name.clone(),
                _ => self.sentence(&effect.subject, places),
            };
            effect.needs = effect.needs.as_deref().map(|text| self.sentence(text, places));
            effect.sites.iter_mut().for_each(|site| *site = self.sentence(site, places));
        }
        for access in &mut report.access {
            if access.kind != AccessKind::ClientAuth {
                continue;
            }
            let (old, new) = (access.route.old_place.clone(), access.route.new_place.clone());
            let places = [old.as_ref(), new.as_ref()];
            // The mode is a value, whatever word it is.
            for mode in [&mut access.route.old, &mut access.route.new].into_iter().flatten() {
                if let Some((name, value)) = mode.split_once(' ') {
                    *mode = format!("{name} {}", self.text(value, places, Mode::Value));
                }
            }
        }
        let access = report.access.iter_mut().map(|access| &mut access.route);
        for route in access.chain(&mut report.routes) {
            let (old, new) = (route.old_place.clone(), route.new_place.clone());
            let places = [old.as_ref(), new.as_ref()];
            route.sites.iter_mut().for_each(|site| *site = self.site(site, places));
            route.matchers = self.route(&route.matchers, places);
            let same = route.old == route.new;
            self.pair(&mut route.old, &mut route.new, &|text| self.route(text, places));
            if same {
                route.new.clone_from(&route.old);
            }
            route.old_matchers = route.old_matchers.as_deref().map(|text| self.route(text, places));
            route.instead = route.instead.as_deref().map(|text| self.note(text, places));
            route.note = route.note.as_deref().map(|text| self.note(text, places));
            for Field { name, old, new } in &mut route.fields {
                *name = self.setting(name, places);
                self.pair(old, new, &|text| self.text(text, places, Mode::Value));
            }
        }
        for header in &mut report.headers {
            let (old, new) = (header.old_place.clone(), header.new_place.clone());
            let places = [old.as_ref(), new.as_ref()];
            header.sites.iter_mut().for_each(|site| *site = self.site(site, places));
            header.matchers = self.route(&header.matchers, places);
            header.name = self.text(&header.name, places, Mode::Value);
            self.pair(&mut header.old, &mut header.new, &|text| self.operation(text, places));
            header.note = header.note.as_deref().map(|text| self.note(text, places));
        }
    }

    /// A site, perhaps with the matchers of what is reported about it.
    fn site(&self, text: &str, places: [Option<&Place>; 2]) -> String {
        match text.split_once(' ') {
            Some((site, matchers)) if !matchers.starts_with('(') => {
                format!("{} {}", self.sentence(site, places), self.note(matchers, places))
            }
            _ => self.sentence(text, places),
        }
    }

    /// The message of an effect.
    fn effect(&self, effect: &Effect, places: [Option<&Place>; 2]) -> Message {
        let value = |text: &str| self.text(text, places, Mode::Value);
        let sentence = |text: &str| self.sentence(text, places);
        match &effect.message {
            Message::Sentence(text) if effect.kind == EffectKind::Streams => {
                Message::Sentence(sentence(&self.described[0].within(text)))
            }
            Message::Sentence(text) => Message::Sentence(sentence(text)),
            Message::Option(name, values) => Message::Option(self.setting(name, places), values.map(value)),
            Message::Changed(what, values, Mode::Value) => {
                Message::Changed(sentence(what), values.map(value), Mode::Value)
            }
            Message::Changed(what, values, mode) => {
                Message::Changed(sentence(what), values.map(sentence), *mode)
            }
        }
    }
}

/// Whether the name of a site comes after this word in a sentence.
fn leads_to_name(word: &str) -> bool {
    matches!(word, "site" | "now" | "to" | "of" | "and") || word.ends_with([';', ':', ','])
}

/// Makes `plain` what `shown` is, where they are the same outside of variables.
fn fit(plain: &mut String, shown: &str) {
    let (Some(open), Some(close)) = (shown.find("{$"), shown.rfind('}')) else { return };
    let (before, behind) = (&shown[..open], &shown[close + 1..]);
    if plain.len() >= before.len() + behind.len() && plain.starts_with(before) && plain.ends_with(behind) {
        shown.clone_into(plain);
    }
}

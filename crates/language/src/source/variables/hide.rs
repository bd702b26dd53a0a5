//! Texts of reports with the names of variables where their values stand.

use std::collections::HashSet;

use super::ours::{COMMON, Mode};
use super::replace::{Kind, Pieces};
use super::scope::Scope;
use super::{At, Use, Variables};

/// What stands for the content of a file outside the project.
const OUTSIDE: &str = "<outside the project>";

/// What is looked for, what stands for it, and how.
type Wanted<'v> = (&'v str, &'v str, Kind);

/// The lines of a value that has several, as a report may show them one by one.
fn lines(value: &str) -> impl Iterator<Item = &str> {
    let all = value.lines().map(str::trim).filter(|line| line.len() > 3);
    all.take(if value.contains('\n') { usize::MAX } else { 0 })
}

/// How `text` is looked for where it may stand anywhere, or only as a word.
fn kind(text: &str, mode: Mode, anywhere: bool) -> Kind {
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if mode.may_say(text) {
        Kind::Joined
    } else if anywhere && !(is_word && mode != Mode::Value) {
        Kind::Anywhere
    } else {
        Kind::Word
    }
}

/// Whether a part of a value says something of it. Short numbers are parts of many addresses.
fn names_something(part: &str) -> bool {
    let is_number = part.chars().all(|c| !c.is_alphabetic());
    part.len() > 1 && !COMMON.contains(&part) && !(is_number && part.len() < 4)
}

/// Whether what a text has in common with a value by chance may be a piece of the value.
fn gives_away(found: &str, mode: Mode) -> bool {
    let words = found.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_common = words.into_iter().all(|word| COMMON.contains(&word));
    let letters = found.chars().filter(|c| c.is_alphanumeric()).count();
    let is_prose = found.chars().all(|c| c.is_alphabetic() || c.is_whitespace());
    letters > 3 && !is_common && !(is_prose && mode != Mode::Value)
}

impl Variables {
    /// `text`, a value of a configuration that is reported about `places`, with the names of variables for their values.
    /// Without a place it may be about any.
    pub fn hide(&self, text: &str, places: &[At]) -> String {
        self.hide_as(text, places, Mode::Value)
    }

    /// A name that was chosen for a setting, such as that of a header. One that is written at its place stays.
    pub fn hide_name(&self, name: &str, places: &[At]) -> String {
        if !self.uses.is_empty() && Scope::of(self, places).writes(name) {
            return name.to_owned();
        }
        self.hide(name, places)
    }

    /// The same of a message, which quotes what it shows.
    pub(crate) fn hide_message(&self, text: &str, places: &[At]) -> String {
        if self.is_empty() {
            return text.to_owned();
        }
        let parts = text.split('`').enumerate();
        let parts = parts.map(|(number, part)| {
            self.hide_as(part, places, if number % 2 == 0 { Mode::Message } else { Mode::Value })
        });
        parts.collect::<Vec<_>>().join("`")
    }

    /// `text`, reported about `places`, with the names of variables for their values.
    pub fn hide_as(&self, text: &str, places: &[At], mode: Mode) -> String {
        if self.is_empty() || text.is_empty() {
            return text.to_owned();
        }
        if places.is_empty() {
            return self.hide_unwritten(text, mode);
        }
        let scope = Scope::of(self, places);
        let mut pieces = self.pieces(text);
        let candidates = self.candidates(text);
        let (near, mut wanted) = self.near(&scope, &candidates, mode);
        wanted.extend(self.far(&candidates, mode));
        // Longer texts first: a word before the value in it.
        wanted.sort_by_key(|(from, ..)| std::cmp::Reverse(from.len()));
        wanted.dedup();
        // A word that is written in full there is no short value with something around it: `X-E`, and not `X-{$E}`.
        let short = |word: &str| near.iter().any(|one| one.value.len() < 4 && word.len() > one.value.len());
        pieces.keep(&|word| {
            short(word) && scope.words.contains(word) && !near.iter().any(|one| one.word == word)
        });
        self.keep_placeholders(&mut pieces, &near, &candidates);
        for (from, to, kind) in wanted {
            pieces.replace(from, to, kind);
        }
        // Where a file itself writes a beginning and an ellipsis, nothing was cut, and the answer would show whether the
        // beginning is that of the value.
        let is_written = |text: &str| self.writes(text);
        for one in near {
            pieces.replace_parts(&one.value, &one.shown, &|part| {
                !mode.may_say(part)
                    && (names_something(part) && !scope.writes(part) || self.is_distinct(part))
            });
            pieces.replace_grams(&one.value, &one.shown, &|part| {
                gives_away(part, mode) && !scope.written.contains(part.trim())
            });
            pieces.replace_cut(&one.value, &one.shown, &is_written);
            pieces.replace_cut(&one.word, &one.word_shown, &is_written);
        }
        for number in candidates.iter().filter(|number| self.uses[**number].is_distinct) {
            let one = &self.uses[*number];
            pieces.replace_parts(&one.value, &one.shown, &|part| {
                part.len() > 5 && !mode.may_say(part) && self.is_distinct(part)
            });
            pieces.replace_cut(&one.value, &one.shown, &is_written);
        }
        pieces.finish()
    }

    /// The uses of those that are looked for everywhere that `text` may show.
    fn candidates(&self, text: &str) -> Vec<usize> {
        if text.contains('…') {
            // A beginning may be all that is left of a value.
            let all = self.distinct.iter().chain(&self.unwritten).chain(&self.shared);
            let mut all: Vec<usize> = all.copied().collect();
            all.sort_unstable();
            all.dedup();
            return all;
        }
        self.index.candidates(text)
    }

    /// The text without what comes from files outside the project.
    fn pieces(&self, text: &str) -> Pieces {
        let mut pieces = Pieces::new(text, &self.shown);
        for kept in &self.kept_back {
            pieces.replace(kept, OUTSIDE, Kind::Anywhere);
            pieces.replace_cut(kept, OUTSIDE, &|_| false);
        }
        pieces
    }

    /// The uses that have a say in `scope`, and what is looked for of them.
    fn near(&self, scope: &Scope, candidates: &[usize], mode: Mode) -> (Vec<&Use>, Vec<Wanted<'_>>) {
        let mut wanted: Vec<Wanted> = Vec::new();
        let mut near: Vec<&Use> = Vec::new();
        let is_candidate =
            |number: &&usize| self.uses[**number].value.len() < 3 || candidates.binary_search(number).is_ok();
        for number in scope.uses.iter().chain(self.shared.iter().filter(is_candidate)) {
            let one = &self.uses[*number];
            let is_near = scope.uses.binary_search(number).is_ok();
            if !is_near && scope.writes(&one.value) {
                continue;
            }
            near.push(one);
            let word = |text| if mode.may_say(text) { Kind::Joined } else { Kind::Word };
            wanted.push((&one.word, &one.word_shown, word(&one.word)));
            wanted.push((&one.value, &one.shown, kind(&one.value, mode, is_near && one.value.len() > 3)));
            let forms = one.forms.iter().filter(|form| !scope.writes(form));
            wanted.extend(forms.map(|form| (form.as_str(), one.shown.as_str(), word(form))));
        }
        let mut known = HashSet::new();
        near.retain(|one| known.insert((&one.shown, &one.value, &one.word)));
        (near, wanted)
    }

    /// What is looked for wherever a text is about.
    fn far<'v>(&'v self, candidates: &'v [usize], mode: Mode) -> impl Iterator<Item = Wanted<'v>> {
        let uses = candidates.iter().map(|number| &self.uses[*number]);
        let distinct = uses.clone().filter(|one| one.is_distinct).flat_map(move |one| {
            let forms = one.far.iter().filter(|(form, is_distinct)| form.len() > 5 && *is_distinct);
            let forms =
                forms.map(move |(form, _)| (form.as_str(), one.shown.as_str(), kind(form, mode, false)));
            let lines = lines(&one.value).map(|line| (line, one.shown.as_str(), Kind::Anywhere));
            let value = (one.value.as_str(), one.shown.as_str(), kind(&one.value, mode, true));
            std::iter::once(value).chain(lines).chain(forms)
        });
        let unwritten = uses.filter(|one| one.is_unwritten).flat_map(move |one| {
            let forms = one.far.iter().map(|(form, _)| form);
            let texts = std::iter::once(&one.value).chain(forms);
            let is_short = |text: &str| text.len() < 4 && text.bytes().all(|byte| byte.is_ascii_digit());
            let texts = texts.filter(move |text| !is_short(text) && !COMMON.contains(&text.as_str()));
            texts.map(move |text| (text.as_str(), one.shown.as_str(), kind(text, mode, false)))
        });
        distinct.chain(unwritten)
    }

    /// Keeps Caddy's placeholders as they are: `{path}` has nothing of a value `path`. What a value itself puts between
    /// braces is part of it.
    fn keep_placeholders(&self, pieces: &mut Pieces, near: &[&Use], candidates: &[usize]) {
        let may_name = |one: &Use, name: &str| {
            let whole = format!("{{{name}}}");
            one.value.contains(&whole)
                || one.forms.iter().any(|form| form.contains(&whole))
                || (!super::ours::is_ours(&one.value)
                    && name.to_lowercase().contains(&one.value.to_lowercase()))
                || one.word_shown.replace(&one.shown, "").contains('{')
        };
        let distinct = candidates.iter().map(|number| &self.uses[*number]).filter(|one| one.is_distinct);
        let distinct: Vec<String> = distinct.map(|one| one.value.to_lowercase()).collect();
        pieces.keep_placeholders(&|name| {
            let lower = name.to_lowercase();
            !near.iter().any(|one| may_name(one, name)) && !distinct.iter().any(|value| lower.contains(value))
        });
    }

    /// `text`, which may be about any directive: only what is written nowhere can be recognized.
    pub(super) fn hide_unwritten(&self, text: &str, mode: Mode) -> String {
        let mut pieces = self.pieces(text);
        let candidates = self.candidates(text);
        let uses = candidates.iter().map(|number| &self.uses[*number]);
        let mut uses: Vec<&Use> = uses.filter(|one| one.is_unwritten || one.is_distinct).collect();
        uses.sort_by_key(|one| std::cmp::Reverse(one.value.len()));
        for one in &uses {
            pieces.replace(&one.value, &one.shown, kind(&one.value, mode, one.value.len() > 3));
            for (form, _) in &one.far {
                pieces.replace(form, &one.shown, kind(form, mode, false));
            }
        }
        for one in uses {
            pieces.replace_parts(&one.value, &one.shown, &|part| {
                part.len() > 3 && !mode.may_say(part) && self.is_distinct(part)
            });
            pieces.replace_cut(&one.value, &one.shown, &|text: &str| self.writes(text));
        }
        pieces.finish()
    }

    /// `text` with those values as names that differ from everything that the files write.
    pub fn hide_distinct(&self, text: &str, mode: Mode) -> String {
        let candidates = self.candidates(text);
        let mut pieces = self.pieces(text);
        for number in candidates.iter().filter(|number| self.uses[**number].is_distinct) {
            let one = &self.uses[*number];
            pieces.replace(&one.value, &one.shown, kind(&one.value, mode, true));
            pieces.replace_parts(&one.value, &one.shown, &|part| {
                part.len() > 5 && !mode.may_say(part) && self.is_distinct(part)
            });
        }
        pieces.finish()
    }
}

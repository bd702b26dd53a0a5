//! Values of the environment in reports: what came from `{$NAME}` is shown as `{$NAME}`.
//!
//! Configurations are compiled and compared with the real values, and the words of a report are disguised at the end. Where
//! a value begins and ends is known in the text, so that a short or common one (`443`, `on`) is only looked for in what was
//! reported about the directive that it is in; one that the files do not write anywhere is looked for everywhere.

mod fold;
mod forms;
mod hide;
mod index;
mod ours;
mod outline;
mod replace;
mod scope;
mod sites;

use std::collections::{HashMap, HashSet};

use super::Sources;
pub use ours::Mode;

use ours::COMMON;
use outline::Outline;

/// A location that something is reported about: the name of the file as people know it, and the line, from 1.
pub type At<'a> = (&'a str, usize);

/// Where a variable stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    /// In the address of a site.
    Address,
    /// In a named matcher, or in what an import hands over: it may have a say anywhere.
    Shared,
    /// In one directive.
    Directive,
}

/// A `{$NAME}` that the environment filled in.
#[derive(Clone, Debug)]
struct Use {
    file: usize,
    line: usize,
    part: Part,
    /// `{$NAME}`.
    shown: String,
    value: String,
    /// The word around it, with all values and as written.
    word: String,
    word_shown: String,
    /// What else stands for it in reports: a duration in other units, a number of bytes, the addresses in it.
    forms: Vec<String>,
    /// Those of them that the files write nowhere, and whether they differ from everything.
    far: Vec<(String, bool)>,
    /// Whether the value differs from everything that the files write.
    is_distinct: bool,
    /// Whether it has three letters or more, and the files write it nowhere.
    is_unwritten: bool,
}

/// The variables of a Caddyfile and what it imports.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    uses: Vec<Use>,
    /// `{$NAME}` of each of them.
    shown: HashSet<String>,
    /// One use for each distinct value, whose values are looked for everywhere.
    distinct: Vec<usize>,
    /// Uses that may have a say anywhere.
    shared: Vec<usize>,
    /// One use for each value of three letters and more that the files write nowhere.
    unwritten: Vec<usize>,
    /// Uses in addresses of sites, by the host that they make, each with the number of that address in its word.
    by_host: HashMap<String, Vec<(usize, usize)>>,
    names: Vec<String>,
    outlines: Vec<Outline>,
    /// What the files write outside of variables, in lower case.
    written: String,
    /// Pieces of it.
    pieces: index::Pieces,
    /// Which uses of those that are looked for everywhere a text may show.
    index: index::Index,
    /// What comes from files outside the project.
    kept_back: Vec<String>,
}

impl Variables {
    /// Those of `sources`. `spell` gives other spellings that a report may have for a value.
    pub fn of(sources: &Sources, spell: &dyn Fn(&str) -> Vec<String>) -> Self {
        let is_used = |file: &super::SourceFile| file.replaced().iter().any(outline::is_hidden);
        let mut all = Self { kept_back: sources.kept_back().to_vec(), ..Self::default() };
        if !sources.iter().any(|(_, file)| is_used(file)) {
            return all;
        }
        let mut seen = HashSet::new();
        for (number, (_, file)) in sources.iter().enumerate() {
            let outline = Outline::of(file.text());
            let mut at = 0;
            for one in file.replaced() {
                all.written += &file.text()[at..one.written.start].to_lowercase();
                all.written.push('\u{0}');
                at = one.written.end;
            }
            all.written += &file.text()[at..].to_lowercase();
            for one in file.replaced().iter().filter(|one| outline::is_hidden(one)) {
                let value = file.parsed_text()[one.value.clone()].trim().to_owned();
                let line = file.position(one.written.start).line;
                let part = outline.part(line);
                let (word, word_shown) = outline::word(file, one);
                let key = (number, line, part, one.name.clone(), word.clone());
                if value.is_empty() || !seen.insert(key) {
                    continue;
                }
                let spelled = forms::items(&value).filter(|item| *item != value).flat_map(spell);
                let forms = spell(&value).into_iter().chain(spelled).chain(forms::forms(&value));
                let mut forms: Vec<String> = forms.collect();
                forms.retain(|form| *form != value && !COMMON.contains(&form.as_str()));
                forms.sort_unstable();
                forms.dedup();
                let shown = format!("{{${}}}", one.name);
                all.shown.insert(shown.clone());
                all.uses.push(Use {
                    file: number,
                    line,
                    part,
                    shown,
                    value,
                    word,
                    word_shown,
                    forms,
                    far: Vec::new(),
                    is_distinct: false,
                    is_unwritten: false,
                });
            }
            all.names.push(file.shown().to_owned());
            all.outlines.push(outline);
        }
        all.pieces = index::Pieces::of(&all.written);
        let mut known: HashSet<(String, String)> = HashSet::new();
        let mut judged: HashMap<String, (bool, bool)> = HashMap::new();
        let mut seen_values = HashSet::new();
        for number in 0..all.uses.len() {
            let value = all.uses[number].value.clone();
            let (is_distinct, is_unwritten) = *judged
                .entry(value)
                .or_insert_with_key(|value| (all.is_distinct(value), value.len() > 2 && !all.writes(value)));
            let key = (all.uses[number].shown.clone(), all.uses[number].value.clone());
            if is_unwritten && seen_values.insert(key) {
                all.unwritten.push(number);
            }
            if all.uses[number].part == Part::Address {
                for (at, (address, ..)) in sites::named(&all.uses[number]).into_iter().enumerate() {
                    all.by_host.entry(address.host).or_default().push((number, at));
                }
            }
            if is_unwritten || is_distinct {
                let forms = all.uses[number].forms.iter().filter(|form| form.len() > 2 && !all.writes(form));
                let far = forms.map(|form| (form.clone(), all.is_distinct(form))).collect();
                all.uses[number].far = far;
            }
            let one = &mut all.uses[number];
            (one.is_distinct, one.is_unwritten) = (is_distinct, is_unwritten);
            // A word is no better known than its value where the latter is distinct.
            let word = if is_distinct { String::new() } else { one.word.clone() };
            let key = (one.shown.clone(), format!("{}\u{0}{word}", one.value));
            if known.insert(key) {
                if is_distinct {
                    all.distinct.push(number);
                }
                // The words of a value that is handed over may have a say by themselves.
                if one.part == Part::Shared {
                    all.shared.push(number);
                }
            }
        }
        all.index = all.indexed();
        all
    }

    /// The uses that are looked for everywhere, by their values, the words in these, and what else stands for them.
    fn indexed(&self) -> index::Index {
        let mut targets: Vec<(usize, &str)> = Vec::new();
        for number in self.distinct.iter().chain(&self.unwritten).chain(&self.shared) {
            let one = &self.uses[*number];
            let words = one.value.split(|c: char| !fold::is_letter(c)).filter(|word| word.len() > 2);
            let forms = one.forms.iter().map(String::as_str);
            let all = [one.value.as_str(), one.word.as_str()].into_iter().chain(words).chain(forms);
            targets.extend(all.map(|text| (*number, text)));
        }
        index::Index::of(&targets)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.uses.is_empty() && self.kept_back.is_empty()
    }

    /// Whether `text` stands nowhere in the files and is no common word.
    fn is_distinct(&self, text: &str) -> bool {
        let is_short_word = text.len() < 8 && text.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_number = text.len() < 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.len() >= 5 && !is_short_word && !is_number && !COMMON.contains(&text) && !self.writes(text)
    }

    fn writes(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.pieces.may_have(&text) && self.written.contains(&text)
    }
}

#[cfg(test)]
mod tests;

//! Values of the environment in reports: what came from `{$NAME}` is shown as `{$NAME}`.
//!
//! Configurations are compiled and compared with the real values, and the words of a report are disguised at the end. Where
//! a value begins and ends is known in the text, so that a short or common one (`443`, `on`) is only looked for in what was
//! said about the directive that it stands in; one that the files do not write anywhere is looked for everywhere.

mod outline;
mod replace;

use std::collections::{HashMap, HashSet};

use super::Sources;
use outline::Outline;
use replace::{Kind, Pieces};

/// A place that something is said about: the name of the file as people know it, and the line, from 1.
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
    /// Other spellings of the value: a duration in other units, a number of bytes.
    spellings: Vec<String>,
    /// Whether the value can be told from everything that the files write.
    is_distinct: bool,
}

/// The variables of a Caddyfile and what it imports.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    uses: Vec<Use>,
    /// One use for each distinct value, whose values are looked for everywhere.
    distinct: Vec<usize>,
    /// Uses that may have a say anywhere.
    shared: Vec<usize>,
    /// One use for each value of three letters and more that the files write nowhere.
    unwritten: Vec<usize>,
    /// Uses in addresses of sites, by the host that they make; and those whose values hold several words.
    by_host: HashMap<String, Vec<usize>>,
    lists: Vec<usize>,
    names: Vec<String>,
    outlines: Vec<Outline>,
    /// What the files write outside of variables, in lower case.
    written: String,
}

/// Words that are found in values and name nothing.
const COMMON: &[&str] = &[
    "http",
    "https",
    "h2c",
    "tcp",
    "tcp4",
    "tcp6",
    "udp",
    "unix",
    "fastcgi",
    "com",
    "org",
    "net",
    "www",
    "localhost",
    "on",
    "off",
    "true",
    "false",
    "internal",
];

/// The lines of a value that has several, as a report may show them one by one.
fn lines(value: &str) -> impl Iterator<Item = &str> {
    let all = value.lines().map(str::trim).filter(|line| line.len() > 3);
    all.take(if value.contains('\n') { usize::MAX } else { 0 })
}

impl Variables {
    /// Those of `sources`. `spell` gives other spellings that a report may have for a value.
    pub fn of(sources: &Sources, spell: &dyn Fn(&str) -> Vec<String>) -> Self {
        let is_used = |file: &super::SourceFile| file.replaced().iter().any(outline::is_hidden);
        let mut all = Self::default();
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
                let spellings = spell(&value).into_iter().filter(|other| *other != value).collect();
                let shown = format!("{{${}}}", one.name);
                all.uses.push(Use {
                    file: number,
                    line,
                    part,
                    shown,
                    value,
                    word,
                    word_shown,
                    spellings,
                    is_distinct: false,
                });
            }
            all.names.push(file.shown().to_owned());
            all.outlines.push(outline);
        }
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
                let (host, _) = authority(&all.uses[number].word);
                all.by_host.entry(host).or_default().push(number);
                if all.uses[number].value.contains(char::is_whitespace) {
                    all.lists.push(number);
                }
            }
            let one = &mut all.uses[number];
            one.is_distinct = is_distinct;
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
        all
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.uses.is_empty()
    }

    /// Whether `text` stands nowhere in the files and is no common word.
    fn is_distinct(&self, text: &str) -> bool {
        let is_short_word = text.len() < 8 && text.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_number = text.len() < 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.len() >= 5 && !is_short_word && !is_number && !COMMON.contains(&text) && !self.writes(text)
    }

    fn writes(&self, text: &str) -> bool {
        self.written.contains(&text.to_lowercase())
    }

    /// `text`, said about `places`, with values as the names of their variables. Without a place it may be about any.
    pub fn hide(&self, text: &str, places: &[At]) -> String {
        if self.uses.is_empty() || text.is_empty() {
            return text.to_owned();
        }
        if places.is_empty() {
            return self.hide_unwritten(text);
        }
        let scope = self.scope(places);
        let mut pieces = Pieces::new(text);
        // Longer texts first: a word before the value in it.
        let mut wanted: Vec<(&str, &str, Kind)> = Vec::new();
        let mut near: Vec<&Use> = Vec::new();
        for number in scope.uses.iter().chain(&self.shared) {
            let one = &self.uses[*number];
            let is_near = scope.uses.contains(number);
            if !is_near && scope.writes(&one.value) {
                continue;
            }
            near.push(one);
            let kind = if is_near && one.value.len() > 3 { Kind::Anywhere } else { Kind::Word };
            wanted.push((&one.word, &one.word_shown, Kind::Word));
            wanted.push((&one.value, &one.shown, kind));
            wanted.extend(one.spellings.iter().map(|other| (other.as_str(), one.shown.as_str(), Kind::Word)));
        }
        for number in &self.distinct {
            let one = &self.uses[*number];
            wanted.push((&one.value, &one.shown, Kind::Anywhere));
            wanted.extend(lines(&one.value).map(|line| (line, one.shown.as_str(), Kind::Anywhere)));
            wanted.extend(
                one.spellings
                    .iter()
                    .filter(|other| other.len() > 5)
                    .map(|other| (other.as_str(), one.shown.as_str(), Kind::Word)),
            );
        }
        wanted.sort_by_key(|(from, ..)| std::cmp::Reverse(from.len()));
        wanted.dedup();
        let mut known = HashSet::new();
        near.retain(|one| known.insert((&one.shown, &one.value, &one.word)));
        // A word that is written in full there is no short value with something around it: `X-E`, and not `X-{$E}`.
        let short = |word: &str| near.iter().any(|one| one.value.len() < 4 && word.len() > one.value.len());
        pieces.keep(&|word| {
            short(word) && scope.words.contains(word) && !near.iter().any(|one| one.word == word)
        });
        for (from, to, kind) in wanted {
            pieces.replace(from, to, kind);
        }
        // Where a file itself writes a beginning and an ellipsis, nothing was cut, and the answer would tell whether the
        // beginning is that of the value.
        let is_written = |text: &str| self.writes(text);
        for one in near {
            pieces.replace_parts(&one.value, &one.shown, &|part| {
                part.len() > 1 && !COMMON.contains(&part) && !scope.writes(part) || self.is_distinct(part)
            });
            pieces.replace_cut(&one.value, &one.shown, &is_written);
            pieces.replace_cut(&one.word, &one.word_shown, &is_written);
        }
        for number in &self.distinct {
            let one = &self.uses[*number];
            pieces.replace_parts(&one.value, &one.shown, &|part| part.len() > 5 && self.is_distinct(part));
            pieces.replace_cut(&one.value, &one.shown, &is_written);
        }
        pieces.finish()
    }

    /// The name of a site, `host` on `address`, as its addresses are written: both as far as they come from variables.
    pub fn site(&self, host: &str, address: &str) -> (String, String) {
        let (port_at, port) = match address.rfind(':') {
            Some(at) => (at + 1, &address[at + 1..]),
            None => (address.len(), ""),
        };
        let (mut shown_host, mut shown_port) = (host.to_owned(), port.to_owned());
        for one in self.by_host.get(host).into_iter().flatten().map(|number| &self.uses[*number]) {
            let ((_, own_port), (written_host, written_port)) =
                (authority(&one.word), authority(&one.word_shown));
            if own_port.as_deref().is_none_or(|own| own == port) {
                shown_host = written_host;
                // Where only the word as a whole has a port, it is part of the value.
                shown_port = match (own_port, written_port) {
                    (Some(_), Some(written)) => written,
                    (Some(_), None) => one.shown.clone(),
                    (None, _) => shown_port,
                };
            }
        }
        for one in self.lists.iter().map(|number| &self.uses[*number]) {
            let mut pieces = Pieces::new(&shown_host);
            pieces.replace_parts(&one.value, &one.shown, &|part| part.len() > 2);
            shown_host = pieces.finish();
        }
        let interface = self.hide_unwritten(&address[..port_at]);
        (self.hide_distinct(&shown_host), interface + &shown_port)
    }

    /// `text`, which may be about any directive: only what is written nowhere can be told.
    fn hide_unwritten(&self, text: &str) -> String {
        let mut pieces = Pieces::new(text);
        let uses = self.unwritten.iter().chain(&self.distinct).map(|number| &self.uses[*number]);
        let mut uses: Vec<&Use> = uses.collect();
        uses.sort_by_key(|one| std::cmp::Reverse(one.value.len()));
        for one in &uses {
            let kind = if one.value.len() > 3 { Kind::Anywhere } else { Kind::Word };
            pieces.replace(&one.value, &one.shown, kind);
            one.spellings.iter().for_each(|other| pieces.replace(other, &one.shown, Kind::Word));
        }
        for one in uses {
            pieces.replace_parts(&one.value, &one.shown, &|part| part.len() > 3 && self.is_distinct(part));
            pieces.replace_cut(&one.value, &one.shown, &|text: &str| self.writes(text));
        }
        pieces.finish()
    }

    /// `text` with those values as names that can be told from everything that the files write.
    pub fn hide_distinct(&self, text: &str) -> String {
        let mut pieces = Pieces::new(text);
        for number in &self.distinct {
            let one = &self.uses[*number];
            pieces.replace(&one.value, &one.shown, Kind::Anywhere);
            pieces.replace_parts(&one.value, &one.shown, &|part| part.len() > 5 && self.is_distinct(part));
        }
        pieces.finish()
    }

    /// The uses that may have a say at `places`, and what is written there.
    fn scope(&self, places: &[At]) -> Scope {
        let mut scope = Scope::default();
        for (name, line) in places {
            let Some(file) = self.names.iter().position(|known| known == name) else { continue };
            for lines in self.outlines[file].around(*line) {
                scope.written += &self.outlines[file].written(lines.clone());
                let first = self.uses.partition_point(|one| (one.file, one.line) < (file, *lines.start()));
                let end = self.uses.partition_point(|one| (one.file, one.line) <= (file, *lines.end()));
                scope.uses.extend(first..end.max(first));
            }
        }
        let words = scope.written.split(|c: char| c.is_whitespace() || matches!(c, '"' | '`'));
        scope.words = words.filter(|word| !word.contains('\u{1}')).map(str::to_owned).collect();
        scope.written = scope.written.to_lowercase();
        scope.uses.sort_unstable();
        scope.uses.dedup();
        scope
    }
}

/// The host and the port of the address of a site. Names of variables keep their letters.
fn authority(word: &str) -> (String, Option<String>) {
    let rest = word.split_once("://").map_or(word, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or("").trim_end_matches(',');
    let lower = |text: &str| if text.contains("{$") { text.to_owned() } else { text.to_lowercase() };
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (lower(host), Some(port.to_owned())),
        _ => (lower(authority), None),
    }
}

/// What may be meant at some places.
#[derive(Default)]
struct Scope {
    uses: Vec<usize>,
    /// What is written there outside of variables, in lower case.
    written: String,
    /// The words of it, as they are written.
    words: HashSet<String>,
}

impl Scope {
    fn writes(&self, text: &str) -> bool {
        replace::has_word(&self.written, &text.to_lowercase())
    }
}

#[cfg(test)]
mod tests;

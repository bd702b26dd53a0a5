//! Diagnostics that may be shown: no secret of a text, no value of the environment, and for programs nothing from outside
//! the project.

use std::collections::HashSet;

use super::{Diagnostic, Label};
use crate::source::secrets::{self, HIDDEN};
use crate::source::variables::{At, Variables};
use crate::source::{SourceFile, Sources, Span};

/// Who reads what is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Somebody at a terminal, who may read the files themselves.
    Terminal,
    /// A program, which may publish it.
    Program,
    /// An editor, whose edits have to be those of the open text.
    Editor,
}

/// What to do to see what was kept back.
const HELP: &str =
    "the file is outside the project, so its content is not shown; allow its folder with `--allow-read DIR`";

/// Makes what was found in `sources` fit to be shown.
pub fn discreet(found: &mut [Diagnostic], sources: &Sources, variables: &Variables, audience: Audience) {
    let outside = Outside::of(sources).filter(|_| audience != Audience::Terminal);
    for one in found {
        if let Some(outside) = &outside
            && outside.shows(one, sources)
        {
            keep_back(one, sources);
            continue;
        }
        let (places, secrets) = (places(one, sources), secrets_near(one, sources));
        let safe = |text: &mut String| {
            let shown = without_secrets(text, &secrets);
            let places: Vec<At> = places.iter().map(|(file, line)| (file.as_str(), *line)).collect();
            *text = variables.hide_message(&shown, &places);
        };
        safe(&mut one.message);
        one.primary.iter_mut().chain(&mut one.secondary).for_each(|Label { text, .. }| safe(text));
        one.helps.iter_mut().for_each(safe);
        one.trail.iter_mut().for_each(|frame| safe(&mut frame.what));
        // An edit that writes a secret again, or a value of the environment, would show it.
        let writes = |text: &str| secrets.iter().any(|secret| secret.len() > 3 && text.contains(secret));
        let hidden = |text: &str| {
            let places: Vec<At> = places.iter().map(|(file, line)| (file.as_str(), *line)).collect();
            variables.hide(text, &places)
        };
        match audience {
            Audience::Program => one
                .edits
                .retain(|edit| !writes(&edit.replacement) && hidden(&edit.replacement) == edit.replacement),
            Audience::Terminal => one.edits.iter_mut().for_each(|edit| {
                if writes(&edit.replacement) {
                    edit.replacement = without_secrets(&edit.replacement, &secrets);
                }
                edit.replacement = hidden(&edit.replacement);
            }),
            // Its edits have to be those of the open text, where a secret stands already.
            Audience::Editor => one.edits.retain(|edit| hidden(&edit.replacement) == edit.replacement),
        }
    }
}

/// All places of a diagnostic.
fn spans(found: &Diagnostic) -> impl Iterator<Item = Span> {
    let labels = found.primary.iter().chain(&found.secondary).map(|label| label.span);
    labels.chain(found.trail.iter().map(|frame| frame.span)).chain(found.edits.iter().map(|edit| edit.span))
}

fn places(found: &Diagnostic, sources: &Sources) -> Vec<(String, usize)> {
    spans(found)
        .map(|span| (sources.file(span.file).shown().to_owned(), sources.position(span).line))
        .collect()
}

/// The secrets on the lines that a diagnostic is about, and the long ones of their files.
fn secrets_near<'s>(found: &Diagnostic, sources: &'s Sources) -> Vec<&'s str> {
    let mut all: Vec<&str> = Vec::new();
    for span in spans(found) {
        let file = sources.file(span.file);
        let (start, end) = lines_of(file, span);
        for mark in file.secrets().iter().take(1_000) {
            let text = file.text()[mark.clone()].trim_matches(['"', '`']);
            let is_near = mark.start < end && mark.end > start;
            if text.len() > 5 || (is_near && !text.is_empty()) {
                all.push(text);
            }
        }
    }
    all.sort_unstable_by_key(|text| std::cmp::Reverse(text.len()));
    all.dedup();
    all
}

fn lines_of(file: &SourceFile, span: Span) -> (usize, usize) {
    let text = file.text();
    let start = text.get(..span.range().start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = text
        .get(span.range().end..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |at| span.range().end + at);
    (start, end)
}

/// Shorter secrets are words of ordinary sentences too, and are looked for only in what a message quotes.
const SHORT: usize = 4;

/// `text` without these secrets, and in what it quotes without those that are known by their shape.
fn without_secrets(text: &str, secrets: &[&str]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| secret.len() >= SHORT) {
        text = without_word(&text, secret);
    }
    let quoted = text.split('`').enumerate();
    let parts = quoted.map(|(number, part)| {
        if number % 2 == 0 {
            return part.to_owned();
        }
        let short = secrets.iter().filter(|secret| secret.len() < SHORT);
        secrets::hide_within(&short.fold(part.to_owned(), |part, secret| without_word(&part, secret)))
    });
    parts.collect::<Vec<_>>().join("`")
}

/// `text` without `secret` where it is no part of a longer word.
fn without_word(text: &str, secret: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(secret) {
        let (before, behind) = (&rest[..at], &rest[at + secret.len()..]);
        let continues = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let starts_inside = continues(before.chars().next_back()) && continues(secret.chars().next());
        let ends_inside = continues(behind.chars().next()) && continues(secret.chars().next_back());
        out.push_str(before);
        out.push_str(if starts_inside || ends_inside { secret } else { HIDDEN });
        rest = behind;
    }
    out + rest
}

/// Leaves of a diagnostic what says nothing of the file that it is about: code, severity, place.
fn keep_back(found: &mut Diagnostic, sources: &Sources) {
    let about = found.code.summary().map_or_else(|| found.code.name.replace('-', " "), str::to_owned);
    about.trim_end_matches('.').clone_into(&mut found.message);
    found.helps = vec![HELP.to_owned()];
    found.edits.clear();
    found.needs = None;
    found.primary.iter_mut().chain(&mut found.secondary).for_each(|label| label.text.clear());
    found
        .trail
        .iter_mut()
        .filter(|frame| sources.file(frame.span.file).is_outside())
        .for_each(|frame| frame.what.clear());
}

/// The words that only files outside the project have.
struct Outside<'s> {
    words: HashSet<&'s str>,
    texts: Vec<&'s str>,
    inside: Vec<&'s str>,
}

impl<'s> Outside<'s> {
    /// Those of `sources`; `None` where all belong to the project.
    fn of(sources: &'s Sources) -> Option<Self> {
        if !sources.has_outside() {
            return None;
        }
        let texts = |is_outside| sources.iter().filter(move |(_, file)| file.is_outside() == is_outside);
        let is_sign =
            |c: char| c.is_whitespace() || matches!(c, '"' | '`' | '\0' | '{' | '}' | '\'' | ',' | '=' | ':');
        let inside: Vec<&str> = texts(false).map(|(_, file)| file.text()).collect();
        let mut all = Self { words: HashSet::new(), texts: Vec::new(), inside };
        for (_, file) in texts(true) {
            // What the environment put into it is no less from there.
            for text in [file.text(), file.parsed_text()] {
                all.texts.push(text);
                all.words.extend(text.split(is_sign).filter(|word| word.len() > 3));
            }
        }
        let inside = &all.inside;
        all.words.retain(|word| !inside.iter().any(|text| text.contains(word)));
        Some(all)
    }

    /// Whether a diagnostic may show something from there.
    fn shows(&self, found: &Diagnostic, sources: &Sources) -> bool {
        if spans(found).any(|span| sources.file(span.file).is_outside()) {
            return true;
        }
        let labels = found.primary.iter().chain(&found.secondary).map(|label| label.text.as_str());
        let edits = found.edits.iter().map(|edit| edit.replacement.as_str());
        let trail = found.trail.iter().map(|frame| frame.what.as_str());
        let texts = [found.message.as_str()].into_iter().chain(labels).chain(edits).chain(trail);
        texts.chain(found.helps.iter().map(String::as_str)).any(|text| self.quotes(text))
    }

    fn quotes(&self, text: &str) -> bool {
        let is_from_there = |part: &str| {
            !part.is_empty()
                && self.texts.iter().any(|text| text.contains(part))
                && !self.inside.iter().any(|text| text.contains(part))
        };
        let quoted = text.split('`').skip(1).step_by(2);
        quoted.into_iter().any(is_from_there)
            || text
                .split(|c: char| c.is_whitespace() || matches!(c, '`' | '"' | '=' | ':' | ','))
                .any(|word| self.words.contains(word))
    }
}

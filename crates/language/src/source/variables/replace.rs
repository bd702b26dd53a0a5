//! Texts that are replaced in a text, none of them within what another one has put there.

use std::collections::HashSet;

use super::fold::{find, is_bounded, is_letter, same};

/// How a text is looked for. Letters count as the same in both cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// With no letter or digit right before or behind it.
    Word,
    /// The same, and joined to something else with a sign: `:80`, `/on`. Words of a sentence stand between blanks.
    Joined,
    /// Wherever it stands.
    Anywhere,
}

/// A text in pieces: those to look at, and those that are done.
pub(crate) struct Pieces(Vec<Piece>);

enum Piece {
    /// To be looked at.
    Raw(String),
    /// Stands as it is.
    Kept(String),
    /// What was put in.
    Done(String),
}

/// So many letters that a text has in common with a value are no chance.
const GRAM: usize = 6;

/// Whether `text` has `word` with no letter or digit right before or behind it. Both in lower case.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    !word.is_empty() && text.match_indices(word).any(|(at, _)| is_bounded(text, at, at + word.len()))
}

impl Pieces {
    /// The whole text, to be looked at but for the names of variables in it. What only looks like a name may be part of a value:
    /// `known` has those that are.
    pub(crate) fn new(text: &str, known: &HashSet<String>) -> Self {
        let mut pieces = Self(vec![Piece::Raw(text.to_owned())]);
        if text.contains("{$") {
            pieces.each(Piece::Kept, |text| {
                text.match_indices("{$").find_map(|(start, _)| {
                    let end = start + text[start..].find('}')? + 1;
                    let name = &text[start..end];
                    known.contains(name).then(|| (start, end, name.to_owned()))
                })
            });
        }
        pieces
    }

    /// The text.
    pub(crate) fn finish(self) -> String {
        let mut out = String::new();
        let mut last = String::new();
        let mut between = String::new();
        for piece in self.0 {
            match piece {
                Piece::Raw(text) => between += &text,
                Piece::Kept(text) => {
                    between += &text;
                    last.clear();
                }
                // What signs alone keep apart are pieces of one value.
                Piece::Done(text) if text == last && text.starts_with("{$") && is_glue(&between) => {
                    between.clear();
                }
                Piece::Done(text) => {
                    out += &between;
                    between.clear();
                    out += &text;
                    last = text;
                }
            }
        }
        out + &between
    }

    /// Leaves words as they are that `counts` takes.
    pub(crate) fn keep(&mut self, counts: &dyn Fn(&str) -> bool) {
        self.each(Piece::Kept, |text| {
            let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '`');
            let mut start = 0;
            for word in text.split(is_end) {
                if counts(word) {
                    return Some((start, start + word.len(), word.to_owned()));
                }
                start += word.len();
                start += text[start..].chars().next().map_or(0, char::len_utf8);
            }
            None
        });
    }

    /// Leaves Caddy's placeholders as they are that `counts` takes, as far as they have the form of one.
    pub(crate) fn keep_placeholders(&mut self, counts: &dyn Fn(&str) -> bool) {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '?');
        self.each(Piece::Kept, |text| {
            text.match_indices('{').find_map(|(start, _)| {
                let end = start + text[start..].find('}')?;
                let name = &text[start + 1..end];
                let counts = !name.is_empty() && name.chars().all(is_name) && counts(name);
                counts.then(|| (start, end + 1, text[start..=end].to_owned()))
            })
        });
    }

    /// Replaces `from` wherever it stands, also as a quoted word has it.
    pub(crate) fn replace(&mut self, from: &str, to: &str, kind: Kind) {
        self.each(Piece::Done, |text| find(text, from, kind).map(|(at, end)| (at, end, to.to_owned())));
        if from.contains(['\n', '"']) {
            let quoted = from.replace('\r', "").replace('\n', "\\n");
            self.each(Piece::Done, |text| {
                find(text, &quoted, kind).map(|(at, end)| (at, end, to.to_owned()))
            });
            let escaped = quoted.replace('"', "\\\"");
            self.each(Piece::Done, |text| {
                find(text, &escaped, kind).map(|(at, end)| (at, end, to.to_owned()))
            });
        }
    }

    /// Replaces what a text has in common with `value`: runs of words that stand there in the same order, with the same
    /// signs between them, as far as `counts` takes them.
    pub(crate) fn replace_parts(&mut self, value: &str, to: &str, counts: &dyn Fn(&str) -> bool) {
        let wanted = words(value);
        if wanted.len() > 400 {
            return;
        }
        self.each(Piece::Done, |text| {
            let own = words(text);
            (0..own.len()).find_map(|first| {
                let length = |start: usize| {
                    (0..wanted.len())
                        .take_while(|&n| {
                            let (Some(a), Some(b)) = (own.get(first + n), wanted.get(start + n)) else {
                                return false;
                            };
                            let joined = n == 0
                                || text[own[first + n - 1].1..a.0] == value[wanted[start + n - 1].1..b.0];
                            joined && same(&text[a.0..a.1], &value[b.0..b.1])
                        })
                        .count()
                };
                let longest = (0..wanted.len()).map(length).max().filter(|length| *length > 0)?;
                // Where a long run does not count, a shorter one may.
                (1..=longest).rev().find_map(|length| {
                    let (start, end) = (own[first].0, own[first + length - 1].1);
                    counts(&text[start..end].to_lowercase()).then(|| (start, end, to.to_owned()))
                })
            })
        });
    }

    /// Replaces pieces of six letters and more that a text has in common with `value`, wherever words begin and end, as
    /// far as `counts` takes them.
    pub(crate) fn replace_grams(&mut self, value: &str, to: &str, counts: &dyn Fn(&str) -> bool) {
        let value: Vec<char> = lower(value).map(|(_, c)| c).collect();
        if value.len() < GRAM {
            return;
        }
        let grams: HashSet<&[char]> = value.windows(GRAM).collect();
        self.each(Piece::Done, |text| {
            let own: Vec<(usize, char)> = lower(text).collect();
            let letters: Vec<char> = own.iter().map(|(_, c)| *c).collect();
            let is_in = |at: usize| letters.get(at..at + GRAM).is_some_and(|gram| grams.contains(gram));
            let mut first = 0;
            while first + GRAM <= letters.len() {
                if !is_in(first) {
                    first += 1;
                    continue;
                }
                let more = (first + 1..letters.len()).take_while(|at| is_in(*at)).count();
                let end = first + more + GRAM;
                let end_byte = own.get(end).map_or(text.len(), |(at, _)| *at);
                let found = &text[own[first].0..end_byte];
                if counts(&found.to_lowercase()) {
                    return Some((own[first].0, end_byte, to.to_owned()));
                }
                first = end;
            }
            None
        });
    }

    /// Replaces the beginning of `value` where the text was cut there, unless `is_written` as it stands, with its ellipsis.
    pub(crate) fn replace_cut(&mut self, value: &str, to: &str, is_written: &dyn Fn(&str) -> bool) {
        self.each(Piece::Done, |text| {
            let end = text.find('…')?;
            let before = &text[..end];
            let start = (0..before.len()).find(|&at| {
                before.is_char_boundary(at)
                    && end - at > 2
                    && value.get(..end - at).is_some_and(|start| start.eq_ignore_ascii_case(&before[at..]))
            })?;
            (!is_written(&text[start..end + '…'.len_utf8()])).then(|| (start, end, to.to_owned()))
        });
    }

    /// Replaces what `found` finds in each piece that is not done, until it finds nothing more.
    fn each(
        &mut self,
        piece_of: fn(String) -> Piece,
        found: impl Fn(&str) -> Option<(usize, usize, String)>,
    ) {
        let mut out = Vec::with_capacity(self.0.len());
        for piece in std::mem::take(&mut self.0) {
            let Piece::Raw(text) = piece else {
                out.push(piece);
                continue;
            };
            let mut rest = text.as_str();
            while let Some((start, end, to)) = found(rest) {
                if start > 0 {
                    out.push(Piece::Raw(rest[..start].to_owned()));
                }
                out.push(piece_of(to));
                rest = &rest[end..];
            }
            if rest.len() == text.len() {
                out.push(Piece::Raw(text));
            } else if !rest.is_empty() {
                out.push(Piece::Raw(rest.to_owned()));
            }
        }
        self.0 = out;
    }
}

/// Whether a text between two pieces of a value says nothing itself.
fn is_glue(text: &str) -> bool {
    text.chars().all(|c| matches!(c, ':' | '.' | '-' | '/' | '_' | '=' | '\\'))
}

/// The letters in lower case, each with the byte at which it begins.
fn lower(text: &str) -> impl Iterator<Item = (usize, char)> {
    text.char_indices().map(|(at, c)| (at, c.to_lowercase().next().unwrap_or(c)))
}

/// The runs of letters and digits of a text.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| is_letter(*c)) {
        match all.last_mut().filter(|last| last.1 == at) {
            Some(last) => last.1 = at + c.len_utf8(),
            None => all.push((at, at + c.len_utf8())),
        }
    }
    all
}

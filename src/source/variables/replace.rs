//! Texts that are replaced in a text, none of them within what another one has put there.

/// How a text is looked for. Letters count as the same in both cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// With no letter or digit right before or behind it.
    Word,
    /// Wherever it stands.
    Anywhere,
}

/// A text in pieces: those to look at, and those that are done.
pub struct Pieces(Vec<Piece>);

enum Piece {
    Raw(String),
    Done(String),
}

/// Whether `text` has `word` with no letter or digit right before or behind it. Both in lower case.
pub fn has_word(text: &str, word: &str) -> bool {
    !word.is_empty() && text.match_indices(word).any(|(at, _)| is_bounded(text, at, at + word.len()))
}

fn is_bounded(text: &str, start: usize, end: usize) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let inside = &text[start..end];
    let before = is_letter(inside.chars().next()) && is_letter(text[..start].chars().next_back());
    let behind = is_letter(inside.chars().next_back()) && is_letter(text[end..].chars().next());
    !before && !behind
}

/// Where `from` first stands in `text`, whatever the case of its letters.
fn find(text: &str, from: &str, kind: Kind) -> Option<usize> {
    let (bytes, wanted) = (text.as_bytes(), from.as_bytes());
    if wanted.is_empty() || wanted.len() > bytes.len() {
        return None;
    }
    (0..=bytes.len() - wanted.len()).find(|&at| {
        bytes[at..at + wanted.len()].eq_ignore_ascii_case(wanted)
            && text.is_char_boundary(at)
            && text.is_char_boundary(at + wanted.len())
            && (kind == Kind::Anywhere || is_bounded(text, at, at + wanted.len()))
    })
}

impl Pieces {
    /// The whole text, to be looked at but for the names of variables in it.
    pub fn new(text: &str) -> Self {
        let mut pieces = Self(vec![Piece::Raw(text.to_owned())]);
        if text.contains("{$") {
            pieces.each(|text| {
                let start = text.find("{$")?;
                let end = start + text[start..].find('}')? + 1;
                Some((start, end, text[start..end].to_owned()))
            });
        }
        pieces
    }

    /// The text.
    pub fn finish(self) -> String {
        self.0
            .into_iter()
            .map(|piece| match piece {
                Piece::Raw(text) | Piece::Done(text) => text,
            })
            .collect()
    }

    /// Leaves words as they are that `counts` takes.
    pub fn keep(&mut self, counts: &dyn Fn(&str) -> bool) {
        self.each(|text| {
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

    /// Replaces `from` wherever it stands, also as a quoted word has it.
    pub fn replace(&mut self, from: &str, to: &str, kind: Kind) {
        self.each(|text| find(text, from, kind).map(|at| (at, at + from.len(), to.to_owned())));
        if from.contains(['\n', '"']) {
            let quoted = from.replace('\r', "").replace('\n', "\\n");
            self.each(|text| find(text, &quoted, kind).map(|at| (at, at + quoted.len(), to.to_owned())));
            let escaped = quoted.replace('"', "\\\"");
            self.each(|text| find(text, &escaped, kind).map(|at| (at, at + escaped.len(), to.to_owned())));
        }
    }

    /// Replaces what a text has in common with `value`: runs of words that stand there in the same order, with the same
    /// signs between them, as far as `counts` takes them.
    pub fn replace_parts(&mut self, value: &str, to: &str, counts: &dyn Fn(&str) -> bool) {
        let wanted = words(value);
        if wanted.len() > 400 {
            return;
        }
        self.each(|text| {
            let own = words(text);
            (0..own.len()).find_map(|first| {
                let length = |start: usize| {
                    (0..wanted.len())
                        .take_while(|&n| {
                            let (Some(a), Some(b)) = (own.get(first + n), wanted.get(start + n)) else {
                                return false;
                            };
                            let same = text[a.0..a.1].eq_ignore_ascii_case(&value[b.0..b.1]);
                            let joined = n == 0
                                || text[own[first + n - 1].1..a.0] == value[wanted[start + n - 1].1..b.0];
                            same && joined
                        })
                        .count()
                };
                let longest = (0..wanted.len()).map(length).max().filter(|length| *length > 0)?;
                let (start, end) = (own[first].0, own[first + longest - 1].1);
                counts(&text[start..end].to_ascii_lowercase()).then(|| (start, end, to.to_owned()))
            })
        });
    }

    /// Replaces the beginning of `value` where the text was cut there, unless `is_written` as it stands, with its ellipsis.
    pub fn replace_cut(&mut self, value: &str, to: &str, is_written: &dyn Fn(&str) -> bool) {
        self.each(|text| {
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
    fn each(&mut self, found: impl Fn(&str) -> Option<(usize, usize, String)>) {
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
                out.push(Piece::Done(to));
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

/// The runs of letters and digits of a text.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        match all.last_mut().filter(|last| last.1 == at) {
            Some(last) => last.1 = at + c.len_utf8(),
            None => all.push((at, at + c.len_utf8())),
        }
    }
    all
}

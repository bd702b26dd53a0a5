//! The lines of a file: their words, and how far they are indented.

use crate::syntax::Word;

/// A line with words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'w> {
    pub words: &'w [Word],
    /// The columns before its first word; a tab counts as four. `None` if something other than blanks is there.
    pub indent: Option<usize>,
}

/// The lines of `words`, which are all words of `text`.
pub(super) fn of<'w>(words: &'w [Word], text: &str) -> Vec<Line<'w>> {
    let mut lines = Vec::new();
    let mut rest = words;
    while !rest.is_empty() {
        let length = 1 + rest.windows(2).take_while(|pair| !pair[0].ends_line_before(&pair[1])).count();
        let (line, more) = rest.split_at(length);
        lines.push(Line { words: line, indent: indent(text, line[0].span.start as usize) });
        rest = more;
    }
    lines
}

fn indent(text: &str, start: usize) -> Option<usize> {
    let before = text.get(..start)?;
    let blanks = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let blanks = blanks.trim_start_matches('\u{feff}');
    let width = |c: char| match c {
        '\t' => Some(4),
        ' ' => Some(1),
        _ => None,
    };
    blanks.chars().map(width).sum()
}

impl<'w> Line<'w> {
    pub(super) fn first(&self) -> &'w Word {
        &self.words[0]
    }

    pub(super) fn last(&self) -> &'w Word {
        &self.words[self.words.len() - 1]
    }

    /// Whether its last word opens a block, and no other word is a brace.
    pub(super) fn opens(&self) -> bool {
        self.last().opens()
    }

    /// Whether it reads as the addresses of a site, or as the name of a snippet or named route.
    pub(super) fn is_head(&self, is_directive: &dyn Fn(&str) -> bool) -> bool {
        let first = self.first();
        !first.is_quoted() && !is_directive(&first.text) && is_address(&first.text)
    }
}

/// Whether a word can only be an address, a snippet or a named route.
fn is_address(word: &str) -> bool {
    let word = word.trim_end_matches([',', '{']);
    if word.starts_with('(') || word.starts_with("&(") {
        return word.ends_with(')');
    }
    let host = ["http://", "https://"].iter().find_map(|scheme| word.strip_prefix(scheme));
    if host.is_some() {
        return true;
    }
    if word.starts_with(['@', '/', '{', '~', '-', '+', '>', '?', '#', '.']) || word.contains(['=', '"', '\''])
    {
        return false;
    }
    let host = word.split('/').next().unwrap_or_default();
    match host.rsplit_once(':') {
        Some((_, port)) => !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()),
        None => host == "localhost" || (host.contains('.') && !host.contains("..") && !host.ends_with('.')),
    }
}

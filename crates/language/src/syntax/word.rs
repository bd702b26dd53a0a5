//! A word of a Caddyfile: its text, where it stands, and which import brought it.

use ecow::EcoString;

use crate::source::Span;

/// How a word was written. Only bare words are braces, numbers or `import`ed placeholders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quote {
    /// As it stands.
    #[default]
    Bare,
    /// `"…"`, where only `\"` is an escape.
    Double,
    /// `` `…` ``, where nothing is.
    Backtick,
    /// `<<MARKER … MARKER`.
    Heredoc,
}

/// Which chain of imports brought a word. Words of different chains never stand on one line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Chain(pub u32);

/// A word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// What it says, without quotes.
    pub text: EcoString,
    /// Where the user wrote it.
    pub span: Span,
    /// The line it counts for. Joined lines count for the first of them, so this is not always the line of `span`.
    pub(crate) line: u32,
    /// How it was written.
    pub quote: Quote,
    /// Which imports brought it.
    pub(crate) chain: Chain,
    /// Which snippet it was defined in: an index into the expansion's snippets, plus one; 0 for none.
    pub(crate) snippet: u32,
    /// The import that put it here: an index into the expansion's frames, plus one; 0 for none.
    pub frame: u32,
    /// How far it is to the other brace of its block.
    pub(crate) reach: Reach,
}

/// How many words there are from one brace of a block to the other, so that nobody who passes over a block need look at
/// what is in it. Unknown for all other words, where a brace between them counts for nothing, and from 2^24 words on,
/// for which a word has no room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reach([u8; 3]);

impl Reach {
    /// Of the braces of a block that are so many words apart.
    pub(crate) fn of(words: usize) -> Self {
        match words.to_le_bytes() {
            [a, b, c, 0, ..] if words < 1 << 24 => Self([a, b, c]),
            _ => Self::default(),
        }
    }

    /// The number of words, if it is known.
    pub(crate) fn words(self) -> Option<usize> {
        let [a, b, c] = self.0;
        Some(u32::from_le_bytes([a, b, c, 0]) as usize).filter(|words| *words > 0)
    }
}

impl Word {
    /// Whether it was written in quotes of any kind.
    pub fn is_quoted(&self) -> bool {
        self.quote != Quote::Bare
    }

    /// A `{` that opens a block.
    pub fn opens(&self) -> bool {
        self.text == "{" && !self.is_quoted()
    }

    /// A `}` that closes one.
    pub fn closes(&self) -> bool {
        self.text == "}" && !self.is_quoted()
    }

    /// The text with its quotes, as CEL expressions of several words want it. A heredoc has none to give back.
    pub(crate) fn raw(&self) -> EcoString {
        match self.quote {
            Quote::Double => ecow::eco_format!("\"{}\"", self.text),
            Quote::Backtick => ecow::eco_format!("`{}`", self.text),
            Quote::Bare | Quote::Heredoc => self.text.clone(),
        }
    }

    /// The line that the end of this word counts for.
    fn last_line(&self) -> u32 {
        let inside = self.text.bytes().filter(|byte| *byte == b'\n').count();
        // A heredoc loses two line breaks: the one after its opening marker and the one before the closing one.
        let around = if self.quote == Quote::Heredoc { 2 } else { 0 };
        self.line.saturating_add(u32::try_from(inside + around).unwrap_or(u32::MAX))
    }

    /// Whether `next` begins a new line after this word (spec: "line rule").
    pub fn ends_line_before(&self, next: &Word) -> bool {
        self.span.file != next.span.file
            || self.chain != next.chain
            // Line breaks are counted only where they could matter.
            || (self.line < next.line && self.last_line() < next.line)
    }
}

/// The text of a word outside quotes: carriage returns go, `\<` becomes `<` once, a backslash at the end goes, every
/// other backslash stays.
pub(super) fn unescape_bare(written: &str) -> EcoString {
    if !written.contains(['\\', '\r']) {
        return written.into();
    }
    let mut out = EcoString::new();
    let mut escaped = false;
    for c in written.chars() {
        // White space can only stand between a leading backslash and what it escapes.
        if c == '\r' || (escaped && c.is_whitespace()) {
            continue;
        }
        if c == '\\' && !escaped {
            escaped = true;
            continue;
        }
        if escaped && c != '<' {
            out.push('\\');
        }
        escaped = false;
        out.push(c);
    }
    out
}

/// The text between double quotes: only `\"` is an escape.
pub(super) fn unescape_quoted(written: &str) -> EcoString {
    if !written.contains('\\') {
        return written.into();
    }
    let mut out = EcoString::new();
    let mut escaped = false;
    for c in written.chars() {
        if c == '\\' && !escaped {
            escaped = true;
            continue;
        }
        if escaped && c != '"' {
            out.push('\\');
        }
        escaped = false;
        out.push(c);
    }
    out
}

/// A line of a heredoc that does not begin with the white space its closing marker stands after.
pub(super) struct Misindented {
    /// Which line of the body, from 0.
    pub line: usize,
    /// The white space that was expected.
    pub indent: String,
}

/// The text of a heredoc: the closing marker's indentation is taken from each line, blank lines become empty, carriage
/// returns and the last line break go. What stands before the marker on its own line is indentation, whatever it is.
pub(super) fn unindent(body: &str) -> Result<EcoString, Misindented> {
    let (lines, indent) =
        body.rsplit_once('\n').map_or(("", body), |(_, indent)| (&body[..body.len() - indent.len()], indent));
    let mut out = String::with_capacity(lines.len());
    for (number, line) in lines.split_terminator('\n').enumerate() {
        if !line.is_empty() && line != "\r" {
            let Some(line) = line.strip_prefix(indent) else {
                return Err(Misindented { line: number, indent: indent.to_owned() });
            };
            out.extend(line.chars().filter(|c| *c != '\r'));
        }
        out.push('\n');
    }
    out.pop();
    Ok(out.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backslashes_outside_quotes() {
        for (written, text) in [
            ("a\\b", "a\\b"),
            ("\\<<X", "<<X"),
            ("a\\", "a"),
            ("a\\\\b", "a\\\\b"),
            ("a\rb", "ab"),
            ("\\ x", "\\x"),
        ] {
            assert_eq!(unescape_bare(written), text, "{written:?}");
        }
    }

    #[test]
    fn reach_as_far_as_there_is_room() {
        for (words, known) in [
            (0, None),
            (1, Some(1)),
            ((1 << 24) - 1, Some((1 << 24) - 1)),
            (1 << 24, None),
            (usize::MAX, None),
        ] {
            assert_eq!(Reach::of(words).words(), known);
        }
        assert_eq!(size_of::<Word>(), 48, "a word has grown");
    }

    #[test]
    fn heredoc_bodies() {
        assert_eq!(unindent("  a\n\n\r\n   b\n  ").ok().unwrap(), "a\n\n\n b");
        assert_eq!(unindent("mid ").ok().unwrap(), "");
        assert_eq!(unindent("").ok().unwrap(), "");
        assert!(unindent("a\n  ").is_err());
    }
}

//! Which characters a reader can see.
//!
//! All scripts stay as they are, with up to [`MARKS`] combining marks on a letter; so do spaces of other widths, which
//! separate words for Caddy too. Emoji keep their variation selector and the joiner between two of them; letters of
//! Arabic and of the scripts of India and its neighbours keep the joiners that their spelling needs. Written out are:
//! control characters (C0, DEL, C1), all format characters (directions of writing, zero width, byte order marks, soft
//! hyphens, tags), line and paragraph separators, other variation selectors, fillers and blanks that look like nothing,
//! marks that have no letter or are too many, and code points that are no characters.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// So many combining marks are shown on one letter.
pub(crate) const MARKS: usize = 4;

const ZERO_WIDTH_NON_JOINER: char = '\u{200C}';
const ZERO_WIDTH_JOINER: char = '\u{200D}';
const TEXT_STYLE: char = '\u{FE0E}';
const EMOJI_STYLE: char = '\u{FE0F}';
const KEYCAP: char = '\u{20E3}';

/// Which control characters stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// None.
    Nothing,
    /// Tabs.
    Tabs,
    /// Tabs and line breaks.
    Lines,
}

impl Kept {
    fn keeps(self, c: char) -> bool {
        match c {
            '\t' => self != Self::Nothing,
            '\n' => self == Self::Lines,
            _ => false,
        }
    }
}

/// `text` with everything that cannot be seen written out.
pub(crate) fn written_out(text: &str, kept: Kept) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') || kept.keeps(char::from(byte))) {
        return Cow::Borrowed(text);
    }
    let mut reader = Reader::default();
    let Some((first, _)) = text.char_indices().find(|(at, c)| !reader.shows(*c, &text[*at..], kept)) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len() + 32);
    out.push_str(&text[..first]);
    let mut reader = Reader::default();
    for (at, c) in text.char_indices() {
        let is_shown = reader.shows(c, &text[at..], kept);
        if at < first {
            continue;
        }
        if is_shown { out.push(c) } else { out.extend(c.escape_default()) }
    }
    Cow::Owned(out)
}

/// Decides over the characters of a text, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// The last character that is shown and has a width, unless something was written out since.
    base: Option<char>,
    /// The last character that is shown.
    last: Option<char>,
    /// How many marks `base` has.
    marks: usize,
}

impl Reader {
    /// Whether `c`, with which `rest` begins, can be shown as it is.
    pub(crate) fn shows(&mut self, c: char, rest: &str, kept: Kept) -> bool {
        if matches!(c, ' '..='~') || kept.keeps(c) {
            (self.base, self.last, self.marks) = (Some(c), Some(c), 0);
            return true;
        }
        let next = || rest[c.len_utf8()..].chars().next();
        let is_shown = match c {
            EMOJI_STYLE | TEXT_STYLE => {
                let is_keycap = || matches!(self.last, Some('0'..='9' | '#' | '*')) && next() == Some(KEYCAP);
                self.last.is_some_and(is_picture) || is_keycap()
            }
            KEYCAP => self.last == Some(EMOJI_STYLE) && self.base.is_some_and(|base| base.is_ascii()),
            ZERO_WIDTH_JOINER | ZERO_WIDTH_NON_JOINER => {
                let joins = |test: fn(char) -> bool| self.base.is_some_and(test) && next().is_some_and(test);
                self.last != Some(c) && (joins(is_joining) || c == ZERO_WIDTH_JOINER && joins(is_picture))
            }
            c if is_hidden(c) => false,
            c if c.width() == Some(0) => {
                self.marks += 1;
                let has_letter =
                    self.base.is_some_and(|base| !base.is_whitespace() && !base.is_ascii_punctuation());
                has_letter && self.marks <= MARKS
            }
            c => {
                (self.base, self.marks) = (Some(c), 0);
                true
            }
        };
        if is_shown {
            self.last = Some(c);
        } else {
            (self.base, self.last, self.marks) = (None, None, 0);
        }
        is_shown
    }
}

/// Whether `c` cannot be seen, whatever surrounds it: Unicode's categories Cc, Cf (but for signs that enclose numbers and
/// have a shape), Zl and Zp, its property `Default_Ignorable_Code_Point`, code points that are no characters, and the one
/// Braille pattern without a dot.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{13430}'..='\u{1345F}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Whether `c` may be an emoji. Two of the letters that make a flag are one only without a joiner.
fn is_picture(c: char) -> bool {
    matches!(c,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21FF}'
        | '\u{2300}'..='\u{23FF}' | '\u{24C2}' | '\u{25A0}'..='\u{27BF}' | '\u{2934}'..='\u{2935}'
        | '\u{2B00}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1F1E5}'
        | '\u{1F200}'..='\u{1FAFF}')
}

/// Whether `c` belongs to a script in whose spelling joiners have a meaning.
fn is_joining(c: char) -> bool {
    matches!(c,
        '\u{620}'..='\u{64A}' | '\u{66E}'..='\u{6D3}' | '\u{6FA}'..='\u{6FF}' | '\u{710}'..='\u{72F}'
        | '\u{750}'..='\u{77F}' | '\u{8A0}'..='\u{8C7}' | '\u{904}'..='\u{DFF}' | '\u{1000}'..='\u{109F}'
        | '\u{1780}'..='\u{17B3}' | '\u{17B6}'..='\u{17DD}' | '\u{1820}'..='\u{18AA}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_all_scripts_stays() {
        for text in [
            "Grüße aus Zürich",
            "Gru\u{308}\u{df}e",
            "日本語　テスト",
            "한국어",
            "\u{1112}\u{1161}\u{11ab}",
            "Ελληνικά",
            "עברית",
            "שָׁלוֹם",
            "العربية",
            "می\u{200C}خواهم",
            "हिन्दी क्\u{200D}ष",
            "ไทยที่",
            "Tiếng Việt",
            "a\u{A0}b",
            "❤\u{FE0F}",
            "👩\u{200D}💻",
            "👨\u{200D}👩\u{200D}👧",
            "🏳\u{FE0F}\u{200D}🌈",
            "1\u{FE0F}\u{20E3}",
            "👍🏽",
            "🇨🇭",
            "© ™ → …",
        ] {
            assert_eq!(written_out(text, Kept::Nothing), text);
        }
    }

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        for (text, shown) in [
            ("a\u{1b}[2K\u{7}\u{0}\u{8}", "a\\u{1b}[2K\\u{7}\\u{0}\\u{8}"),
            ("\u{9b}2J\u{85}\u{7f}", "\\u{9b}2J\\u{85}\\u{7f}"),
            ("\u{202e}cba\u{2069}\u{200f}\u{61c}", "\\u{202e}cba\\u{2069}\\u{200f}\\u{61c}"),
            ("a\u{200b}b\u{feff}c\u{ad}d\u{2060}", "a\\u{200b}b\\u{feff}c\\u{ad}d\\u{2060}"),
            ("a\u{200d}b\u{200c}", "a\\u{200d}b\\u{200c}"),
            ("a\u{2028}b\u{2029}", "a\\u{2028}b\\u{2029}"),
            ("a\u{e0041}\u{e0100}\u{fe0f}\u{fe00}", "a\\u{e0041}\\u{e0100}\\u{fe0f}\\u{fe00}"),
            ("❤\u{fe0f}\u{fe0f}", "❤\u{fe0f}\\u{fe0f}"),
            ("x\u{3164}\u{115f}\u{2800}\u{ffff}", "x\\u{3164}\\u{115f}\\u{2800}\\u{ffff}"),
            ("🇨\u{200d}🇭 🇨\u{fe0f}", "🇨\\u{200d}🇭 🇨\\u{fe0f}"),
            ("\u{301}a =\u{338}", "\\u{301}a =\\u{338}"),
        ] {
            assert_eq!(written_out(text, Kept::Nothing), shown);
        }
        let flood = format!("a{}", "\u{301}".repeat(9));
        let shown = written_out(&flood, Kept::Nothing);
        assert_eq!(shown.matches('\u{301}').count(), MARKS);
    }

    #[test]
    fn what_was_written_out_stays() {
        let text = "a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}👩\u{200d}x\u{fe0f}";
        let once = written_out(text, Kept::Lines).into_owned();
        assert_eq!(written_out(&once, Kept::Lines), once);
    }
}

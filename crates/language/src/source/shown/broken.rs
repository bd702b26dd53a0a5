//! Text for a terminal of a given width.

use unicode_width::UnicodeWidthStr;

/// `text`, which starts at the column `first`, in lines of at most `width` columns; later lines start at the column `later`. It is
/// broken between words: one that is too long has its own line.
pub fn broken(text: &str, (first, later): (usize, usize), width: usize) -> String {
    let (mut out, mut column) = (String::new(), first);
    for (number, word) in text.split(' ').enumerate() {
        if number > 0 && column + 1 + word.width() > width {
            out += &format!("\n{:later$}", "");
            column = later;
        } else if number > 0 {
            out.push(' ');
            column += 1;
        }
        out += word;
        column += word.width();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words() {
        let text = "an address that two sites share";
        assert_eq!(broken(text, (2, 4), 80), text);
        assert_eq!(broken(text, (2, 4), 16), "an address\n    that two\n    sites share");
        assert_eq!(broken("ab 日本語 c", (0, 0), 9), "ab 日本語\nc");
        assert_eq!(broken("averylongword b", (0, 2), 4), "averylongword\n  b");
    }
}

//! The lines of two texts, marked as `caddy fmt --diff` marks them (measured on Caddy 2.11.7): two spaces before a
//! common line, `- ` and `+ ` before others, and no line left out.

use caddyctl_language::source::shown;
use similar::{Algorithm, ChangeTag, capture_diff_slices};

/// The table of common subsequences is quadratic; past so many cells another algorithm takes over, which may pair
/// other lines than Caddy does.
const CELLS: usize = 16_000_000;

/// All lines of both texts, marked, and red or green if `is_coloured`; what is hidden in them is written out.
pub fn marked(old: &[u8], new: &[u8], is_coloured: bool) -> String {
    let (old, new) = (lines(old), lines(new));
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, new_middle) = (&old_rest[..old_rest.len() - end], &new_rest[..new_rest.len() - end]);
    let mut out = Marked { text: String::new(), is_coloured };
    out.add("  ", &old[..start]);
    if old_middle.len().saturating_mul(new_middle.len()) <= CELLS {
        out.middle(old_middle, new_middle);
    } else {
        out.large_middle(old_middle, new_middle);
    }
    out.add("  ", &old_rest[old_rest.len() - end..]);
    out.text
}

/// The lines as Go's `strings.Split` has them: a final line break is followed by an empty line.
fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split(|&byte| byte == b'\n').collect()
}

struct Marked {
    text: String,
    is_coloured: bool,
}

impl Marked {
    fn add(&mut self, mark: &str, lines: &[&[u8]]) {
        let (start, end) = match mark {
            "- " if self.is_coloured => ("\x1b[31m", "\x1b[0m"),
            "+ " if self.is_coloured => ("\x1b[32m", "\x1b[0m"),
            _ => ("", ""),
        };
        for line in lines {
            self.text += &format!("{start}{mark}{}{end}\n", shown::source_bytes(line));
        }
    }

    /// By the longest common subsequence: an old line goes first where that loses nothing, then a new one, then a
    /// common one.
    fn middle(&mut self, old: &[&[u8]], new: &[&[u8]]) {
        let table = Table::of(old, new);
        let (mut i, mut j) = (0, 0);
        while i < old.len() || j < new.len() {
            let length = table.at(i, j);
            if i < old.len() && table.at(i + 1, j) == length {
                self.add("- ", &[old[i]]);
                i += 1;
            } else if j < new.len() && table.at(i, j + 1) == length {
                self.add("+ ", &[new[j]]);
                j += 1;
            } else {
                self.add("  ", &[old[i]]);
                (i, j) = (i + 1, j + 1);
            }
        }
    }

    fn large_middle(&mut self, old: &[&[u8]], new: &[&[u8]]) {
        for change in
            capture_diff_slices(Algorithm::Myers, old, new).iter().flat_map(|op| op.iter_changes(old, new))
        {
            let mark = match change.tag() {
                ChangeTag::Equal => "  ",
                ChangeTag::Delete => "- ",
                ChangeTag::Insert => "+ ",
            };
            self.add(mark, &[change.value()]);
        }
    }
}

/// How long the common subsequence is of what follows each pair of lines.
struct Table {
    width: usize,
    lengths: Vec<u32>,
}

impl Table {
    fn of(old: &[&[u8]], new: &[&[u8]]) -> Self {
        let width = new.len() + 1;
        let mut table = Self { width, lengths: vec![0; (old.len() + 1) * width] };
        for (i, a) in old.iter().enumerate().rev() {
            for (j, b) in new.iter().enumerate().rev() {
                table.lengths[i * width + j] = if a == b {
                    table.at(i + 1, j + 1) + 1
                } else {
                    table.at(i, j + 1).max(table.at(i + 1, j))
                };
            }
        }
        table
    }

    fn at(&self, i: usize, j: usize) -> u32 {
        self.lengths[i * self.width + j]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(old: &str, new: &str) -> String {
        marked(old.as_bytes(), new.as_bytes(), false)
    }

    /// Each measured with `caddy fmt --diff`.
    #[test]
    fn lines_are_paired_as_caddy_pairs_them() {
        assert_eq!(run("\n\tx\n}\n }\n", "x\n}\n}\n"), "- \n- \tx\n+ x\n+ }\n  }\n-  }\n  \n");
        assert_eq!(
            run("a {\nrespond hi\n  }\n", "a {\n\trespond hi\n}\n"),
            "  a {\n- respond hi\n-   }\n+ \trespond hi\n+ }\n  \n"
        );
        assert_eq!(run("x\n\n\n\n\nx", "x\n\nx\n"), "  x\n  \n- \n- \n- \n  x\n+ \n");
    }

    #[test]
    fn lines_that_differ_are_coloured() {
        assert_eq!(marked(b"a\nb", b"a\nc", true), "  a\n\u{1b}[31m- b\u{1b}[0m\n\u{1b}[32m+ c\u{1b}[0m\n");
    }

    #[test]
    fn large_texts_are_not_compared_in_a_table() {
        let (old, new) = (" line\n".repeat(5000), "line\n".repeat(5000));
        assert_eq!(run(&old, &new).lines().count(), 10_001);
    }
}

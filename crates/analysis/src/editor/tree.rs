//! The lines of a text and the blocks that they open, as they stand there: no import is carried out.

use caddyctl_language::source::{FileId, Sources, Span};
use caddyctl_language::syntax::{Word, lex};

/// A text as lines and blocks.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The text, and nothing else.
    sources: Sources,
    file: FileId,
    /// The lines outside every block.
    pub(crate) lines: Vec<Line>,
}

/// The most blocks inside each other. What is deeper counts as lines of the deepest block: walking the tree takes stack for
/// each level.
const DEEPEST: usize = 64;

/// A line, with the block that it opens.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Its words, without the brace that opens a block.
    pub(crate) words: Vec<Word>,
    /// The lines of its block; `None` when it opens none.
    pub block: Option<Vec<Line>>,
    /// From its first word to its last, or to the brace that ends its block.
    pub span: Span,
}

impl Tree {
    /// Reads `text`, whatever is wrong with it: a block that nothing closes ends with the text, and a brace that closes
    /// nothing is left out.
    pub fn of(text: &str) -> Self {
        let mut sources = Sources::new();
        let file = sources.add_as_written("", text);
        let (words, _) = lex(&sources, file);
        let mut open: Vec<Line> = Vec::new();
        let mut done: Vec<Vec<Line>> = vec![Vec::new()];
        // Blocks inside of the deepest one that are open.
        let mut ignored = 0_usize;
        let lines = words.chunk_by(|word, next| !word.ends_line_before(next));
        for mut line in lines {
            if let [first, rest @ ..] = line
                && first.closes()
            {
                if ignored > 0 {
                    ignored -= 1;
                } else if let (Some(mut opener), true) = (open.pop(), done.len() > 1) {
                    opener.block = done.pop();
                    opener.span = opener.span.to(first.span);
                    push(&mut done, opener);
                }
                line = rest;
            }
            let [.., last] = line else { continue };
            let span = line[0].span.to(last.span);
            if last.opens() && done.len() >= DEEPEST {
                ignored += 1;
                push(&mut done, Line { words: line[..line.len() - 1].to_vec(), block: None, span });
            } else if last.opens() {
                open.push(Line { words: line[..line.len() - 1].to_vec(), block: None, span });
                done.push(Vec::new());
            } else {
                push(&mut done, Line { words: line.to_vec(), block: None, span });
            }
        }
        let end = Span::new(file, text.len(), text.len());
        while let Some(mut opener) = open.pop() {
            opener.block = done.pop();
            opener.span = opener.span.to(end);
            push(&mut done, opener);
        }
        Self { sources, file, lines: done.pop().unwrap_or_default() }
    }

    /// The text.
    pub(crate) fn text(&self) -> &str {
        self.sources.file(self.file).text()
    }

    /// Every line with the lines around it, the outermost first.
    pub fn walk<'t>(&'t self, visit: &mut impl FnMut(&[&'t Line], &'t Line)) {
        walk(&self.lines, &mut Vec::new(), visit);
    }
}

fn push(done: &mut [Vec<Line>], line: Line) {
    if let Some(lines) = done.last_mut() {
        lines.push(line);
    }
}

fn walk<'t>(lines: &'t [Line], around: &mut Vec<&'t Line>, visit: &mut impl FnMut(&[&'t Line], &'t Line)) {
    for line in lines {
        visit(around, line);
        if let Some(block) = &line.block {
            around.push(line);
            walk(block, around, visit);
            around.pop();
        }
    }
}

impl Line {
    /// What its first word says; nothing for a line that only opens a block.
    pub(crate) fn name(&self) -> &str {
        self.words.first().map_or("", |word| word.text.as_str())
    }

    /// Whether byte `offset` stands behind the brace that opens the block, and not behind the one that ends it.
    pub(super) fn holds(&self, offset: usize, text: &str) -> bool {
        let Some(brace) = self.block.is_some().then(|| self.opening_brace(text)) else { return false };
        let closed = text.get(..self.span.end as usize).is_some_and(|text| text.ends_with('}'));
        brace < offset && offset <= self.span.end as usize - usize::from(closed)
    }

    /// Where its opening brace stands.
    fn opening_brace(&self, text: &str) -> usize {
        let from = self.words.last().map_or(self.span.start, |word| word.span.end) as usize;
        text.get(from..).and_then(|rest| rest.find('{')).map_or(from, |at| from + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(lines: &[Line]) -> String {
        let show = |line: &Line| {
            let words: Vec<&str> = line.words.iter().map(|word| word.text.as_str()).collect();
            let block = line.block.as_deref().map_or(String::new(), |block| format!("[{}]", shape(block)));
            format!("{}{block}", words.join(" "))
        };
        lines.iter().map(show).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn blocks_open_and_close_whatever_is_wrong() {
        for (text, expected) in [
            ("a {\n\tb c\n\td {\n\t\te\n\t}\n}\nf", "a[b c; d[e]]; f"),
            ("{\n\tdebug\n}\n{$HOST} {\n\trespond 1\n", "[debug]; {$HOST}[respond 1]"),
            ("}\na", "a"),
            ("a {\n\tb {\n", "a[b[]]"),
            ("", ""),
        ] {
            assert_eq!(shape(&Tree::of(text).lines), expected, "{text:?}");
        }
    }
}

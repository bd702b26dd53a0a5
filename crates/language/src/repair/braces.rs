//! Braces that are missing or too many, as the indentation of a file shows.

use super::lines::Line;
use super::{Found, brace, foreign};
use crate::diagnostics::{address, braces};
use crate::syntax::Word;

/// A block that is open.
struct Open<'w> {
    /// Its `{`; `None` for one that the file does not have.
    brace: Option<&'w Word>,
    /// How far its line is indented.
    indent: usize,
    /// Whether its first line is indented further.
    is_indented: bool,
}

/// Looks for the braces of one file.
pub(super) fn look(lines: &[Line], found: &mut Found, is_directive: &dyn Fn(&str) -> bool) {
    let heads = heads(lines, is_directive);
    let mut open: Vec<Open> = Vec::new();
    let mut skipped = 0;
    for (at, line) in lines.iter().enumerate() {
        if at < skipped {
            continue;
        }
        let next = lines.get(at + 1);
        if foreign::comment(line, found) {
            continue;
        }
        if let Some(end) = foreign::heredoc(line, &lines[at + 1..], found) {
            skipped = at + 2 + end;
            continue;
        }
        let indent = line.indent.unwrap_or_else(|| open.last().map_or(0, |block| block.indent + 1));
        if line.words.iter().all(Word::closes) && line.words.len() == 1 {
            close(line, indent, next, &mut open, found);
            continue;
        }
        if let Some(count) = glued(line) {
            found.faults.push(braces::glued(line.first().span, count));
            let closing: Vec<Word> =
                (0..count).map(|_| found.on_own_line(brace("}", line.first()))).collect();
            found.replace(line, closing);
            open.truncate(open.len().saturating_sub(count));
            continue;
        }
        let is_head = indent == 0 && line.is_head(is_directive);
        let first = line.first();
        if open.is_empty()
            && !line.opens()
            && is_directive(&first.text)
            && heads.iter().any(|head| *head > at)
        {
            found.faults.push(address::directive(first.span, &first.text));
            found.replace(line, Vec::new());
            continue;
        }
        if is_head && heads.contains(&at) && !open.is_empty() {
            for block in open.drain(..).rev() {
                if let Some(brace) = block.brace {
                    found.faults.push(braces::never_closed(brace.span, line.first().span));
                }
                found.close_before(Some(line.first()));
            }
        }
        // A line that is not indented further than the block that it is in.
        while open
            .last()
            .is_some_and(|block| block.is_indented && line.indent.is_some_and(|at| at <= block.indent))
        {
            if let Some(brace) = open.pop().and_then(|block| block.brace) {
                found.faults.push(braces::never_closed(brace.span, line.first().span));
            }
            found.close_before(Some(line.first()));
        }
        if let Some(words) = one_line(line, found) {
            found.replace(line, words);
            continue;
        }
        if open.is_empty() && is_head && needs_braces(line, at, lines, &heads) {
            found.faults.push(braces::site_without_braces(line.first().span.to(line.last().span)));
            let mut words = line.words.to_vec();
            words.push(brace("{", line.last()));
            found.replace(line, words);
            open.push(Open { brace: None, indent: 0, is_indented: false });
            continue;
        }
        foreign::quotes(line, found);
        if line.opens() {
            open.push(Open { brace: Some(line.last()), indent, is_indented: is_deeper(next, indent) });
        } else if is_joined(line, indent, next) {
            let last = line.last();
            let name = last.text.trim_end_matches('{');
            let joined = if is_head { braces::joined } else { braces::joined_to_word };
            found.faults.push(joined(last.span, name));
            let mut words = line.words[..line.words.len() - 1].to_vec();
            words.push(Word { text: name.into(), ..last.clone() });
            words.push(brace("{", last));
            found.replace(line, words);
            open.push(Open { brace: Some(last), indent, is_indented: is_deeper(next, indent) });
        }
    }
    for block in open.into_iter().rev() {
        if let Some(brace) = block.brace {
            found.faults.push(braces::never_closed_at_end(brace.span));
        }
        found.close_before(None);
    }
}

/// Whether `line` is indented further than `indent`.
fn is_deeper(line: Option<&Line>, indent: usize) -> bool {
    line.and_then(|line| line.indent).is_some_and(|at| at > indent)
}

/// The lines that begin a site, a snippet or a named route with a `{`, by number.
fn heads(lines: &[Line], is_directive: &dyn Fn(&str) -> bool) -> Vec<usize> {
    let is_head = |line: &Line| {
        let opens = line.opens() || (line.last().text.ends_with('{') && !line.last().is_quoted());
        line.indent == Some(0) && opens && line.is_head(is_directive)
    };
    (0..lines.len()).filter(|at| is_head(&lines[*at])).collect()
}

/// A `}` alone on its line.
fn close<'w>(
    line: &Line<'w>,
    indent: usize,
    next: Option<&Line>,
    open: &mut Vec<Open<'w>>,
    found: &mut Found,
) {
    // What is indented further than this brace does not end with it.
    while open.last().is_some_and(|block| block.indent > indent)
        && open.iter().any(|block| block.indent == indent)
    {
        if let Some(block) = open.pop() {
            if let Some(brace) = block.brace {
                found.faults.push(braces::closed_by_another(brace.span, line.first().span));
            }
            found.close_before(Some(line.first()));
        }
    }
    let goes_on = |block: &Open| next.is_some_and(|next| next.indent.is_some_and(|next| next > block.indent));
    match open.last() {
        // The block goes on after a brace that is indented further than its first line.
        Some(block) if block.indent < indent && goes_on(block) => {
            found.faults.push(braces::stray(line.first().span));
            found.replace(line, Vec::new());
        }
        Some(_) => drop(open.pop()),
        None => {
            found.faults.push(braces::stray(line.first().span));
            found.replace(line, Vec::new());
        }
    }
}

/// How many blocks a word such as `}}` closes.
fn glued(line: &Line) -> Option<usize> {
    let is_glued =
        |word: &Word| !word.is_quoted() && word.text.len() > 1 && word.text.bytes().all(|byte| byte == b'}');
    (line.words.len() == 1 && is_glued(line.first())).then(|| line.first().text.len())
}

/// Whether the last word ends in the brace of its block, as in `handle /x{`.
fn is_joined(line: &Line, indent: usize, next: Option<&Line>) -> bool {
    let last = line.last();
    let is_brace = !last.is_quoted() && last.text.len() > 1 && last.text.ends_with('{');
    is_brace
        && !last.text.contains('}')
        && next.and_then(|next| next.indent).is_some_and(|next| next > indent)
}

/// The words of `a.example.com {respond x}` as they are meant.
fn one_line(line: &Line, found: &mut Found) -> Option<Vec<Word>> {
    let opens = line.words.iter().position(|word| {
        !word.is_quoted() && word.text.len() > 1 && word.text.starts_with('{') && !word.text.contains('}')
    })?;
    let last = line.last();
    let ends =
        !last.is_quoted() && last.text.ends_with('}') && !last.text[..last.text.len() - 1].contains('{');
    if opens == 0 || opens == line.words.len() - 1 || !ends {
        return None;
    }
    found.faults.push(braces::one_line(last.span, line.words[opens].span));
    let mut words = line.words[..opens].to_vec();
    words.push(brace("{", &line.words[opens]));
    let inner = &line.words[opens..];
    let first = found.on_own_line(inner[0].clone());
    let number = first.line;
    for word in inner {
        let text = word.text.trim_start_matches(if word.span == inner[0].span { '{' } else { '\0' });
        let text = if word.span == last.span { text.strip_suffix('}').unwrap_or(text) } else { text };
        if !text.is_empty() {
            words.push(Word { text: text.into(), line: number, chain: first.chain, ..word.clone() });
        }
    }
    let close = found.on_own_line(brace("}", last));
    words.push(close);
    Some(words)
}

/// Whether a head has no block, and another one follows it.
fn needs_braces(line: &Line, at: usize, lines: &[Line], heads: &[usize]) -> bool {
    let goes_on = |word: &Word| word.text.ends_with(',') || word.text.ends_with('{');
    let before = at.checked_sub(1).is_some_and(|before| lines[before].last().text.ends_with(','));
    let next = lines.get(at + 1);
    let brace_follows = next.is_some_and(|next| next.first().opens());
    // A line that imports sites or snippets stands between blocks, too.
    let has_body = next.is_some_and(|next| !next.first().opens() && !heads.contains(&(at + 1)));
    !goes_on(line.last())
        && !before
        && !brace_follows
        && has_body
        && heads.iter().any(|head| *head > at)
        && line.words.iter().all(|word| !word.opens() && !word.closes())
}

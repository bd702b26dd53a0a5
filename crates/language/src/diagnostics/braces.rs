//! E0003: braces that are missing, unmatched, or on the wrong line.

use super::{Code, Diagnostic, Severity, Subject};
use crate::source::Span;

fn error(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::BRACES, span, message)
}

/// A text that defeats the grammar.
pub(crate) fn unreadable(span: Span) -> Diagnostic {
    error(span, "this text cannot be read as a Caddyfile")
}

/// A quote or backtick that is never closed, so that the rest of the file is one word.
pub(crate) fn unclosed_quote(span: Span, mark: char) -> Diagnostic {
    let (this, another) =
        if mark == '"' { ("quote", "another `\"`") } else { ("backtick", "another backtick") };
    error(span, format!("this {this} is never closed"))
        .label("the rest of the file is one word")
        .help(format!("write {another} where the word ends"))
}

/// A block that is still open at `next`, where something else begins.
pub(crate) fn never_closed(brace: Span, next: Span) -> Diagnostic {
    error(brace, "this block is never closed")
        .also(next, "this is read as a part of it")
        .help("add the missing `}` before the line that is shown")
}

/// A block that the `}` of a block around it closes, as its indentation shows.
pub(crate) fn closed_by_another(brace: Span, other: Span) -> Diagnostic {
    error(brace, "this block is never closed")
        .also(other, "this `}` is indented like a block around it")
        .help("add the missing `}` where the block ends")
}

/// A block that is open at the end of the file.
pub(crate) fn never_closed_at_end(brace: Span) -> Diagnostic {
    error(brace, "this block is never closed").help("add the missing `}` where the block ends")
}

/// A block that is open at the end of a file that Caddy accepts.
pub(crate) fn ends_open(fault: Diagnostic) -> Diagnostic {
    fault.with_severity(Severity::Warning).label("Caddy closes it at the end of the file")
}

/// A `}` too many.
pub(crate) fn stray(brace: Span) -> Diagnostic {
    error(brace, "this `}` closes no block, or one that goes on after it")
        .help("remove it, or add the missing `{` above")
}

/// `count` braces in one word.
pub(crate) fn glued(word: Span, count: usize) -> Diagnostic {
    error(word, format!("these {count} braces are one word, which closes no block"))
        .help("put each `}` on a separate line")
}

/// A site without braces among others that have them.
pub(crate) fn site_without_braces(address: Span) -> Diagnostic {
    error(address, "this site has no braces, so it is not separate from the next one")
        .help("put braces around the directives of each site: `{` after the address, and `}` after the last directive")
}

/// The file ends at `last` inside the block that `opened` begins.
pub(crate) fn unclosed(last: Span, opened: Span) -> Diagnostic {
    error(last, "the file ends before this block does")
        .label("last word of the file")
        .also(opened, "this block is still open")
        .help("add the missing `}`")
}

/// The block of a snippet or a named route, which the file does not close.
pub(crate) fn unclosed_definition(key: Span) -> Diagnostic {
    error(key, "the file ends before this block does").label("opened here").help("add the missing `}`")
}

/// The `{` of a directive on the line below `before`.
pub(crate) fn on_next_line(brace: Span, before: Span) -> Diagnostic {
    error(brace, "the `{` of a directive must be on the line of the directive")
        .also(before, "at the end of this line")
        .help("move the `{` to the end of the line above")
}

/// `{}` at the end of a line.
pub(crate) fn empty_pair(word: Span) -> Diagnostic {
    error(word, "`{}` is not allowed at the end of a line")
        .help("remove it, or put `{` here and `}` on a separate line")
        .edit(word, "", true)
}

/// A block on one line.
pub(crate) fn one_line(brace: Span, opened: Span) -> Diagnostic {
    error(brace, "a block cannot open and close on one line")
        .also(opened, "opened on this line")
        .help("put each directive, and the closing `}`, on a separate line")
}

/// A `}` at the end of a directive's line.
pub(crate) fn closes_nothing(brace: Span) -> Diagnostic {
    error(brace, "this `}` closes nothing on its line")
        .help("put it on a separate line if it closes the block above, or remove it")
}

/// Blocks inside more than `most` others.
pub(crate) fn too_deep(brace: Span, most: &str) -> Diagnostic {
    error(brace, format!("blocks are nested deeper than {most} levels"))
        .label("this block is too deep")
        .help("look for a block that is never closed, or move inner blocks to another site")
}

/// Words after a `{` on its line; `is_empty` if they are only a `}`.
pub(crate) fn text_after(brace: Span, is_empty: bool) -> Diagnostic {
    error(brace, "nothing may follow a `{` on its line").help(if is_empty {
        "remove the empty block"
    } else {
        "put the text after it on a separate line, and the closing `}` too"
    })
}

/// A site address that the brace of its block is joined to.
pub(crate) fn joined(word: Span, address: &str) -> Diagnostic {
    with_space(error(word, "a site address cannot end with a brace"), word, address)
}

/// A word of a directive's line that the brace of its block is joined to.
pub(crate) fn joined_to_word(word: Span, name: &str) -> Diagnostic {
    with_space(error(word, "this `{` is a part of the word before it, so it opens no block"), word, name)
}

fn with_space(fault: Diagnostic, word: Span, before: &str) -> Diagnostic {
    fault.help(format!("put a space before the brace: `{before} {{`")).edit(
        word,
        format!("{before} {{"),
        true,
    )
}

/// A `}` where a site address belongs.
pub(crate) fn extra(brace: Span) -> Diagnostic {
    error(brace, "this `}` closes no block, so Caddy reads it as a site address")
        .about(Subject::ExtraBrace)
        .help("remove it, or add a missing `{` above, or a missing space before one")
}

/// A snippet or a named route without a block.
pub(crate) fn definition_without_block(key: Span, name: &str) -> Diagnostic {
    error(key, "a snippet needs a block")
        .help(format!("write `{name} {{`, its directives, and `}}` on a separate line"))
}

/// Global options below the first block.
pub(crate) fn late_options(brace: Span) -> Diagnostic {
    error(brace, "a block without an address is the global options, and must come first")
        .help("move it to the top of the Caddyfile, or write the address of a site before its `{`")
}

/// Global options below imports.
pub(crate) fn options_after_imports(word: Span) -> Diagnostic {
    error(word, "the global options must come before imports")
        .help("move the block of global options to the top of the Caddyfile")
}

/// A brace where a subdirective of `parent` belongs.
pub(crate) fn not_a_subdirective(brace: Span, parent: &str) -> Diagnostic {
    error(brace, format!("expected a subdirective of `{parent}`, found a brace")).help(
        "the line before it takes no block, or `{` does not end its line, or `}` is not alone on its line",
    )
}

/// A block inside a response matcher's line.
pub(crate) fn response_matcher(brace: Span) -> Diagnostic {
    error(brace, "expected no block").help("write all of it on one line or in one block")
}

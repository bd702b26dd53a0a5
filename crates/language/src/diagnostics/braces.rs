//! E0003: braces that are missing, unmatched, or on the wrong line.

use super::{Code, Diagnostic, Subject};
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
    error(span, format!("this `{mark}` is never closed"))
        .label("the rest of the file is one word")
        .help(format!("write `{mark}` where the word ends"))
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
    error(word, "a site address cannot end with a brace")
        .help(format!("put a space before the brace: `{address} {{`"))
        .edit(word, format!("{address} {{"), true)
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

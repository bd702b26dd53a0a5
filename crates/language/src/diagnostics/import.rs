//! E0004: an `import` that matches nothing, imports itself, or is malformed.

use std::io::{Error, ErrorKind};
use std::path::Path;

use super::{Applicability, Code, Diagnostic, Subject};
use crate::source::Span;

fn error(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::IMPORT, span, message)
}

/// `import` alone on its line.
pub(crate) fn nothing(keyword: Span) -> Diagnostic {
    error(keyword, "`import` needs the name of a snippet or a file")
        .help("write `import name`, or `import path/to/file`")
}

/// `import ""`.
pub(crate) fn empty_name(pattern: Span) -> Diagnostic {
    error(pattern, "`import` needs the name of a snippet or a file, not an empty one")
}

/// A block without a name in the block of an `import`.
pub(crate) fn unnamed_block(brace: Span) -> Diagnostic {
    error(brace, "a block inside an import's block needs a name")
        .help("write the name that `{blocks.NAME}` uses before the `{`")
}

/// `{args[-1]}`. Caddy 2.11.7 panics here.
pub(crate) fn negative_argument(word: Span, key: &str) -> Diagnostic {
    error(word, format!("`{{{key}}}` counts from the end, which Caddy cannot do"))
        .help("arguments are counted from 0: `{args[0]}` is the first")
}

/// An import that leads back to `file`, through `pattern`.
pub(crate) fn cycle(span: Span, pattern: &str, file: &str) -> Diagnostic {
    error(span, "these imports form a cycle")
        .label(format!("`{pattern}` is being imported already"))
        .help(format!("remove the import from `{file}` that leads back to it"))
}

/// Imports that expand to more than `what`: "1,000 words".
pub(crate) fn too_much(span: Span, what: &str) -> Diagnostic {
    error(span, format!("imports expand to more than {what}"))
        .label("this import exceeds the limit")
        .help("look for a snippet or file that imports another one several times, which does the same")
        .over_limit()
}

/// Several stars, or `[…]`. `full` is the pattern with the folder that it is relative to.
pub(crate) fn two_stars(pattern: Span, full: &str) -> Diagnostic {
    error(pattern, "an import pattern may have only one `*` and one `?`, and no `[…]`")
        .label(format!("means `{full}`"))
        .help("import each folder on a separate line")
}

/// A pattern that cannot match.
pub(crate) fn malformed(pattern: Span, full: &str) -> Diagnostic {
    error(pattern, "this pattern is malformed").label(format!("means `{full}`"))
}

/// What an import that finds nothing has to do with a snippet.
pub(crate) enum Near<'a> {
    /// A snippet with a similar name.
    Snippet(&'a str),
    /// A snippet of this name, which a later line defines.
    Later,
    /// Nothing.
    None,
}

/// Neither a snippet nor a file has this name.
pub(crate) fn unknown(pattern: Span, name: &str, full: &str, near: &Near) -> Diagnostic {
    let fault = error(pattern, format!("unknown snippet or file `{name}`"))
        .about(Subject::MissingImport)
        .label(format!("looked for `{full}`"));
    match near {
        Near::Snippet(near) => fault.help(format!("did you mean the snippet `{near}`?")).edit(
            pattern,
            *near,
            Applicability::Guess,
        ),
        Near::Later => fault.help("a snippet must be defined above the lines that import it"),
        Near::None => fault,
    }
}

/// A file with nothing in it but environment variables that are empty.
pub(crate) fn empty_variables(pattern: Span, path: &Path) -> Diagnostic {
    error(pattern, "this file is empty, because the environment variables in it are empty")
        .label(format!("`{}`", path.display()))
        .help("set the variables, or end the file with a line break")
}

/// A file that cannot be read; `name` is how the import writes it.
pub(crate) fn unreadable(pattern: Span, name: &str, path: &Path, problem: &Error) -> Diagnostic {
    let file = path.display();
    let fault = |message: String| error(pattern, message);
    match problem.kind() {
        ErrorKind::IsADirectory => fault(format!("`{file}` is a folder"))
            .help(format!("to import every file in it, write `{}/*`", name.trim_end_matches('/'))),
        ErrorKind::PermissionDenied => fault(format!("`{file}` may not be read by this user")),
        ErrorKind::InvalidInput => fault(format!("`{file}` is not a regular file"))
            .help("only regular files can be imported: a device or a pipe may have no end"),
        ErrorKind::FileTooLarge => fault(format!("`{file}` cannot be imported: {problem}")).over_limit(),
        ErrorKind::NotFound if problem.get_ref().is_none() && problem.raw_os_error().is_none() => {
            fault(format!("`{file}` cannot be read: it does not exist"))
        }
        _ => fault(format!("`{file}` cannot be read: {problem}")),
    }
}

//! E0301: words that are missing after a name, or are too many.

use std::fmt::Display;

use super::Fault;
use crate::diagnostics::Code;
use crate::syntax::Word;

fn fault(word: &Word, message: impl Into<String>) -> Fault {
    Fault::new(Code::ARGUMENTS, word, message)
}

/// `name` needs `what`: "a duration".
pub(crate) fn missing(name: &Word, what: &str) -> Fault {
    fault(name, format!("`{}` needs {what}", name.text)).label("missing after this")
}

/// `name` takes `what` and not also `word`; an empty `what` stands for no arguments.
pub(crate) fn surplus(word: &Word, name: impl Display, what: &str) -> Fault {
    surplus_of(word, format!("`{name}`"), what)
}

/// As [`surplus`], for what has no name: "an account".
pub(crate) fn surplus_of(word: &Word, subject: impl Display, what: &str) -> Fault {
    let message = if what.is_empty() {
        format!("{subject} takes no arguments")
    } else {
        format!("{subject} takes only {what}")
    };
    fault(word, message).label("one word too many")
}

/// As [`surplus`], where the last argument is a text of several words without quotes. `text` is what it is.
pub(crate) fn surplus_text(word: &Word, name: impl Display, what: &str, text: &str) -> Fault {
    surplus(word, name, what).help(format!("put quotes around a {text} of several words"))
}

/// As [`surplus`], for an option that can be written again for another `thing`.
pub(crate) fn surplus_line(word: &Word, name: &str, what: &str, thing: &str) -> Fault {
    surplus(word, name, what).help(format!("write another `{name}` for another {thing}"))
}

/// `admin off`, and `word` after it.
pub(crate) fn settings_of_what_is_off(word: &Word) -> Fault {
    surplus(word, "admin off", "").help("an admin API that is off has no settings")
}

/// `file_server` with an argument that is neither a matcher nor `browse`.
pub(crate) fn not_browse(word: &Word) -> Fault {
    surplus(word, "file_server", "a matcher and the word `browse`")
        .help("put a folder into the block: `root <path>`; start a path matcher with `/`")
}

/// `handle_response` with a second matcher.
pub(crate) fn second_response_matcher(word: &Word) -> Fault {
    surplus(word, "handle_response", "one response matcher")
        .help("define a single matcher for all of them, in a block")
}

/// The matcher `protocol` with a second protocol.
pub(crate) fn second_protocol(word: &Word) -> Fault {
    surplus(word, "protocol", "one protocol")
        .help("`http` and `https` together match every request; otherwise define a matcher for each")
}

/// `name` has a block at `word`, and may have none. `help` is what to do.
pub(crate) fn no_block(word: &Word, name: impl Display, help: &str) -> Fault {
    fault(word, format!("`{name}` has no block")).help(help)
}

/// A block that may not be empty.
pub(crate) fn empty_block(name: &Word) -> Fault {
    fault(name, format!("the block of `{}` is empty", name.text)).help("remove its braces")
}

/// A word where a block or a matcher belongs.
pub(crate) fn not_a_matcher(word: &Word) -> Fault {
    fault(word, "expected a matcher or a block")
        .help("a matcher is `*`, a path that begins with `/`, or the name of a matcher that begins with `@`")
}

/// A word that looks like a path, where a path is not marked as one.
pub(crate) fn not_a_path(word: &Word) -> Fault {
    fault(word, format!("`{}` is not a matcher", word.text)).help(
        "a path matcher begins with `/`, and has no query: everything from `?` on is not a part of the path",
    )
}

/// `header` with fields on its line and in its block.
pub(crate) fn fields_in_two_places(word: &Word) -> Fault {
    fault(word, "write fields either on the line of `header` or in its block")
        .help("put them all into the block")
}

/// The matcher `header !Field` with a value.
pub(crate) fn value_of_missing_field(word: &Word, field: &str) -> Fault {
    fault(word, format!("`{field}` matches if the field is missing, so it takes no value"))
        .help("remove the value")
}

/// An account of `basic_auth` that lacks a word. None of its words is repeated.
pub(crate) fn account(user: &Word) -> Fault {
    fault(user, "an account needs a user and the hash of a password")
        .help("create the hash with `caddy hash-password`")
}

/// An account on the line of `basic_auth`, as Caddy 1 had it.
pub(crate) fn account_on_line(word: &Word) -> Fault {
    fault(word, "write the account in a block, with a hashed password")
        .help("replace Caddy 1's `basicauth /path user password` with `basic_auth /path {`, and `user <hash>` in the block")
        .help("create the hash with `caddy hash-password`")
}

/// A line of `map` with more `outputs` than there are `destinations`.
pub(crate) fn outputs(word: &Word, outputs: usize, destinations: usize) -> Fault {
    let plural = if destinations == 1 { "" } else { "s" };
    fault(word, format!("this line has {outputs} outputs for {destinations} destination{plural}"))
        .help("add a destination to the `map` line, or remove an output")
}

/// An operation of `uri` with too few or too many words; `usage` is what it takes.
pub(crate) fn uri(operation: &Word, usage: &str) -> Fault {
    fault(operation, format!("wrong number of arguments for `uri {}`", operation.text))
        .help(format!("write `uri {} {usage}`", operation.text))
}

/// A line of `uri query` with too few or too many words.
pub(crate) fn uri_query(key: &Word) -> Fault {
    fault(key, format!("wrong number of arguments for the query parameter `{}`", key.text))
        .help("write `key value` to set, `+key value` to add, `-key` to delete, `old>new` to rename, or `key pattern replacement` to replace")
}

/// The block of `name` lacks what must be set: one of these words.
pub(crate) fn missing_setting(name: &Word, parent: &str, words: &[&str]) -> Fault {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    fault(name, format!("`{parent}` needs {}", words.join(" or ")))
}

/// The block of `name` sets none or several of these groups of words, of which it needs one.
pub(crate) fn not_exactly_one(name: &Word, parent: &str, groups: &[String]) -> Fault {
    fault(name, format!("`{parent}` needs exactly one of: {}", groups.join(", or ")))
}

/// Words on the line of `name` that has no place for more.
pub(crate) fn nothing_more(word: &Word, name: &str) -> Fault {
    fault(word, format!("`{name}` takes nothing more on its line")).label("one word too many")
}

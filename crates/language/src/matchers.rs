//! The request matchers, one a file, and the definitions that combine them.

use std::borrow::Cow;

use crate::config::{MatcherSet, Value};
use crate::diagnostics::Code;
use crate::spec::{Additions, Cursor, Fault, Known, MatcherModule, Parsed, age, plugin, suggest};
use crate::syntax::Word;
use crate::version::Change;

mod client_ip;
mod expression;
mod file;
mod header;
mod header_regexp;
mod host;
mod method;
mod not;
mod path;
mod path_regexp;
mod protocol;
mod query;
mod remote_ip;
mod tls;
mod url_pattern;
mod vars;
mod vars_regexp;

pub(crate) use remote_ip::push_range;

/// Every request matcher of the stock build, by name.
pub static ALL: &[&MatcherModule] = &[
    &client_ip::MATCHER,
    &expression::MATCHER,
    &file::MATCHER,
    &header::MATCHER,
    &header_regexp::MATCHER,
    &host::MATCHER,
    &method::MATCHER,
    &not::MATCHER,
    &path::MATCHER,
    &path_regexp::MATCHER,
    &protocol::MATCHER,
    &query::MATCHER,
    &remote_ip::MATCHER,
    &tls::MATCHER,
    &url_pattern::MATCHER,
    &vars::MATCHER,
    &vars_regexp::MATCHER,
];

/// The matchers, with those that were `added`.
pub fn among(added: Option<&Additions>) -> impl Iterator<Item = &MatcherModule> {
    let is_replaced = move |matcher: &&MatcherModule| {
        added.is_some_and(|added| added.matchers().any(|other| other.name == matcher.name))
    };
    let stock = ALL.iter().copied().filter(move |matcher| !is_replaced(matcher));
    stock.chain(added.into_iter().flat_map(Additions::matchers))
}

/// The matcher called `name`, which may have been `added`.
pub(crate) fn find<'a>(added: Option<&'a Additions>, name: &str) -> Option<&'a MatcherModule> {
    let other = added.and_then(|added| added.matchers().find(|matcher| matcher.name == *name));
    other.or_else(|| ALL.iter().find(|matcher| matcher.name == name).copied())
}

/// Reads a definition: `@name`, and one matcher on its line or several in its block.
pub(crate) fn define(cursor: &mut Cursor) -> Parsed<MatcherSet> {
    cursor.next();
    let name = cursor.text().trim_start_matches('@').to_owned();
    if cursor.next_arg() {
        // A quoted word where a matcher's name belongs is an expression.
        if cursor.word().is_quoted() {
            return Ok(MatcherSet::of("expression", expression(cursor, &name)?));
        }
        cursor.back();
    }
    read_set(cursor, &name)
}

/// Reads the matchers that follow: one on this line, or those of the block that opens on it. Lines of one matcher are
/// read together, as one. `name` is the name of the definition, without `@`; empty inside another matcher.
pub(crate) fn read_set(cursor: &mut Cursor, name: &str) -> Parsed<MatcherSet> {
    let mut lines: Vec<(String, Word, Cow<[Word]>)> = Vec::new();
    let level = cursor.nesting();
    while cursor.next_arg() || cursor.next_block(level) {
        let mut word = cursor.word().clone();
        // Inside another matcher a quoted word is an expression; in a definition that is so only on its own line.
        let is_expression = cursor.version().has(Change::QuotedMatchers);
        let words = if name.is_empty() && word.is_quoted() && is_expression {
            let keyword = keyword_expression(&word);
            let words = vec![keyword.clone(), word];
            word = keyword;
            words.into()
        } else {
            cursor.segment()
        };
        match lines.iter_mut().find(|(known, ..)| *known == word.text) {
            Some((_, _, all)) => all.to_mut().extend(words.into_owned()),
            None => lines.push((word.text.to_string(), word, words)),
        }
    }
    let mut set = MatcherSet::new();
    let known = cursor.known();
    for (matcher, word, words) in lines {
        let mut cursor = cursor.over(words);
        let added = known.as_ref().and_then(|known| known.read_matcher(&matcher, &mut cursor));
        let value = match (added, find(None, &matcher)) {
            (Some(read), _) => read?,
            (None, Some(module)) => {
                age::check_lines(&cursor, age::MATCHER, &matcher, &module.rows)?;
                // Before 2.8.4, they do not know the name.
                let name = if cursor.version().has(Change::NamedMatchers) { name } else { "" };
                module.read(&mut cursor, name)?
            }
            (None, None) => return Err(unknown(known.as_deref(), &matcher, &word)),
        };
        set.insert(&matcher, value);
    }
    Ok(set)
}

/// The fault of a line of `word`, which is for no matcher.
fn unknown(known: Option<&dyn Known>, matcher: &str, word: &Word) -> Fault {
    let fault = Fault::new(Code::MATCHER, word, format!("unknown matcher type `{matcher}`"));
    if let Some(plugin) = plugin::find("matcher", matcher) {
        return fault.plugin(plugin);
    }
    let added = known.into_iter().flat_map(Known::matcher_names);
    match suggest(matcher, ALL.iter().map(|matcher| &*matcher.name).chain(added)) {
        Some(near) => fault.suggest(word, Some(near)),
        None => {
            fault.help("start a matcher line with its type: `path /api/*`, `host example.com`, `method GET`")
        }
    }
}

/// The expression matcher of one quoted word, the current one.
pub(crate) fn expression(cursor: &Cursor, name: &str) -> Parsed<Value> {
    let word = cursor.word();
    let keyword = keyword_expression(word);
    let name = if cursor.version().has(Change::NamedMatchers) { name } else { "" };
    expression::MATCHER.read(&mut cursor.over(vec![keyword, word.clone()]), name)
}

/// The keyword that a lone quoted word stands without. It is quoted as that word is, which shows where a second quoted
/// word follows (measured on Caddy 2.11.7).
fn keyword_expression(word: &Word) -> Word {
    Word { text: "expression".into(), ..word.clone() }
}

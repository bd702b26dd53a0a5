//! `root`: where files are looked for (docs: "root").

use super::vars;
use crate::config::{Fields, Handler, Route};
use crate::lower::{Directive, Exclusive, Lowered, Matcher, Scope};
use crate::spec::{Cursor, Parsed, arguments};
use crate::version::Change;

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::config("root", "<path>", "Sets the root folder for file matchers and file servers", lower)
        .example("root * /srv/www")
        .matcher(Matcher::BeforeValue)
        .exclusive(Exclusive::Yes)
        .makes(&vars::HANDLER);

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Vec<Lowered>> {
    let name = cursor.word().clone();
    let (matcher, path) = matcher_and_value(cursor, scope, "the path of a folder")?;
    let mut fields = Fields::new();
    fields.insert("root", path);
    let handler = Handler::module("vars", fields, name.span);
    Ok(vec![Lowered::Route(Route { matchers: matcher.into_iter().collect(), ..Route::of(handler) })])
}

/// Reads `[<matcher>] <value>`, where a lone argument is the value even if it looks like a matcher.
pub(super) fn matcher_and_value(
    cursor: &mut Cursor,
    scope: &mut Scope,
    what: &str,
) -> Parsed<(Option<crate::config::MatcherSet>, String)> {
    let name = cursor.word().clone();
    // Before 2.8.4, whatever looks like a matcher is one.
    if !cursor.version().has(Change::RootWithoutMatcher) {
        let matcher = scope.take_matcher(cursor);
        cursor.next();
        return Ok((matcher, cursor.one_arg(what)?));
    }
    match cursor.count_args() {
        0 => Err(cursor.missing(&name, what)),
        1 => Ok((None, cursor.need_arg(what)?)),
        2 => {
            let matcher = scope.take_matcher(cursor);
            cursor.next();
            Ok((matcher, cursor.need_arg(what)?))
        }
        _ => {
            let words = cursor.args();
            Err(arguments::surplus_text(&words[2], &name.text, &format!("a matcher and {what}"), "value"))
        }
    }
}

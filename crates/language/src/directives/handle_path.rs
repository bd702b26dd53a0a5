//! `handle_path`: `handle` with the path's prefix stripped (docs: "`handle_path`").

use super::handle;
use crate::config::{Fields, Handler, MatcherSet, Route, json};
use crate::lower::{Directive, Exclusive, Lowered, Matcher, Scope};
use crate::spec::{Cursor, Holds, Parsed, value};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::config(
    "handle_path",
    "<path>",
    "Like `handle`, but removes the path's prefix before its directives run",
    lower,
)
.matcher(Matcher::Path)
.holds(Holds::Directives)
.example("handle_path /static/* {\n\tfile_server\n}")
.sorted_as("handle")
.exclusive(Exclusive::Yes)
.apart()
.makes(&handle::HANDLER);

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Vec<Lowered>> {
    let name = cursor.word().clone();
    if !cursor.next_arg() {
        return Err(cursor.missing(&name, "a path, such as `/static/*`"));
    }
    let path = cursor.owned();
    if !path.starts_with('/') {
        return Err(value::handled_path(cursor.word()));
    }
    let prefix = path.strip_suffix("/*").or_else(|| path.strip_suffix('*')).unwrap_or(&path);
    let mut fields = Fields::new();
    if !prefix.is_empty() {
        fields.insert("strip_path_prefix", prefix);
    }
    let mut routes = vec![Route::of(Handler::module("rewrite", fields, name.span))];
    routes.extend(scope.nested_routes(cursor)?);
    let matcher = MatcherSet::of("path", json!([path]));
    let handler = Handler::subroute(routes, name.span);
    Ok(vec![Lowered::Route(Route { matchers: vec![matcher], ..Route::of(handler) })])
}

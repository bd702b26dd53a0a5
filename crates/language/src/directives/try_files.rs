//! `try_files`: rewrites to the first file that exists (docs: "`try_files`").

use super::rewrite;
use crate::config::{Fields, Handler, MatcherSet, Route, Value};
use crate::lower::{Directive, Lowered, Matcher, Scope};
use crate::source::Span;
use crate::spec::{Conduct, Cursor, Fault, Kind, Parsed, Raises, Row, age, value};
use crate::version::Change;

/// How a file is chosen.
const POLICIES: [&str; 5] =
    ["first_exist", "first_exist_fallback", "smallest_size", "largest_size", "most_recently_modified"];

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::config(
    "try_files",
    "<files...>",
    "Rewrites the URI to the first of these files that exists",
    lower,
)
.matcher(Matcher::Never)
.rows(ROWS)
.example("try_files {path} /index.html")
.apart()
.makes(&rewrite::HANDLER)
.conduct(Conduct { raises: Raises::Asked, ..Conduct::NONE });

const ROWS: &[Row] = &[Row::new(
    "policy",
    "first_exist|first_exist_fallback|smallest_size|largest_size|most_recently_modified",
    Kind::Own,
    "The policy that selects a file",
)];

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Vec<Lowered>> {
    let name = cursor.word().clone();
    let files = cursor.arg_texts();
    if files.is_empty() {
        return Err(cursor.missing(&name, "at least one file, such as `{path}`"));
    }
    let policy = policy(cursor)?;
    let mut routes = Vec::new();
    let mut together: Vec<&str> = Vec::new();
    for file in &files {
        // A file with a query needs a rewrite of its own.
        let Some(at) = file.find('?') else {
            together.push(file);
            continue;
        };
        if !together.is_empty() {
            routes.push(rewrite_to(&std::mem::take(&mut together), "", &policy, name.span));
        }
        routes.push(rewrite_to(&[&file[..at]], &file[at..], &policy, name.span));
    }
    if !together.is_empty() {
        routes.push(rewrite_to(&together, "", &policy, name.span));
    }
    let mut lowered: Vec<_> = routes.into_iter().map(Lowered::Route).collect();
    scope.group_routes(&mut lowered);
    Ok(lowered)
}

fn policy(cursor: &mut Cursor) -> Parsed<String> {
    let mut policy = String::new();
    let level = cursor.nesting();
    while cursor.next_block(level) {
        // Caddy passes over every other word here.
        if cursor.text() != "policy" {
            continue;
        }
        if !policy.is_empty() {
            return Err(Fault::repeated(cursor.word(), "`policy`"));
        }
        policy = cursor.need_arg("the name of a policy")?;
        if policy == "first_exist_fallback" && !cursor.version().has(Change::FallbackPolicy) {
            let (version, since) = (cursor.version(), Change::FallbackPolicy.since());
            return Err(age::form(cursor.word(), version, "this policy", since, "write `first_exist`"));
        }
        if !POLICIES.contains(&policy.as_str()) {
            return Err(value::not_one_of(cursor.word(), "a policy of `try_files`", &POLICIES));
        }
    }
    Ok(policy)
}

/// A route that rewrites to the first of `files`, with `query` behind it.
fn rewrite_to(files: &[&str], query: &str, policy: &str, span: Span) -> Route {
    let mut file = Fields::new();
    file.insert("try_files", files);
    if !policy.is_empty() {
        file.insert("try_policy", policy);
    }
    let matcher = MatcherSet::of("file", Value::Object(file));
    let mut fields = Fields::new();
    fields.insert("uri", format!("{{http.matchers.file.relative}}{query}"));
    Route { matchers: vec![matcher], ..Route::of(Handler::module("rewrite", fields, span)) }
}

//! `handle_errors`: directives for errors (docs: "`handle_errors`").

use crate::config::{Handler, MatcherSet, Route, Value};
use crate::lower::{Directive, Lowered, Matcher, Scope};
use crate::spec::{Cursor, Holds, Parsed, age, value};
use crate::syntax::Word;
use crate::version::Change;

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::config(
    "handle_errors",
    "[<codes...>]",
    "Runs directives when another directive raises an error, for all errors or for these status codes",
    lower,
)
.matcher(Matcher::Never)
.holds(Holds::Directives)
.example("handle_errors 404 5xx {\n\trespond \"{err.status_code} {err.status_text}\"\n}")
.of_sites();

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Vec<Lowered>> {
    let name = cursor.word().clone();
    let codes = cursor.args();
    let version = scope.state.version();
    if let Some(code) = codes.first().filter(|_| !version.has(Change::ErrorCodes)) {
        let instead = "match `{http.error.status_code}` in an `expression`";
        return Err(age::form(
            code,
            version,
            "codes of `handle_errors`",
            Change::ErrorCodes.since(),
            instead,
        ));
    }
    let condition = condition(&codes)?;
    let mut routes = scope.nested_routes(cursor)?;
    if !scope.state.version().has(Change::ErrorsInSubroute) {
        // The matcher of codes takes the place of those that the routes have.
        for route in routes.iter_mut().filter(|_| !condition.is_empty()) {
            route.matchers = vec![MatcherSet::of("expression", Value::from(condition.as_str()))];
        }
        return Ok(vec![Lowered::ErrorRoutes(routes)]);
    }
    let handler = Handler::subroute(routes, name.span);
    let mut route = Route::of(handler);
    if !condition.is_empty() {
        let set = MatcherSet::of("expression", Value::from(condition));
        route.matchers.push(set);
    }
    Ok(vec![Lowered::ErrorRoutes(vec![route])])
}

/// The expression that is true for the given codes: classes such as `5xx` first, single codes in one list.
fn condition(args: &[Word]) -> Parsed<String> {
    let mut parts = Vec::new();
    let mut codes = Vec::new();
    for word in args {
        let text = word.text.as_str();
        if text.len() != 3 {
            return Err(value::error_status(word));
        }
        if let Some(class) = text.strip_suffix("xx") {
            crate::go::atoi(class).ok_or_else(|| value::error_status(word))?;
            parts.push(format!(
                "{{http.error.status_code}} >= {class}00 && {{http.error.status_code}} <= {class}99"
            ));
        } else {
            crate::go::atoi(text).ok_or_else(|| value::error_status(word))?;
            codes.push(text);
        }
    }
    if !codes.is_empty() {
        parts.push(format!("{{http.error.status_code}} in [{}]", codes.join(", ")));
    }
    Ok(parts.join(" || "))
}

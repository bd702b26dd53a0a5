//! Whether a request is one that matchers ask for. Rules measured on Caddy 2.11.7.

mod any_order;
mod evaluate;
mod file;
mod host;
mod path;
mod url_pattern;

use super::message::host_of;
use super::operations::headers_match;
use super::program::{Expression, Matcher, MatcherSet, NamedRegexp, Ranges};
use super::query::Query;
use super::ranges::{Range, address};
use super::state::{Raised, State};
use super::url::clean_path;
use super::value::Value;
use caddyctl_language::go::canonical_header;

/// Whether one of the sets holds; without sets every request matches.
pub(super) fn any_set(state: &mut State<'_>, sets: &[MatcherSet]) -> Result<bool, Raised> {
    for set in sets {
        if all(state, set)? {
            return Ok(true);
        }
    }
    Ok(sets.is_empty())
}

/// Whether all matchers of a set hold. Caddy asks them in any order, so one that raises an error beside one that does not
/// hold leaves both open, and so does one that keeps what it captured.
pub(super) fn all(state: &mut State<'_>, set: &MatcherSet) -> Result<bool, Raised> {
    if set.matchers.len() > 1 && set.matchers.iter().any(captures) {
        let matchers = &set.matchers;
        return any_order::all(state, matchers.len(), &mut |state, number| matches(state, &matchers[number]));
    }
    let mut failed = false;
    let open = state.notes.undecided.len();
    for matcher in set.matchers.iter().filter(|matcher| !may_raise(matcher)) {
        let before = state.notes.undecided.len();
        if !matches(state, matcher)? {
            failed = true;
            // One that certainly does not hold decides, whatever the others left open.
            if state.notes.undecided.len() == before {
                state.notes.undecided.truncate(open);
                break;
            }
        }
    }
    let mut raised = None;
    for matcher in set.matchers.iter().filter(|matcher| may_raise(matcher)) {
        match matches(state, matcher) {
            Ok(true) => {}
            Ok(false) => failed = true,
            Err(error @ (Raised::Abort | Raised::Unknown(_))) if !failed => return Err(error),
            Err(error) => raised = Some(error),
        }
    }
    any_order::verdict(state, raised, failed)
}

/// Whether a matcher keeps what it captured.
fn captures(matcher: &Matcher) -> bool {
    match matcher {
        Matcher::PathRegexp(_)
        | Matcher::HeaderRegexp(_)
        | Matcher::VarsRegexp(_)
        | Matcher::File(_)
        | Matcher::UrlPattern { .. } => true,
        Matcher::Expression(expression) => {
            ["_regexp(", "file(", "url_pattern("].iter().any(|call| expression.text.contains(call))
        }
        Matcher::Not(sets) => sets.iter().flat_map(|set| &set.matchers).any(captures),
        _ => false,
    }
}

/// Whether a matcher can raise an error.
fn may_raise(matcher: &Matcher) -> bool {
    match matcher {
        Matcher::Expression(_) | Matcher::Unknown(_) => true,
        Matcher::File(file) => file.try_files.iter().any(|pattern| pattern.starts_with('=')),
        Matcher::Not(sets) => sets.iter().flat_map(|set| &set.matchers).any(may_raise),
        _ => false,
    }
}

/// Whether one matcher holds.
pub(super) fn matches(state: &mut State<'_>, matcher: &Matcher) -> Result<bool, Raised> {
    Ok(match matcher {
        Matcher::Host(hosts) => host::matches(state, hosts),
        Matcher::Path(patterns) => path::matches(state, patterns),
        Matcher::PathRegexp(regexp) => {
            let path = clean_path(&state.request.url.path, true);
            captured(state, regexp, &path)
        }
        Matcher::Method(methods) => methods.contains(&state.request.method),
        Matcher::Header(wanted) => {
            let host = [state.request.host.clone()];
            headers_match(wanted, |name| values(state, name, &host), &|text| state.fill(text).into_owned())
        }
        Matcher::HeaderRegexp(wanted) => {
            let mut ask = |state: &mut State<'_>, number: usize| {
                let (name, regexp) = &wanted[number];
                let host = [state.request.host.clone()];
                let values = values(state, name, &host).unwrap_or_default().to_vec();
                Ok(values.iter().any(|value| captured(state, regexp, value)))
            };
            match wanted.len() {
                1 => ask(state, 0)?,
                count => any_order::all(state, count, &mut ask)?,
            }
        }
        Matcher::Query(wanted) => query(state, wanted),
        Matcher::Protocol(name) => protocol(state, name),
        Matcher::Tls { handshake_complete } => state.connection.tls && *handshake_complete != Some(false),
        Matcher::RemoteIp(ranges) => contains(state, ranges, &state.connection.client),
        Matcher::ClientIp(ranges) => contains(state, ranges, &state.client_ip),
        Matcher::Vars(wanted) => {
            wanted.is_empty()
                || wanted.iter().any(|(name, values)| {
                    let value = variable(state, name).plain();
                    values.iter().any(|text| state.fill(text) == value)
                })
        }
        Matcher::VarsRegexp(wanted) => {
            let mut ask = |state: &mut State<'_>, number: usize| {
                let (name, regexp) = &wanted[number];
                let value = variable(state, name).plain();
                captured(state, regexp, &value)
            };
            match wanted.len() {
                1 => ask(state, 0),
                count => any_order::any(state, count, &mut ask),
            }
        }
        Matcher::File(config) => file::matches(state, config)?,
        Matcher::Expression(expression) => expression_holds(state, expression)?,
        Matcher::UrlPattern { pattern, base, ignores_case } => {
            url_pattern::matches(state, pattern, base, *ignores_case)
        }
        Matcher::Not(sets) => {
            for set in sets {
                if all(state, set)? {
                    return Ok(false);
                }
            }
            true
        }
        Matcher::Unknown(name) => {
            return Err(Raised::Unknown(format!("the matcher `{name}` is not modelled")));
        }
    })
}

fn expression_holds(state: &mut State<'_>, expression: &Expression) -> Result<bool, Raised> {
    let Some(tree) = expression.tree() else {
        return Err(Raised::Unknown("Caddy does not accept the expression".to_owned()));
    };
    evaluate::holds(state, tree, &expression.name, &mut |state, matcher| matches(state, matcher))
}

/// Keeps what a regular expression captures, if it matches.
pub(super) fn captured(state: &mut State<'_>, regexp: &NamedRegexp, input: &str) -> bool {
    let Some(captures) = regexp.regexp.captures(input) else { return false };
    let mut found = Vec::new();
    for (number, group_name) in regexp.regexp.names().enumerate() {
        let text = captures.get(number).map_or("", |group| group.as_str()).to_owned();
        if let Some(group_name) = group_name {
            found.push((group_name.to_owned(), text.clone()));
        }
        found.push((number.to_string(), text));
    }
    for (key, text) in found {
        if !regexp.name.is_empty() {
            state.set(format!("http.regexp.{}.{key}", regexp.name), text.clone());
        }
        state.set(format!("http.regexp.{key}"), text);
    }
    true
}

/// The values of a header field; Host is not among the fields.
fn values<'s>(state: &'s State<'_>, name: &str, host: &'s [String; 1]) -> Option<&'s [String]> {
    let name = canonical_header(name);
    match name.as_str() {
        "Host" if !host[0].is_empty() => Some(host),
        "Transfer-Encoding" if !state.request.headers.has(&name) => {
            let encodings = &state.request.transfer_encoding;
            (!encodings.is_empty()).then_some(encodings.as_slice())
        }
        _ => state.request.headers.values(&name),
    }
}

fn query(state: &State<'_>, wanted: &[(String, Vec<String>)]) -> bool {
    let query = Query::parse(&state.request.url.query);
    if wanted.is_empty() {
        return query.is_empty();
    }
    let has = |(key, values): &(String, Vec<String>)| {
        let Some(actual) = query.get(&state.fill(key)) else { return false };
        values.iter().any(|value| {
            let value = state.fill(value);
            value == "*" || actual.iter().any(|actual| *actual == value)
        })
    };
    query.is_sound && if state.wants_all_keys() { wanted.iter().all(has) } else { wanted.iter().any(has) }
}

fn protocol(state: &State<'_>, name: &str) -> bool {
    let minor = state.request.minor;
    match name {
        "grpc" => state.request.headers.first("Content-Type").starts_with("application/grpc"),
        "https" => state.connection.tls,
        "http" => !state.connection.tls,
        "http/1.0" => minor == 0,
        "http/1.0+" => true,
        "http/1.1" => minor == 1,
        "http/1.1+" => minor >= 1,
        _ => false,
    }
}

fn contains(state: &State<'_>, ranges: &Ranges, client: &str) -> bool {
    let host = host_of(client);
    let Some((ip, zone)) = address(&host) else { return false };
    let has = |range: &Range| range.contains(ip) && (range.zone.is_empty() || range.zone == zone);
    ranges.known.iter().any(has)
        || ranges
            .open
            .iter()
            .any(|text| state.fill(text).split_whitespace().filter_map(Range::parse).any(|range| has(&range)))
}

/// A variable by name, or what a placeholder stands for.
fn variable(state: &State<'_>, name: &str) -> Value {
    let is_placeholder = name.starts_with('{') && name.ends_with('}') && name.matches('{').count() == 1;
    if is_placeholder {
        return state.get(name.trim_matches(['{', '}'])).unwrap_or_default();
    }
    state.vars.get(name).cloned().unwrap_or_default()
}

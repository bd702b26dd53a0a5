//! Requests that should reach a route: made from its matchers, and from those of the routes that it is in.

use super::input::Request;
use super::program::{Handler, Kind, Matcher, MatcherSet, Place, Program, Route, Server};
use super::words;

/// The most requests that are tried for one route.
const MOST: usize = 64;

/// A route with an end of its own, and requests that may reach it.
#[derive(Clone, Debug)]
pub struct Aim {
    /// Where the route is.
    pub place: Place,
    /// Its matchers in words.
    pub words: String,
    /// Requests, the simplest first.
    pub requests: Vec<Request>,
}

/// The way to a route: requests that satisfy all matchers so far.
type Way = Vec<Request>;

impl Program<'_> {
    /// The innermost routes in the order in which Caddy tries them, each with requests that may reach it. Routes for errors and
    /// those that Caddy adds by itself are not among them.
    pub fn aims(&self) -> Vec<Aim> {
        let mut aims = Vec::new();
        for server in &self.servers {
            let start = vec![self.first(server)];
            for number in 0..server.top.len() {
                if let Some(found) = server.top.get(number).filter(|route| !route.place.pointer.is_empty()) {
                    follow(&mut aims, server, found, &start, 0);
                }
            }
        }
        aims
    }

    /// A request to a server: its scheme, its address and its port.
    fn first(&self, server: &Server<'_>) -> Request {
        let tls = server.policies.is_some();
        let usual = if tls { self.https_port } else { self.http_port };
        let listen = server.listen.iter().find(|listen| !listen.network.starts_with("udp"));
        let port = listen.map(|listen| listen.first).filter(|port| *port != usual);
        let mut request = Request { tls, port, ..Request::default() };
        if let Some(listen) = listen.filter(|listen| listen.host.parse::<std::net::IpAddr>().is_ok()) {
            request.to.clone_from(&listen.host);
        }
        host(&mut request, "localhost");
        request
    }
}

/// Sets the host, with the port that is connected to.
fn host(request: &mut Request, name: &str) {
    request.host = Some(match request.port {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    });
}

fn follow(aims: &mut Vec<Aim>, server: &Server<'_>, route: &Route, ways: &Way, depth: usize) {
    if depth > 100 {
        return;
    }
    let ways = if route.sets.is_empty() {
        ways.clone()
    } else {
        route.sets.iter().flat_map(|set| set_ways(ways, set)).take(MOST).collect()
    };
    let mut inner = Vec::new();
    let mut is_end = false;
    for handler in &route.handlers {
        match nested(server, handler) {
            Some(routes) => inner.extend(routes),
            None => is_end = true,
        }
    }
    if is_end {
        let sets: Vec<String> = route.sets.iter().map(set_words).collect();
        aims.push(Aim { place: route.place.clone(), words: sets.join(" or "), requests: ways.clone() });
    }
    for one in inner {
        follow(aims, server, one, &ways, depth + 1);
    }
}

/// The routes of a handler that has only those.
fn nested<'s>(server: &'s Server<'_>, handler: &'s Handler) -> Option<Vec<&'s Route>> {
    match &handler.kind {
        Kind::Subroute { routes, .. } => Some(routes.iter().collect()),
        Kind::Invoke(name) => Some(server.named.get(name).into_iter().collect()),
        _ => None,
    }
}

fn set_words(set: &MatcherSet) -> String {
    set.matchers.iter().map(words::matcher).collect::<Vec<_>>().join(" and ")
}

/// The requests of `ways`, changed so that all matchers of a set hold, as far as that is known.
fn set_ways(ways: &Way, set: &MatcherSet) -> Way {
    let mut found = ways.clone();
    for matcher in &set.matchers {
        let changed: Vec<Request> =
            found.iter().flat_map(|request| changes(request, matcher)).take(MOST).collect();
        if !changed.is_empty() {
            found = changed;
        }
    }
    found
}

/// Requests like `request` for which a matcher should hold; none where nothing is known.
fn changes(request: &Request, matcher: &Matcher) -> Vec<Request> {
    let with = |change: &dyn Fn(&mut Request)| {
        let mut other = request.clone();
        change(&mut other);
        other
    };
    match matcher {
        Matcher::Host(hosts) => {
            let names = hosts.all.iter().filter(|name| !name.contains('{'));
            names.map(|name| with(&|request| host(request, &name.replace('*', "a")))).collect()
        }
        Matcher::Path(patterns) => {
            let patterns = patterns.iter().filter(|pattern| !pattern.contains('{'));
            patterns
                .flat_map(|pattern| paths(pattern))
                .map(|path| with(&|request| set_path(request, &path)))
                .collect()
        }
        Matcher::PathRegexp(regexp) => samples(&regexp.regexp.pattern)
            .into_iter()
            .map(|path| with(&|request| set_path(request, &path)))
            .collect(),
        Matcher::Method(methods) => {
            methods.iter().take(4).map(|method| with(&|request| request.method.clone_from(method))).collect()
        }
        Matcher::Header(fields) => vec![with(&|request| {
            for (name, values) in fields {
                let Some(values) = values else { continue };
                let value = values.first().map_or("1", |value| if value == "*" { "1" } else { value });
                set_header(request, name, &value.replace('*', ""));
            }
        })],
        Matcher::HeaderRegexp(fields) => vec![with(&|request| {
            for (name, regexp) in fields {
                if let Some(value) = samples(&regexp.regexp.pattern).first() {
                    set_header(request, name, value.trim_start_matches('/'));
                }
            }
        })],
        Matcher::Query(pairs) => vec![with(&|request| {
            let pairs = pairs.iter().map(|(key, values)| {
                let value = values.first().map_or("1", |value| if value == "*" { "1" } else { value });
                format!("{key}={value}")
            });
            let query: Vec<String> = pairs.collect();
            let path = request.target.split('?').next().unwrap_or_default();
            request.target = format!("{path}?{}", query.join("&"));
        })],
        Matcher::RemoteIp(ranges) | Matcher::ClientIp(ranges) => {
            let texts = ranges.texts();
            let addresses = texts.iter().filter_map(|text| text.split('/').next());
            let is_address = |text: &&str| text.parse::<std::net::IpAddr>().is_ok();
            addresses
                .filter(is_address)
                .take(2)
                .map(|from| with(&|request| from.clone_into(&mut request.from)))
                .collect()
        }
        // What holds for a usual request needs no change.
        _ => Vec::new(),
    }
}

fn set_path(request: &mut Request, path: &str) {
    let query = request.target.split_once('?').map(|(_, query)| query.to_owned());
    request.target = match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
}

fn set_header(request: &mut Request, name: &str, value: &str) {
    if name.eq_ignore_ascii_case("Host") {
        request.host = Some(value.to_owned());
        return;
    }
    request.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    request.headers.push((name.to_owned(), value.to_owned()));
}

/// Paths that a pattern of `path` takes.
fn paths(pattern: &str) -> Vec<String> {
    let rooted = |text: String| if text.starts_with('/') { text } else { format!("/{text}") };
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(rest), _) => vec![rooted(format!("x{}", rest.replace('*', "")))],
        (None, Some(before)) => {
            let before = before.replace('*', "x");
            vec![rooted(format!("{before}x")), rooted(before)]
        }
        _ => vec![rooted(pattern.replace('*', "x"))],
    }
}

/// Texts that an expression may match: its literal parts with one choice for each alternative.
fn samples(pattern: &str) -> Vec<String> {
    let Some(regex) = super::regexp::compile(pattern) else { return Vec::new() };
    let mut plain = String::new();
    let mut letters = pattern.trim_start_matches("(?i)").chars().peekable();
    let (mut depth, mut skipped) = (0_u32, None);
    while let Some(letter) = letters.next() {
        if skipped.is_some_and(|level| level <= depth) {
            match letter {
                '(' => depth += 1,
                ')' => {
                    if skipped == Some(depth) {
                        skipped = None;
                    }
                    depth -= 1;
                }
                '\\' => drop(letters.next()),
                _ => {}
            }
            continue;
        }
        match letter {
            '^' | '$' | '*' | '?' | '+' => {}
            '.' => plain.push('x'),
            '(' => {
                depth += 1;
                if letters.peek() == Some(&'?') {
                    for inner in letters.by_ref() {
                        if matches!(inner, ':' | '>') {
                            break;
                        }
                    }
                }
            }
            ')' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => break,
            '|' => skipped = Some(depth),
            '[' => {
                let mut first = None;
                for inner in letters.by_ref() {
                    match inner {
                        ']' if first.is_some() => break,
                        _ if first.is_none() => first = Some(inner),
                        _ => {}
                    }
                }
                plain.push(match first {
                    Some('^') | None => 'x',
                    Some('\\') => '1',
                    Some(other) => other,
                });
            }
            '{' => {
                for inner in letters.by_ref() {
                    if inner == '}' {
                        break;
                    }
                }
            }
            '\\' => match letters.next() {
                Some('d') => plain.push('1'),
                Some('w') => plain.push('x'),
                Some('s') => plain.push(' '),
                Some(other) if !other.is_alphanumeric() => plain.push(other),
                _ => {}
            },
            other => plain.push(other),
        }
    }
    let candidates =
        [plain.clone(), format!("/{plain}"), format!("/x{plain}"), format!("/{plain}x"), "/".to_owned()];
    let fits = |text: &String| text.starts_with('/') && regex.is_match(text);
    candidates.into_iter().filter(|text| fits(text)).take(2).collect()
}

#[cfg(test)]
mod tests {
    use super::{paths, samples};

    #[test]
    fn samples_match() {
        for pattern in [
            "^/api/v[0-9]+/",
            r"\.(css|js|png)$",
            "/(?P<name>a|b)/c",
            "^/(wp-admin|wp-login)",
            r"^/\d+$",
            "(?i)/Admin",
            ".*",
        ] {
            assert!(!samples(pattern).is_empty(), "{pattern}");
        }
        assert_eq!(paths("*.php"), ["/x.php"]);
        assert_eq!(paths("/api/*"), ["/api/x", "/api/"]);
        assert_eq!(paths("*/x/*"), ["/x/x/"]);
    }
}

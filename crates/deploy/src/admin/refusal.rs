//! From Caddy's words to a place in its JSON: "server srv0: … route 1: … position 0" is a path.

use caddyctl_language::config::pointer::escape;

/// The JSON pointer that an error message of Caddy's `/load` walks down to; `None` when it names no place.
///
/// The form is measured on Caddy 2.11.7: the messages of each level, outermost first, joined by `: `.
pub fn pointer(message: &str) -> Option<String> {
    use std::fmt::Write as _;

    let mut pointer = String::new();
    let mut in_errors = false;
    let mut is_matcher = false;
    for part in message.split(": ") {
        let (word, rest) = part.rsplit_once(' ').unwrap_or((part, ""));
        let number = rest.parse::<usize>().ok();
        match (word, number) {
            ("server", _) if pointer.is_empty() => pointer = format!("/apps/http/servers/{}", escape(rest)),
            ("setting up error handling", _) => in_errors = true,
            ("setting up route", _) => is_matcher = rest == "matchers",
            ("route", Some(number)) if !pointer.is_empty() => {
                let errors = if std::mem::take(&mut in_errors) { "/errors" } else { "" };
                let _ = write!(pointer, "{errors}/routes/{number}");
            }
            ("position", Some(number)) if pointer.starts_with("/apps/http") && !is_matcher => {
                let _ = write!(pointer, "/handle/{number}");
            }
            ("provisioning automation policy", Some(number)) => {
                pointer = format!("/apps/tls/automation/policies/{number}");
            }
            ("position", Some(number)) if pointer.starts_with("/apps/tls") => {
                let _ = write!(pointer, "/issuers/{number}");
            }
            _ => {}
        }
    }
    Some(pointer).filter(|pointer| !pointer.is_empty())
}

/// What is wrong, without the way to it: the words after the last step of the way.
pub fn essence(message: &str) -> &str {
    const STEPS: [&str; 4] = ["loading module '", "provision ", "position ", "loading new config"];
    let last = STEPS.iter().filter_map(|step| message.rfind(step)).max();
    last.and_then(|at| message[at..].split_once(": ")).map_or(message, |(_, rest)| rest)
}

/// `message` without what only a programmer of Caddy can read: values of Go's types, and an empty chain of imports.
pub fn readable(message: &str) -> String {
    let mut text = String::with_capacity(message.len());
    let mut rest = message;
    while let Some((before, value)) = next_struct(rest) {
        text.push_str(before);
        // `opening log writer using &logging.FileWriter{…}: open /var/log/x: permission denied`
        let kept = text.trim_end().strip_suffix("using").or_else(|| text.trim_end().strip_suffix("with"));
        match kept.map(|kept| kept.trim_end().len()) {
            Some(length) => text.truncate(length),
            None => text.push_str(value.split_once('{').map_or("", |(name, _)| name).trim_start_matches('&')),
        }
        rest = &rest[before.len() + value.len()..];
    }
    text.push_str(rest);
    without_chain(&text).to_owned()
}

/// `text` without the chain of imports at its end, where that names no import.
pub fn without_chain(text: &str) -> &str {
    text.trim_end()
        .strip_suffix("import chain: ['']")
        .map_or(text, |text| text.trim_end().trim_end_matches(','))
}

/// `text` of at most `most` characters; what is cut is its end.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// The text before the first value of a struct of Go, and that value: `&logging.FileWriter{Filename:"x"}`.
fn next_struct(text: &str) -> Option<(&str, &str)> {
    for (at, _) in text.match_indices('{') {
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '[' | ']' | '*');
        let start = text[..at].rfind(|c| !is_of_name(c)).map_or(0, |before| before + 1);
        let name = &text[start..at];
        let start = if text[..start].ends_with('&') { start - 1 } else { start };
        let of_package = |name: &str| {
            name.rsplit_once('.').is_some_and(|(package, name)| {
                package.starts_with(|c: char| c.is_ascii_lowercase() || matches!(c, '[' | '*'))
                    && name.starts_with(|c: char| c.is_ascii_uppercase())
            })
        };
        let is_struct = of_package(name) || (name.is_empty() && text[..at].ends_with('&'));
        if let (true, Some(end)) = (is_struct, closing(&text[at..])) {
            return Some((&text[..start], &text[start..at + end]));
        }
    }
    None
}

/// Where the brace that `text` begins with is closed; after the last byte where it never is.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' if !quoted => depth += 1,
            '}' if !quoted => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    Some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_values_of_go() {
        for (message, expected) in [
            (
                "setting up custom log 'log0': opening log writer using &logging.FileWriter{Filename:\"/var/log/a {b.log\", \
                 Mode:0x180, Roll:(*bool)(nil), Inner:x.Y{A:1}}: open /var/log/a.log: permission denied",
                "setting up custom log 'log0': opening log writer: open /var/log/a.log: permission denied",
            ),
            ("a &{1 2} b", "a  b"),
            ("module value caddy.Duration{5}: no", "module value caddy.Duration: no"),
            (
                "unexpected token '{', expecting '}', at Caddyfile:1 import chain: ['']",
                "unexpected token '{', expecting '}', at Caddyfile:1",
            ),
            ("a placeholder {http.request.uri} and {$X}", "a placeholder {http.request.uri} and {$X}"),
            ("cut logging.FileWriter{Filename:\"x", "cut logging.FileWriter"),
        ] {
            assert_eq!(readable(message), expected);
        }
        assert_eq!(shortened("äöü", 2), "äö…");
        assert_eq!(shortened("äöü", 3), "äöü");
    }

    #[test]
    fn places() {
        for (message, place, what) in [
            (
                "loading config: loading new config: loading http app module: provision http: server srv0: setting up \
                 route handlers: route 1: loading handler modules: position 1: loading module 'subroute': provision \
                 http.handlers.subroute: setting up subroutes: route 0: loading handler modules: position 0: loading \
                 module 'nope': unknown module: http.handlers.nope",
                Some("/apps/http/servers/srv0/routes/1/handle/1/routes/0/handle/0"),
                "unknown module: http.handlers.nope",
            ),
            (
                "loading config: loading new config: loading http app module: provision http: server srv0: setting up \
                 error handling routes: route 0: loading handler modules: position 0: loading module 'nope': unknown \
                 module: http.handlers.nope",
                Some("/apps/http/servers/srv0/errors/routes/0/handle/0"),
                "unknown module: http.handlers.nope",
            ),
            (
                "provision tls: provisioning automation policy 2: loading TLS automation management module: position \
                 0: loading module 'zz': unknown module: tls.issuance.zz",
                Some("/apps/tls/automation/policies/2/issuers/0"),
                "unknown module: tls.issuance.zz",
            ),
            (
                "loading config: loading new config: http app module: start: listening on x: no such host",
                None,
                "http app module: start: listening on x: no such host",
            ),
        ] {
            assert_eq!((pointer(message).as_deref(), essence(message)), (place, what));
        }
    }
}

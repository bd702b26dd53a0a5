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

#[cfg(test)]
mod tests {
    use super::*;

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

//! A request of a log, as reports show it.

use crate::requests::Request;
use caddyctl_language::source::secrets;

/// The longest sample in characters.
const LONGEST: usize = 200;

/// Method and URL. Without `shows_secrets` the values of the query are `***`, and what looks like a secret in the path is hidden.
pub(super) fn sample(request: &Request, shows_secrets: bool) -> String {
    let scheme = if request.tls { "https" } else { "http" };
    let host = request.host.as_deref().unwrap_or_default();
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let mut target = path.to_owned();
    if !query.is_empty() {
        let pairs = query.split('&').map(|pair| match pair.split_once('=') {
            Some((key, _)) if !shows_secrets => format!("{key}=***"),
            _ => pair.to_owned(),
        });
        target = format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"));
    }
    let text = format!("{} {scheme}://{host}{target}", request.method);
    let text = if shows_secrets { text } else { secrets::hide_within(&text) };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_masked() {
        let request = Request {
            tls: true,
            host: Some("a.test".to_owned()),
            target: "/x?token=abc&q=1&flag".to_owned(),
            ..Request::default()
        };
        assert_eq!(sample(&request, false), "GET https://a.test/x?token=***&q=***&flag");
        assert_eq!(sample(&request, true), "GET https://a.test/x?token=abc&q=1&flag");
    }
}

//! Placeholder shorthands: `{host}` for `{http.request.host}` and the like (Caddyfile concepts, "Placeholders").

use ecow::EcoString;

use crate::version::{Change, Version};

/// Shorthands that stand for exactly one placeholder.
const SIMPLE: &[(&str, &str)] = &[
    ("host", "http.request.host"),
    ("hostport", "http.request.hostport"),
    ("port", "http.request.port"),
    ("orig_method", "http.request.orig_method"),
    ("orig_uri", "http.request.orig_uri"),
    ("orig_path", "http.request.orig_uri.path"),
    ("orig_dir", "http.request.orig_uri.path.dir"),
    ("orig_file", "http.request.orig_uri.path.file"),
    ("orig_query", "http.request.orig_uri.query"),
    ("orig_?query", "http.request.orig_uri.prefixed_query"),
    ("method", "http.request.method"),
    ("uri", "http.request.uri"),
    ("%uri", "http.request.uri_escaped"),
    ("path", "http.request.uri.path"),
    ("%path", "http.request.uri.path_escaped"),
    ("dir", "http.request.uri.path.dir"),
    ("file", "http.request.uri.path.file"),
    ("query", "http.request.uri.query"),
    ("%query", "http.request.uri.query_escaped"),
    ("?query", "http.request.uri.prefixed_query"),
    ("remote", "http.request.remote"),
    ("remote_host", "http.request.remote.host"),
    ("remote_port", "http.request.remote.port"),
    ("scheme", "http.request.scheme"),
    ("uuid", "http.request.uuid"),
    ("tls_cipher", "http.request.tls.cipher_suite"),
    ("tls_version", "http.request.tls.version"),
    ("tls_client_fingerprint", "http.request.tls.client.fingerprint"),
    ("tls_client_issuer", "http.request.tls.client.issuer"),
    ("tls_client_serial", "http.request.tls.client.serial"),
    ("tls_client_subject", "http.request.tls.client.subject"),
    ("tls_client_certificate_pem", "http.request.tls.client.certificate_pem"),
    ("tls_client_certificate_der_base64", "http.request.tls.client.certificate_der_base64"),
    ("upstream_hostport", "http.reverse_proxy.upstream.hostport"),
    ("client_ip", "http.vars.client_ip"),
];

/// Shorthands with a last part of the user's, and whether that part may have dots.
const WITH_NAME: &[(&str, &str, bool)] = &[
    ("header.", "http.request.header.", false),
    ("cookie.", "http.request.cookie.", false),
    ("labels.", "http.request.host.labels.", false),
    ("path.", "http.request.uri.path.", false),
    ("file.", "http.request.uri.path.file.", false),
    ("query.", "http.request.uri.query.", false),
    ("re.", "http.regexp.", true),
    ("vars.", "http.vars.", false),
    ("rp.", "http.reverse_proxy.", true),
    ("resp.", "http.intercept.", true),
    ("err.", "http.error.", true),
    ("file_match.", "http.matchers.file.", false),
];

/// Every shorthand as it is written, and the placeholder that it stands for; `*` is a part of the user's.
pub fn shorthands() -> impl Iterator<Item = (String, String)> {
    let simple = SIMPLE.iter().map(|(short, long)| (format!("{{{short}}}"), format!("{{{long}}}")));
    let named = WITH_NAME.iter().map(|(short, long, _)| (format!("{{{short}*}}"), format!("{{{long}*}}")));
    simple.chain(named)
}

/// Replaces every shorthand in `text`, also inside longer words; `None` when there is none.
pub fn replace_shorthands(text: &str, version: Version) -> Option<EcoString> {
    // Of most words that is all there is to see.
    if !text.as_bytes().contains(&b'{') {
        return None;
    }
    let mut out = EcoString::new();
    let mut copied = 0;
    let mut search = 0;
    while let Some(open) = text[search..].find('{').map(|at| at + search) {
        search = open + 1;
        // No shorthand has a brace inside, so the next one of either kind decides.
        let Some(close) = text[search..].find(['{', '}']).map(|at| at + search) else { break };
        if text.as_bytes()[close] == b'{' {
            continue;
        }
        let inner = &text[search..close];
        if let Some((prefix, rest)) = full_name(inner, version) {
            out.push_str(&text[copied..search]);
            out.push_str(prefix);
            out.push_str(rest);
            copied = close;
        }
        search = close + 1;
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&text[copied..]);
    Some(out)
}

/// The full name in two parts.
fn full_name(inner: &str, version: Version) -> Option<(&'static str, &str)> {
    let is_known = |short: &str| {
        (!short.starts_with('%') || version.has(Change::EscapedShorthands))
            && (!(short.starts_with("orig_") || short == "?query") || version.has(Change::OriginalShorthands))
    };
    if let Some((_, full)) = SIMPLE.iter().find(|(short, _)| *short == inner && is_known(short)) {
        return Some((full, ""));
    }
    WITH_NAME.iter().find_map(|(short, full, dots)| {
        let rest = inner.strip_prefix(short)?;
        // Before 2.8.4, a group of a regular expression has the name of the expression, too.
        if !version.has(Change::NamedMatchers)
            && (*short == "resp." || (*short == "re." && rest.matches('.').count() != 1))
        {
            return None;
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || (*dots && c == '.');
        rest.chars().all(allowed).then_some((*full, rest))
    })
}

/// The shorthand that `text` was, if it is the full name of one: `map` refuses such destinations.
pub(crate) fn is_replaced_shorthand(text: &str) -> Option<&'static str> {
    let trimmed = text.trim_matches(['{', '}']);
    SIMPLE.iter().find(|(_, full)| *full == trimmed).map(|(short, _)| *short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shorthands() {
        for (text, replaced) in [
            ("{host}", "{http.request.host}"),
            ("a{uri}b{?query}", "a{http.request.uri}b{http.request.uri.prefixed_query}"),
            ("{re.a.b}", "{http.regexp.a.b}"),
            ("{{host}}", "{{http.request.host}}"),
            ("{header.X-Y}", "{http.request.header.X-Y}"),
        ] {
            assert_eq!(replace_shorthands(text, Version::NEWEST).as_deref(), Some(replaced), "{text}");
            assert_eq!(replace_shorthands(replaced, Version::NEWEST), None, "{text} twice");
        }
        for text in ["{header.X.Y}", "{unknown}", "host", "{host", "{ host}"] {
            assert_eq!(replace_shorthands(text, Version::NEWEST), None, "{text}");
        }
    }
}

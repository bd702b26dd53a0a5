//! URLs of checks and addresses of upstreams.

use url::Url;

/// Reads a URL; `ws` and `wss` are `http` and `https`.
///
/// # Errors
///
/// What is wrong with it.
pub fn parse(written: &str) -> Result<Url, String> {
    let plain = match written.strip_prefix("ws") {
        Some(rest) if rest.starts_with("://") || rest.starts_with("s://") => format!("http{rest}"),
        _ => written.to_owned(),
    };
    let url = Url::parse(&plain).map_err(|error| format!("`{written}` is not a URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("`{written}` is not an HTTP URL: start it with http, https, ws or wss"));
    }
    Ok(url)
}

/// The URL of an upstream, such as `localhost:8080`; `http://localhost` for a unix socket.
///
/// # Errors
///
/// What is wrong with it.
pub fn upstream(written: &str) -> Result<Url, String> {
    if written.starts_with("unix/") {
        return parse("http://localhost");
    }
    if written.contains("://") { parse(written) } else { parse(&format!("http://{written}")) }
}

/// Whether `text` is a token of HTTP, as a method is (RFC 9110, "Tokens").
pub(super) fn is_method(text: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token)
}

/// An upstream's address in one spelling, to compare what a check names with what Caddy dials.
pub(super) fn plain(written: &str) -> String {
    let (scheme, rest) = written.split_once("://").unwrap_or(("", written));
    let rest = rest.split('/').next().filter(|_| !rest.starts_with("unix/")).unwrap_or(rest);
    if rest.starts_with("unix/") {
        return rest.to_owned();
    }
    let has_port = rest.rfind(':').is_some_and(|at| !rest[at..].contains(']'));
    let port = match scheme {
        _ if has_port => "",
        "https" => ":443",
        _ => ":80",
    };
    let full = format!("{rest}{port}").to_ascii_lowercase();
    let (host, port) = full.rsplit_once(':').unwrap_or((&full, ""));
    let host = if matches!(host, "127.0.0.1" | "[::1]" | "") { "localhost" } else { host };
    format!("{host}:{port}")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn upstreams_in_one_spelling() {
        for (written, one) in [
            ("localhost:8080", "localhost:8080"),
            ("127.0.0.1:8080", "localhost:8080"),
            ("[::1]:8080", "localhost:8080"),
            ("https://B.example", "b.example:443"),
            ("b.example", "b.example:80"),
            ("http://b.example:81/x", "b.example:81"),
            ("unix//run/App.sock", "unix//run/App.sock"),
            ("[fe80::1]", "[fe80::1]:80"),
        ] {
            assert_eq!(plain(written), one, "{written}");
        }
    }
}

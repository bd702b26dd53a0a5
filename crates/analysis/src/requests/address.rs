//! From a URL to a request, and back to words.

use super::input::Request;

/// A GET request for a URL; the target is sent as it is written.
///
/// # Errors
///
/// What was expected instead.
pub fn request(url: &str) -> Result<Request, &'static str> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let tls = match scheme.to_ascii_lowercase().as_str() {
        "http" => false,
        "https" => true,
        _ => return Err("expected a URL that starts with http:// or https://"),
    };
    let rest = rest.split('#').next().unwrap_or_default();
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, target) = rest.split_at(end);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    if host.is_empty() {
        return Err("expected a host");
    }
    let bare = host.rfind(']').map_or(host, |at| &host[at..]);
    let port = match bare.rsplit_once(':') {
        None => None,
        Some((_, port)) => Some(port.parse().map_err(|_| "expected a port number behind the host")?),
    };
    let is_default = port == Some(if tls { 443 } else { 80 });
    let written = host.rsplit_once(':').filter(|_| is_default).map_or(host, |(host, _)| host);
    Ok(Request {
        tls,
        host: Some(written.to_owned()),
        target: if target.starts_with('/') { target.to_owned() } else { format!("/{target}") },
        port,
        ..Request::default()
    })
}

/// The request in one line.
pub fn words(request: &Request) -> String {
    let scheme = if request.tls { "https" } else { "http" };
    let host = request.host.as_deref().unwrap_or_default();
    format!("{} {scheme}://{host}{}", request.method, request.target)
}

/// The URL of a request.
pub(crate) fn url(request: &Request) -> String {
    let scheme = if request.tls { "https" } else { "http" };
    format!("{scheme}://{}{}", request.host.as_deref().unwrap_or_default(), request.target)
}

#[cfg(test)]
mod tests {
    use super::request;

    #[test]
    fn urls() {
        let parts =
            |url: &str| request(url).map(|request| (request.tls, request.host, request.target, request.port));
        let host = |text: &str| Some(text.to_owned());
        assert_eq!(parts("https://a.test/x?y#z"), Ok((true, host("a.test"), "/x?y".to_owned(), None)));
        assert_eq!(parts("a.test:81"), Ok((false, host("a.test:81"), "/".to_owned(), Some(81))));
        assert_eq!(parts("http://[::1]:80/"), Ok((false, host("[::1]"), "/".to_owned(), Some(80))));
        assert!(
            parts("ftp://a.test").is_err() && parts("http:///x").is_err() && parts("http://a:b/").is_err()
        );
    }
}

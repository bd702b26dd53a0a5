//! `host:port`, as Go's package `net` takes it apart and puts it together.

/// Host and port as Go's `net.SplitHostPort` separates them; `None` where it gives an error.
pub fn split_host_port(text: &str) -> Option<(String, String)> {
    let colon = text.rfind(':')?;
    let port = &text[colon + 1..];
    let host = if let Some(inner) = text.strip_prefix('[') {
        let close = inner.find(']')?;
        // The bracket must end right before the last colon.
        if close + 2 != colon {
            return None;
        }
        if inner[..close].contains('[') || text[colon..].contains(['[', ']']) {
            return None;
        }
        &inner[..close]
    } else {
        let host = &text[..colon];
        if host.contains(':') || text.contains(['[', ']']) {
            return None;
        }
        host
    };
    Some((host.to_owned(), port.to_owned()))
}

/// `host:port`, with brackets around an IPv6 host.
pub(crate) fn join_host_port(host: &str, port: &str) -> String {
    if host.contains(':') { ["[", host, "]:", port].concat() } else { [host, ":", port].concat() }
}

//! Whether Go's `net/url` can parse a URL. It is lenient; only a few things make it refuse.

/// Why `text` is no URL, in words, or nothing.
pub(in crate::check) fn fault(text: &str) -> Option<String> {
    if text.bytes().any(|b| b < 0x20 || b == 0x7f) {
        return Some("a URL cannot have control characters".to_owned());
    }
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    if let Some(fault) = escape_fault(fragment) {
        return Some(fault);
    }
    if text == "*" {
        return None;
    }
    if text.starts_with(':') {
        return Some("the scheme before `:` is missing".to_owned());
    }
    let (scheme, rest) = scheme(text);
    let rest = rest.split_once('?').map_or(rest, |(path, _)| path);
    if !rest.starts_with('/') {
        if scheme.is_some() {
            return None;
        }
        let segment = rest.split('/').next().unwrap_or("");
        if segment.contains(':') {
            return Some(
                "the first segment of a path cannot have a colon; the scheme is missing or malformed"
                    .to_owned(),
            );
        }
    }
    let authority = rest.strip_prefix("//").filter(|_| scheme.is_some() || !rest.starts_with("///"));
    let Some(authority) = authority else { return escape_fault(rest) };
    let (authority, path) = authority.split_at(authority.find('/').unwrap_or(authority.len()));
    authority_fault(authority).or_else(|| escape_fault(path))
}

fn scheme(text: &str) -> (Option<&str>, &str) {
    for (i, c) in text.char_indices() {
        match c {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if i > 0 => {}
            ':' if i > 0 => return (Some(&text[..i]), &text[i + 1..]),
            _ => break,
        }
    }
    (None, text)
}

fn authority_fault(authority: &str) -> Option<String> {
    let (user, host) = authority.rsplit_once('@').map_or(("", authority), |(user, host)| (user, host));
    let user_ok = |c: char| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c);
    if !user.chars().all(user_ok) {
        return Some("the user name of the URL has a character that must be escaped".to_owned());
    }
    if let Some(inside) = host.strip_prefix('[') {
        let Some(end) = inside.rfind(']') else { return Some("the host has no closing `]`".to_owned()) };
        return port_fault(&inside[end + 1..]).or_else(|| ip_literal_fault(&inside[..end]));
    }
    if let Some(colon) = host.rfind(':')
        && let Some(fault) = port_fault(&host[colon..])
    {
        return Some(fault);
    }
    let allowed =
        |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-_.~!$&'()*+,;=:[]<>\"%".contains(c);
    if let Some(c) = host.chars().find(|c| !allowed(*c)) {
        return Some(format!("the host has the character `{c}`"));
    }
    escape_fault(host).or_else(|| {
        let plain = host.match_indices('%').any(|(at, _)| {
            u8::from_str_radix(host.get(at + 1..at + 3).unwrap_or(""), 16).is_ok_and(|byte| byte < 0x80)
        });
        plain.then(|| "the host has an escape that hosts may not have".to_owned())
    })
}

/// What stands in brackets must be an IPv6 address, perhaps with an escaped zone.
fn ip_literal_fault(inside: &str) -> Option<String> {
    let address = inside.split_once("%25").map_or(inside, |(address, _)| address);
    let sound = address.parse::<std::net::Ipv6Addr>().is_ok();
    (!sound).then(|| format!("`[{inside}]` is not an IPv6 address"))
}

fn port_fault(port: &str) -> Option<String> {
    let sound = port.is_empty()
        || port.strip_prefix(':').is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()));
    (!sound).then(|| format!("`{port}` is not a port"))
}

fn escape_fault(text: &str) -> Option<String> {
    text.match_indices('%').find_map(|(at, _)| {
        let digits =
            text.as_bytes().get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        (!digits).then(|| "a `%` is not followed by two hexadecimal digits".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_as_go_reads_them() {
        for sound in [
            "/health?x=%zz",
            "http://a:80/x",
            "a",
            "//h/p",
            "mailto:x@y",
            "http://[::1]:80/",
            "",
            "health%41",
        ] {
            assert_eq!(fault(sound), None, "{sound}");
        }
        for bad in [
            "http://a b/",
            "/%zz",
            ":80",
            "a:b:c/d\n",
            "1a:b",
            "http://h:port/",
            "http://[::1",
            "http://{x}/",
        ] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }
}

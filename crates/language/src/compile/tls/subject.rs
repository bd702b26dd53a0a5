//! Names of certificates: which can have one, which can have a public one, and which wildcards cover them. The rules
//! are certmagic's, measured on Caddy 2.11.7.

use std::borrow::Cow;
use std::net::IpAddr;

use ecow::EcoString;

/// A name that a certificate is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::compile) struct Subject {
    pub(in crate::compile) name: EcoString,
    pub(super) kind: Kind,
}

impl Subject {
    pub(super) fn of(name: EcoString) -> Self {
        let kind = Kind::of(&name);
        Self { name, kind }
    }

    /// With the kind that is known of the name.
    pub(in crate::compile) fn known(name: EcoString, kind: Kind) -> Self {
        Self { name, kind }
    }

    /// Whether it gets a public certificate when nobody says who issues. Names with several stars do so only where
    /// certificates are got on demand, since the name is known then.
    pub(super) fn is_public(&self, on_demand: bool) -> bool {
        !self.kind.is_ip && !self.kind.is_internal && (on_demand || !self.kind.has_stars)
    }
}

/// What decides over the certificate of a name. It is worked out once, where the name is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact about a name")]
pub(in crate::compile) struct Kind {
    /// Whether it can have a certificate at all.
    pub(super) qualifies: bool,
    /// Whether it belongs to a Tailscale network, whose certificates Tailscale issues.
    pub(super) is_tailscale: bool,
    is_ip: bool,
    /// Whether it means nothing outside a machine or network.
    is_internal: bool,
    /// Whether it has several stars.
    has_stars: bool,
}

impl Kind {
    pub(in crate::compile) fn of(name: &str) -> Self {
        Self {
            qualifies: qualifies(name),
            is_tailscale: ends_with(name, ".ts.net"),
            is_ip: ip(name).is_some(),
            is_internal: is_internal(name),
            has_stars: name.contains('*') && name.matches("*.").count() > 1,
        }
    }
}

/// Whether no name of a certificate has this character.
fn is_impossible(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')'
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'<'
            | b'>'
            | b' '
            | b'\t'
            | b'\n'
            | b'"'
            | b'\\'
            | b'!'
            | b'@'
            | b'#'
            | b'$'
            | b'%'
            | b'^'
            | b'&'
            | b'|'
            | b';'
            | b'\''
            | b'+'
            | b'='
    )
}

fn qualifies(subject: &str) -> bool {
    !subject.trim().is_empty()
        && !subject.starts_with('.')
        && !subject.ends_with('.')
        && (!subject.contains('*') || subject.starts_with("*.") || subject == "*")
        && !subject.bytes().any(is_impossible)
}

/// Whether `subject` could have a public certificate by itself: addresses too, and wildcards only below a domain.
pub(super) fn qualifies_for_public(subject: &str) -> bool {
    let wildcard =
        || subject.matches('*').count() == 1 && subject.matches('.').count() > 1 && subject.starts_with("*.");
    qualifies(subject) && !is_internal(subject) && (!subject.contains('*') || wildcard())
}

fn ip(subject: &str) -> Option<IpAddr> {
    // Few names look like one.
    let may_be = subject.starts_with(|first: char| first.is_ascii_digit()) || subject.contains(':');
    if may_be { subject.parse().ok() } else { None }
}

/// Names and addresses that mean nothing outside a machine or network.
fn is_internal(subject: &str) -> bool {
    let subject = subject.strip_suffix('.').unwrap_or(subject);
    subject.eq_ignore_ascii_case("localhost")
        || [".localhost", ".local", ".internal", ".home.arpa"].iter().any(|end| ends_with(subject, end))
        || ip(subject).is_some_and(is_internal_ip)
}

/// Whether `subject` ends so, in letters of any case.
fn ends_with(subject: &str, end: &str) -> bool {
    let from = subject.len().checked_sub(end.len());
    from.and_then(|from| subject.get(from..)).is_some_and(|last| last.eq_ignore_ascii_case(end))
}

fn is_internal_ip(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.octets().starts_with(&[0, 0])
        }
        IpAddr::V6(ip) => {
            let first = ip.segments()[0];
            // ::/7, fc00::/7 and fe80::/10
            first < 0x0200 || first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80
        }
    }
}

/// Gives to `visit` the names that cover `subject`, apart from itself: those where stars have taken the place of its labels,
/// one more each time from the left, `most` at most. `subject` is in lower case; they are put together in `name`.
pub(in crate::compile) fn wildcards(
    subject: &str,
    most: usize,
    name: &mut String,
    mut visit: impl FnMut(&str),
) {
    name.clear();
    let (mut rest, mut stars) = (subject, 0);
    while stars < most {
        let (label, others) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
        if !label.is_empty() {
            name.push('*');
            stars += 1;
            let until = name.len();
            name.push_str(others);
            visit(name);
            name.truncate(until);
        }
        let Some(next) = others.strip_prefix('.') else { break };
        name.push('.');
        rest = next;
    }
}

/// `name` in lower case, which most are.
pub(in crate::compile) fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        name.into()
    } else {
        name.to_lowercase().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_have_a_certificate() {
        for name in ["a.com", "localhost", "*", "*.com", "*.*.com", "a..com", "a_b", "::1", "a~b"] {
            assert!(qualifies(name), "{name}");
        }
        for name in ["", " ", ".a.com", "a.com.", "a.*.com", "*a.com", "a b", "{env.X}", "fe80::1%eth0"] {
            assert!(!qualifies(name), "{name}");
        }
    }

    #[test]
    fn names_that_get_a_public_certificate() {
        for name in ["a.com", "*.a.com", "*", "home.arpa", "foo"] {
            assert!(Subject::of(name.into()).is_public(false), "{name}");
        }
        for name in ["localhost", "a.local", "8.8.8.8", "2001:db8::1", "*.localhost", "*.*.com"] {
            assert!(!Subject::of(name.into()).is_public(false), "{name}");
        }
        assert!(Subject::of("*.*.com".into()).is_public(true));
    }

    #[test]
    fn addresses_inside_networks() {
        for name in
            ["10.0.0.1", "172.31.0.1", "169.254.1.1", "0.0.1.1", "::2", "100::1", "fd00::1", "febf::1"]
        {
            assert!(!qualifies_for_public(name), "{name}");
        }
        for name in
            ["8.8.8.8", "0.1.2.3", "172.32.0.1", "fe00::1", "fec0::1", "2001:db8::1", "::ffff:8.8.8.8"]
        {
            assert!(qualifies_for_public(name), "{name}");
        }
        for name in ["*", "*.com", "*.*.a.com", "::ffff:10.0.0.1"] {
            assert!(!qualifies_for_public(name), "{name}");
        }
    }

    #[test]
    fn wildcards_that_cover_a_name() {
        let names = |subject, most| {
            let mut names = Vec::new();
            wildcards(subject, most, &mut String::new(), |name| names.push(name.to_owned()));
            names.join(" ")
        };
        assert_eq!(names("a.b.com", usize::MAX), "*.b.com *.*.com *.*.*");
        assert_eq!(names("a.b.com", 1), "*.b.com");
        assert_eq!(names("a..b.", usize::MAX), "*..b. *..*.");
        assert_eq!(names("", usize::MAX), "");
    }
}

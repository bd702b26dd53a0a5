//! Names of hosts: when two are the same, and which can have a certificate of a public authority.

use super::ip_range;

/// The form in which Caddy compares the hosts of a matcher: lower case, with `xn--` labels.
pub(crate) fn normal(host: &str) -> String {
    ascii(host).to_ascii_lowercase()
}

/// The host with `xn--` labels, in the case in which it is written.
pub(crate) fn ascii(host: &str) -> String {
    let label = |label: &str| match idna::punycode::encode_str(label) {
        Some(coded) if !label.is_ascii() => format!("xn--{coded}"),
        _ => label.to_owned(),
    };
    let labels: Vec<String> = host.split('.').map(label).collect();
    labels.join(".")
}

/// Whether a certificate for the name is only worth something inside: `localhost`, `.local`, private addresses.
pub(crate) fn is_internal(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let endings = [".localhost", ".local", ".internal", ".home.arpa"];
    let private = ip_range::parse(&name).is_some_and(|ip| match ip {
        std::net::IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        std::net::IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    });
    name == "localhost" || endings.iter().any(|ending| name.ends_with(ending)) || private
}

/// Whether a public authority could issue a certificate for the name.
pub(crate) fn is_public(name: &str) -> bool {
    can_have_certificate(name)
        && !is_internal(name)
        && ip_range::parse(name).is_none_or(|ip| !ip.is_unspecified())
        && (!name.contains('*')
            || (name.matches('*').count() == 1
                && name.contains('.')
                && name.starts_with("*.")
                && name.len() > 2))
}

/// Whether the name could stand in a certificate at all.
pub(crate) fn can_have_certificate(name: &str) -> bool {
    !name.trim().is_empty()
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.chars().any(|c| "()[]{}<> \t\n\"\\!@#$%^&|;'+=".contains(c))
        && (!name.contains('*') || name == "*" || name.starts_with("*."))
}

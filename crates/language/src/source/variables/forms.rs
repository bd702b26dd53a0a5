//! What else of a value a report may show: the words of a list, the addresses in it, each port of a range.

/// So many ports of a range are looked for one by one.
const PORTS: u32 = 1_000;

/// An address in a value: its host in lower case, and its ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// Without its port; may be empty.
    pub host: String,
    /// The port, or the range, as it is written.
    pub port: Option<String>,
}

impl Address {
    /// Whether `port` is one of its ports.
    pub(crate) fn has(&self, port: &str) -> bool {
        let Some(own) = &self.port else { return true };
        own == port
            || port
                .parse()
                .is_ok_and(|port: u32| range(own).is_some_and(|(first, last)| (first..=last).contains(&port)))
    }
}

/// The first and the last port of `8000-8010`.
fn range(port: &str) -> Option<(u32, u32)> {
    let (first, last) = port.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?))
}

/// The words of a text that may hold several, without quotes and the commas between them.
pub(crate) fn items(text: &str) -> impl Iterator<Item = &str> {
    let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | '"' | '`');
    text.split(is_end).filter(|item| !item.is_empty())
}

/// The address in a word: of a site, an upstream, a listener. Names of variables keep their letters.
pub(crate) fn address(item: &str) -> Address {
    let rest = item.split_once("://").map_or(item, |(_, rest)| rest);
    let rest =
        ["tcp/", "tcp4/", "tcp6/", "udp/"].iter().find_map(|net| rest.strip_prefix(net)).unwrap_or(rest);
    let authority = rest.split('/').next().unwrap_or("");
    let lower = |text: &str| if text.contains("{$") { text.to_owned() } else { text.to_lowercase() };
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => {
            Address { host: lower(host), port: Some(port.to_owned()) }
        }
        _ => Address { host: lower(authority), port: None },
    }
}

/// The parts of `value` that may stand by themselves in a report.
pub(crate) fn forms(value: &str) -> Vec<String> {
    let mut all = Vec::new();
    for item in items(value) {
        all.push(item.to_owned());
        let Address { host, port } = address(item);
        // A word without signs is no address.
        if port.is_none() && !item.contains("://") {
            if let Some((first, last)) = range(item) {
                ports(first, last, &mut all);
            }
            continue;
        }
        all.push(host.trim_matches(['[', ']']).to_owned());
        all.push(host);
        if let Some(port) = port {
            if let Some((first, last)) = range(&port) {
                ports(first, last, &mut all);
            }
            all.push(port);
        }
    }
    all.retain(|form| !form.is_empty() && form != value);
    all
}

fn ports(first: u32, last: u32, all: &mut Vec<String>) {
    if last <= 65_535 {
        all.extend((first..=last).take(PORTS as usize).map(|port| port.to_string()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_values() {
        for (value, parts) in [
            ("a:7001-7003", &["a", "a", "7001", "7002", "7003", "7001-7003"][..]),
            ("7001-7002", &["7001", "7002"]),
            ("h2c://[::1]:80", &["::1", "[::1]", "80"]),
            (
                "one.example, two.example:81",
                &["one.example", "two.example:81", "two.example", "two.example", "81"],
            ),
            ("secret", &[]),
        ] {
            assert_eq!(forms(value), parts, "{value}");
        }
    }
}

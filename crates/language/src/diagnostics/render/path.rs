//! File names as other tools want them: relative to the folder that the run stands for, with forward slashes.

use std::fmt::Write;
use std::path::Path;

/// `name` relative to `root` where it lies below it; otherwise as it is, without a leading `./`.
pub(crate) fn relative<'a>(name: &'a str, root: Option<&Path>) -> &'a str {
    let below = root.and_then(|root| Path::new(name).strip_prefix(root).ok()).and_then(Path::to_str);
    let mut name = below.unwrap_or(name);
    while let Some(rest) = name.strip_prefix("./") {
        name = rest;
    }
    name
}

/// `name` as a URI reference: relative, or with `file://` when it is an absolute path.
pub(crate) fn uri(name: &str, root: Option<&Path>) -> String {
    let name = relative(name, root);
    let mut uri = if name.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_relative_and_are_escaped() {
        let root = Some(Path::new("/srv/site"));
        assert_eq!(relative("./Caddyfile", root), "Caddyfile");
        assert_eq!(relative("/srv/site/sites/a", root), "sites/a");
        assert_eq!(relative("/etc/caddy/a", root), "/etc/caddy/a");
        assert_eq!(uri("/srv/site/a b:é#", root), "a%20b%3A%C3%A9%23");
        assert_eq!(uri("/etc/caddy/a", root), "file:///etc/caddy/a");
    }
}

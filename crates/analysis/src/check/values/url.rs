//! Whether Go's `net/url` can parse a URL.

use caddyctl_language::go::{Url, UrlFault};

/// Why `text` is no URL, in words, or nothing.
pub(in crate::check) fn fault(text: &str) -> Option<String> {
    match Url::parse(text).err()? {
        UrlFault::Port(port) => Some(format!("`{port}` is not a port")),
        UrlFault::Other(problem) => Some(problem),
    }
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
            "http://a%25b/",
            "mailto:a:b#c",
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
            "http://a:80:80",
            "http://a/%",
        ] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }
}

//! Words that only older versions accept.

use super::Version;

/// A word that newer versions do not have.
pub(crate) struct Gone {
    /// The blocks that it belongs to: the names of their words.
    blocks: &'static [&'static str],
    /// The word.
    word: &'static str,
    /// The first known version that accepts it, and the last one.
    pub(crate) from: Version,
    pub(crate) last: Version,
    /// What to write since, in words that follow "instead, ".
    pub(crate) instead: &'static str,
}

const OLDEST: Version = Version::new(2, 6, 2);
const PROXIES: &[&str] = &["reverse_proxy", "forward_auth", "php_fastcgi"];

const ALL: &[Gone] = &[
    Gone::new(PROXIES, "buffer_requests", OLDEST, OLDEST, "write `request_buffers <size>`"),
    Gone::new(PROXIES, "buffer_responses", OLDEST, OLDEST, "write `response_buffers <size>`"),
    Gone::new(
        PROXIES,
        "max_buffer_size",
        OLDEST,
        OLDEST,
        "write the size after `request_buffers` and `response_buffers`",
    ),
    Gone::new(
        &["servers"],
        "protocol",
        OLDEST,
        OLDEST,
        "write `protocols h1 h2 h2c h3` with the versions that you want",
    ),
    Gone::new(
        &["on_demand_tls"],
        "interval",
        OLDEST,
        Version::new(2, 8, 4),
        "write `ask` or `permission`, which decide who may have a certificate",
    ),
    Gone::new(
        &["on_demand_tls"],
        "burst",
        OLDEST,
        Version::new(2, 8, 4),
        "write `ask` or `permission`, which decide who may have a certificate",
    ),
    Gone::new(
        &["auto_https"],
        "prefer_wildcard",
        Version::new(2, 9, 1),
        Version::new(2, 10, 2),
        "remove it: names below a wildcard site use its certificate",
    ),
    Gone::new(
        &["request_body"],
        "read_timeout",
        Version::new(2, 8, 4),
        Version::new(2, 11, 4),
        "write it into the directive `timeouts`",
    ),
    Gone::new(
        &["request_body"],
        "write_timeout",
        Version::new(2, 8, 4),
        Version::new(2, 11, 4),
        "write it into the directive `timeouts`",
    ),
    Gone::new(
        &["password hash"],
        "scrypt",
        OLDEST,
        OLDEST,
        "hash the passwords with bcrypt: `caddy hash-password`",
    ),
];

impl Gone {
    const fn new(
        blocks: &'static [&'static str],
        word: &'static str,
        from: Version,
        last: Version,
        instead: &'static str,
    ) -> Self {
        Self { blocks, word, from, last, instead }
    }
}

/// The word of this block that only older versions accept.
pub(crate) fn find(block: &str, word: &str) -> Option<&'static Gone> {
    ALL.iter().find(|gone| gone.word == word && gone.blocks.contains(&block))
}

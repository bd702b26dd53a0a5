//! What the blocks around a line say of the secrets in it.

use super::names;
use super::words::matcher_of;

/// What opened a block.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// Its first word, behind a matcher.
    pub head: String,
    /// Whether the lines of this `map` give secrets.
    pub gives_secrets: bool,
    /// Whether this `map` asks for what a secret's name stands for.
    pub asks_secrets: bool,
    /// What it lies in.
    pub within: Within,
}

/// What a block lies in, at whatever depth, itself included.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a kind of block, and several may be around")]
pub(crate) struct Within {
    /// A log's format or filter, where fields are named.
    pub log_format: bool,
    /// The part of such a format that sets fields.
    pub append: bool,
    /// An external account binding.
    pub eab: bool,
    /// A provider of DNS records.
    pub provider: bool,
}

impl Within {
    /// With a block that begins with `head` inside it.
    fn and(self, head: &str) -> Self {
        Self {
            log_format: self.log_format || matches!(head, "fields" | "wrap" | "filter" | "format"),
            append: self.append || head == "append",
            eab: self.eab || matches!(head, "acme_eab" | "eab"),
            provider: self.provider || matches!(head, "dns" | "acme_dns" | "provider" | "dns_provider"),
        }
    }
}

/// What a line that opens a block says of the lines in it.
pub(crate) fn opened(words: &[&str], within: Within) -> Block {
    let words = &words[matcher_of(words)..];
    let head = words.first().copied().unwrap_or("");
    let args = words.get(1..).unwrap_or_default();
    // A matcher may stand before what the map asks for.
    let matcher = usize::from(args.first().is_some_and(|word| word.starts_with(['@', '/', '*'])));
    let (source, outputs) = args.get(matcher..).and_then(<[&str]>::split_first).unwrap_or((&"", &[]));
    let name = |word: &str| {
        let name = word.trim_matches(['{', '}']);
        names::is_secret_name(name.strip_prefix("http.vars.").unwrap_or(name))
    };
    let gives_secrets = head == "map" && outputs.iter().any(|word| name(word));
    let source = source.trim_matches(['{', '}']);
    let asks_secrets = head == "map" && names::is_secret_name(source.rsplit('.').next().unwrap_or(source));
    Block { head: head.to_owned(), gives_secrets, asks_secrets, within: within.and(head) }
}

//! Limits on what a compilation may take: a small text can stand for gigabytes of words and addresses.

/// The most bytes of one file, where no smaller limit applies. 100,000 sites take up to 72 MB.
pub const MOST: u64 = 128 * 1024 * 1024;

/// How much one Caddyfile may grow. Caddy itself has no such limits, so that a caller can raise them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The most bytes of one Caddyfile, imported or not.
    pub file: u64,
    /// The most words that imports may bring. An import and each of its arguments count as words, too.
    pub words: usize,
    /// The most bytes of text in what imports bring, and in the values of `{$NAME}` of one file.
    pub text: usize,
    /// The most upstreams that ranges of ports may stand for, in all proxies together.
    pub ports: usize,
    /// The most values that stand for more than themselves: those of a matcher each time that it is used, outputs of `map`,
    /// addresses and handlers of a site on each of its listeners, its hosts in each of its logs.
    pub values: usize,
    /// The most handlers in a table of routes, or in both tables of a comparison, each counted once for each block around it.
    pub lines: usize,
    /// The most bytes of JSON, on lines of their own, in a report that shows the whole configurations.
    pub json: usize,
    /// The most bytes of memory that the values of a configuration may take that somebody else wrote, such as the one that an
    /// admin API answers with. A site takes about 4.5 kB, one with five directives 13 kB.
    pub memory: usize,
    /// The most blocks inside each other, since nested ones are read with the stack of the thread. [`Self::with_stack`]
    /// allows more.
    pub depth: usize,
}

/// The stack that a level of blocks takes at most, in a build without optimisation (bytes).
const PER_BLOCK: usize = 16 * 1024;

/// The most blocks inside each other on any stack.
const DEEPEST: usize = 12_500;

/// A block makes up to four levels of JSON: the routes, a route, its handlers, and a handler.
const JSON_PER_BLOCK: usize = 4;

/// The most levels of arrays and objects in JSON on any stack. 12,000 nested `handle` blocks, which Caddy accepts, have 48,000.
pub const MOST_JSON_LEVELS: usize = DEEPEST * JSON_PER_BLOCK;

/// Threads with a stack of so many bytes carry what [`Limits::default`] allows.
pub const SMALLEST_STACK: usize = 1024 * 1024;

impl Default for Limits {
    /// With them a text of 100 kB takes less than a second and less than 300 MB. A larger text may bring more; see
    /// `for_text`.
    fn default() -> Self {
        Self {
            file: MOST,
            words: 400_000,
            text: 16 * 1024 * 1024,
            ports: 100_000,
            values: 200_000,
            lines: 300_000,
            json: 8 * 1024 * 1024,
            memory: 512 * 1024 * 1024,
            depth: SMALLEST_STACK / PER_BLOCK,
        }
    }
}

/// A text up to so many bytes is small: it may not bring more than the limits say.
const SMALL: usize = 100_000;

/// So many words more may come for each byte by which a text is not small: a site of 30 bytes may import 600 words.
const WORDS_PER_BYTE: usize = 20;

/// So many bytes of text more may come for each byte by which a text is not small.
const TEXT_PER_BYTE: usize = 200;

impl Limits {
    /// All limits `factor` times as high, but for [`Self::depth`]: the stack does not grow with them.
    #[must_use]
    pub fn times(self, factor: u32) -> Self {
        let many = usize::try_from(factor).unwrap_or(usize::MAX);
        Self {
            file: self.file.saturating_mul(factor.into()),
            words: self.words.saturating_mul(many),
            text: self.text.saturating_mul(many),
            ports: self.ports.saturating_mul(many),
            values: self.values.saturating_mul(many),
            lines: self.lines.saturating_mul(many),
            json: self.json.saturating_mul(many),
            memory: self.memory.saturating_mul(many),
            depth: self.depth,
        }
    }

    /// The limits on a thread whose stack has so many bytes.
    #[must_use]
    pub fn with_stack(self, bytes: usize) -> Self {
        Self { depth: (bytes / PER_BLOCK).min(DEEPEST), ..self }
    }

    /// The most levels of arrays and objects in JSON.
    pub fn json_levels(self) -> usize {
        self.depth.saturating_mul(JSON_PER_BLOCK)
    }

    /// The limits for files of so many bytes together: what a large text multiplies is mostly meant.
    #[must_use]
    pub fn for_text(self, bytes: usize) -> Self {
        let over = bytes.saturating_sub(SMALL);
        Self {
            words: self.words.saturating_add(over.saturating_mul(WORDS_PER_BYTE)),
            text: self.text.saturating_add(over.saturating_mul(TEXT_PER_BYTE)),
            values: self.values.saturating_add(over.saturating_mul(WORDS_PER_BYTE)),
            lines: self.lines.saturating_add(over.saturating_mul(WORDS_PER_BYTE)),
            json: self.json.saturating_add(over.saturating_mul(TEXT_PER_BYTE)),
            ..self
        }
    }

    /// What to write to get further.
    pub const HELP: &'static str = "`--raise-limits 10` allows ten times as much";
}

/// A number with a comma after each three digits, as messages have it.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_text_may_bring_more() {
        let limits = Limits::default();
        assert_eq!(limits.for_text(100_000), limits);
        assert!(limits.for_text(3_000_000).words > 50_000_000);
        assert_eq!(limits.times(10).words, limits.words * 10);
        assert_eq!(limits.times(u32::MAX).file, u64::from(u32::MAX) * limits.file);
    }

    #[test]
    fn numbers_have_commas() {
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}

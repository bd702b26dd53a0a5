//! `--raise-limits`: how much a Caddyfile may grow.

use caddyctl_language::source::Limits;

/// Space on the stack for nested blocks (bytes). The system provides memory only for what is used.
pub const STACK: usize = 512 * 1024 * 1024;

/// The limits, for the commands that compile.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Raise {
    /// Multiply the limits on the input by N, for large files that you trust: file size, words that imports add, port
    /// ranges, the size of route tables, and memory for JSON from a server.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    raise_limits: Option<u32>,
}

impl Raise {
    /// How many times as high limits are.
    pub fn factor(self) -> u32 {
        self.raise_limits.unwrap_or(1)
    }

    /// The limits that hold.
    pub fn limits(self) -> Limits {
        raised(self.factor())
    }
}

/// The limits of this program, `factor` times as high.
pub fn raised(factor: u32) -> Limits {
    Limits::default().times(factor).with_stack(STACK)
}

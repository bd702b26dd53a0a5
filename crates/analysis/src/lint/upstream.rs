//! Where a proxy sends requests.

use super::tree::Directive;
use caddyctl_language::syntax::Word;

impl<'a> Directive<'a> {
    /// The addresses of a `reverse_proxy`: on its line and on those that begin with `to`.
    pub(crate) fn upstreams(&self) -> Vec<&'a Word> {
        let lines = self.block.iter().filter(|line| line.is("to"));
        self.values().iter().chain(lines.flat_map(|line| line.args)).collect()
    }

    /// Whether a `reverse_proxy` speaks TLS to its upstreams.
    pub(crate) fn uses_tls(&self) -> bool {
        let is_https = |word: &&Word| word.text.starts_with("https://") || word.text.ends_with(":443");
        let transport = self.line("transport");
        self.upstreams().iter().any(is_https)
            || transport.is_some_and(|found| found.block.iter().any(|line| line.name.text.starts_with("tls")))
    }
}

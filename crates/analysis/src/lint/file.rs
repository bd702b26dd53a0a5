//! What a rule may ask about a file that Caddy accepts, whichever sites it looks at.

use rustc_hash::{FxHashMap, FxHashSet};

use super::level::Order;
use super::tree::{Directive, Site, Walk};
use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::{Code, Diagnostic, Subject};
use caddyctl_language::expand::{Frames, SnippetUse};
use caddyctl_language::source::Sources;
use caddyctl_language::spec::Text;
use caddyctl_language::syntax::Word;

/// A file, and what its global options say.
pub(crate) struct File<'a> {
    /// The texts.
    pub sources: &'a Sources,
    /// The names of the ordered directives, in the order in which they run.
    pub directive_order: &'a [Text],
    /// The snippets that the texts define.
    pub snippets: &'a [SnippetUse],
    /// The place of each ordered directive.
    pub(super) order: Order<'a>,
    /// The last global option of each name.
    options: FxHashMap<&'a str, &'a Directive<'a>>,
    /// All options `servers`.
    servers: Vec<&'a Directive<'a>>,
    /// Whether a line `trusted_proxies` stands anywhere in the global options.
    trusts_proxies: bool,
    /// The ranges on these lines.
    trusted: FxHashSet<&'a str>,
    frames: &'a Frames,
    /// Whether an import brought nothing here: no file matches its pattern, or it is missing.
    pub lacks_import: bool,
}

impl<'a> File<'a> {
    /// `options` are the global ones of `compilation`.
    pub(super) fn new(compilation: &'a Compilation, options: &'a [Directive<'a>]) -> Self {
        let proxies: Vec<_> = Walk::through(options).filter(|line| line.is("trusted_proxies")).collect();
        let order = &compilation.directive_order;
        Self {
            sources: &compilation.sources,
            directive_order: order,
            snippets: &compilation.snippets,
            order: order.iter().enumerate().map(|(place, name)| (name.as_str(), place)).collect(),
            options: options.iter().map(|option| (option.name.text.as_str(), option)).collect(),
            servers: options.iter().filter(|option| option.is("servers")).collect(),
            trusts_proxies: !proxies.is_empty(),
            trusted: proxies.iter().flat_map(|line| line.args).map(|range| range.text.as_str()).collect(),
            frames: &compilation.frames,
            lacks_import: compilation
                .diagnostics
                .iter()
                .any(|found| found.code == Code::EMPTY_IMPORT || found.subject == Subject::MissingImport),
        }
    }

    /// The global option `name`; the last one if there are several.
    pub(crate) fn option(&self, name: &str) -> Option<&'a Directive<'a>> {
        self.options.get(name).copied()
    }

    /// Whether the global options name proxies that are trusted.
    pub(crate) fn trusts_proxies(&self) -> bool {
        self.trusts_proxies
    }

    /// The ranges of the proxies that are trusted, as they are written.
    pub(crate) fn trusted(&self) -> &FxHashSet<&'a str> {
        &self.trusted
    }

    /// Whether the listener of a site may trust proxies: those of all listeners do, and those of an address only there.
    pub(crate) fn trusts_proxies_of(&self, site: &Site) -> bool {
        self.servers.iter().any(|servers| {
            let Some(address) = servers
                .args
                .first()
                .filter(|_| Walk::through(&servers.block).any(|line| line.is("trusted_proxies")))
            else {
                return servers.line("trusted_proxies").is_some();
            };
            let Some((_, port)) = address.text.rsplit_once(':') else { return true };
            site.addresses.iter().any(|own| {
                let own = match (own.port.as_str(), own.scheme.as_str()) {
                    ("", "http") => "80",
                    ("", _) => "443",
                    (port, _) => port,
                };
                own == port
            })
        })
    }

    /// Whether something in front of Caddy is trusted to say who asks, so that TLS may end there.
    pub(crate) fn is_behind_proxy(&self) -> bool {
        self.trusts_proxies || self.has_auto_https("off")
    }

    /// Whether `auto_https` is set to `value`.
    pub(crate) fn has_auto_https(&self, value: &str) -> bool {
        self.option("auto_https").is_some_and(|option| option.args.iter().any(|arg| arg.text == value))
    }

    /// The text of a word as the user wrote it, before shorthands and variables were replaced.
    pub(crate) fn written(&self, word: &Word) -> &'a str {
        self.sources.text(word.span)
    }

    /// Whether a word may hold the value of a variable: an example that is made of it would show pieces of that.
    pub(crate) fn may_hold_variable(&self, word: &Word) -> bool {
        self.written(word).trim_matches(['"', '`']) != word.text
            && self.sources.iter().any(|(_, file)| !file.replaced().is_empty())
    }

    /// Adds the trail of imports that brought `word` to what is found there.
    pub(super) fn place(&self, finding: Diagnostic, word: &Word) -> Diagnostic {
        self.frames.place(finding, word)
    }
}

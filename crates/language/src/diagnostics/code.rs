//! Every kind of fault, listed once.

/// The kind of a fault: a stable code for machines and a name for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Code {
    /// Such as `E0201`.
    pub id: &'static str,
    /// Such as `unknown-directive`.
    pub name: &'static str,
}

impl Code {
    /// A code of a lint rule.
    pub const fn new(id: &'static str, name: &'static str) -> Self {
        Self { id, name }
    }

    /// One sentence that says what the code stands for; `None` when it is not of [`Code::ALL`].
    pub fn summary(self) -> Option<&'static str> {
        let entry = ENTRIES.iter().find(|entry| entry.id == self.id)?;
        Some(entry.summary.trim())
    }

    /// The page that explains the code, in Markdown: what, why, wrong and right, and when it is fine. `None` when the
    /// code is not of [`Code::ALL`].
    pub fn page(self) -> Option<&'static str> {
        Some(ENTRIES.iter().find(|entry| entry.id == self.id)?.page)
    }

    /// Whether findings of this code are errors, whatever the settings. Those of some codes of errors may be less: a variable
    /// that is not set, a file of the machine that was not looked at, a word of a plugin that a build has.
    pub fn is_always_error(self) -> bool {
        const LESS: &[Code] = &[
            Code::UNSET_VARIABLE,
            Code::MACHINE,
            Code::UNKNOWN_DIRECTIVE,
            Code::UNKNOWN_SUBDIRECTIVE,
            Code::UNKNOWN_OPTION,
            Code::UNKNOWN_MODULE,
            Code::PROVISION,
        ];
        self.id.starts_with('E') && !LESS.contains(&self)
    }

    /// Where Caddy's own documentation speaks of it: the last address on the page.
    pub(crate) fn docs(self) -> Option<&'static str> {
        let page = self.page()?;
        let start = page.rfind("https://caddyserver.com/docs/")?;
        page[start..].split_whitespace().next()
    }
}

/// What is known of a code beyond its name.
struct Entry {
    id: &'static str,
    summary: &'static str,
    page: &'static str,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $constant:ident = $id:literal $name:literal;)*) => {
        impl Code {
            $($(#[doc = $doc])* pub const $constant: Code = Code { id: $id, name: $name };)*

            /// Every code of the compiler, in order. Lint rules bring their own.
            pub const ALL: &'static [Code] = &[$(Code::$constant),*];
        }

        const ENTRIES: &[Entry] = &[$(Entry {
            id: $id,
            summary: concat!($($doc),*),
            page: include_str!(concat!("pages/", $id, ".md")),
        }),*];
    };
}

codes! {
    /// The file is empty.
    EMPTY_INPUT = "E0001" "empty-input";
    /// A heredoc with a missing or invalid marker, without an end, or with a line that is indented less than its end.
    HEREDOC = "E0002" "heredoc";
    /// A brace that is missing, unmatched, or on the wrong line.
    BRACES = "E0003" "braces";
    /// An `import` that matches nothing, imports itself, or is malformed.
    IMPORT = "E0004" "import";
    /// A snippet or named route that is defined twice or is not defined.
    DEFINITION = "E0005" "definition";
    /// A `{$VAR}` that is not set and has no default.
    UNSET_VARIABLE = "E0006" "unset-variable";
    /// Text that is not a Caddyfile: another language or encoding, comments with `//`, a merge conflict.
    FOREIGN_TEXT = "E0007" "foreign-text";
    /// An invalid site address, or a directive in the position of an address.
    ADDRESS = "E0101" "address";
    /// The same site twice on one listener.
    AMBIGUOUS_SITE = "E0102" "ambiguous-site";
    /// HTTP and HTTPS on one listener.
    SCHEME_CONFLICT = "E0103" "scheme-conflict";
    /// An unknown directive.
    UNKNOWN_DIRECTIVE = "E0201" "unknown-directive";
    /// An unknown subdirective.
    UNKNOWN_SUBDIRECTIVE = "E0202" "unknown-subdirective";
    /// An unknown global option.
    UNKNOWN_OPTION = "E0203" "unknown-option";
    /// A module that is not in the stock build of Caddy.
    UNKNOWN_MODULE = "E0204" "unknown-module";
    /// A directive that is not allowed in its block.
    MISPLACED_DIRECTIVE = "E0205" "misplaced-directive";
    /// A word of a plugin of which only the name is known, so that it has no JSON.
    OPAQUE = "E0206" "opaque-word";
    /// A word that the named version of Caddy does not have.
    OTHER_VERSION = "E0207" "other-version";
    /// Something that the named version of Caddy reads in a way of its own, which is not modelled.
    NOT_MODELLED = "E0208" "not-modelled";
    /// Too few or too many arguments.
    ARGUMENTS = "E0301" "arguments";
    /// A value that is not the expected number, duration, size or keyword.
    VALUE = "E0302" "value";
    /// A setting that occurs twice but is allowed only once.
    REPEATED = "E0303" "repeated";
    /// Two settings that exclude each other.
    CONFLICT = "E0304" "conflict";
    /// A matcher that is not defined, defined twice, or malformed.
    MATCHER = "E0401" "matcher";
    /// A name that cannot have a certificate, or TLS settings that contradict each other.
    TLS = "E0501" "tls";
    /// A regular expression that Go does not accept.
    REGEXP = "E0601" "regexp";
    /// A CEL expression that Caddy does not accept.
    EXPRESSION = "E0602" "expression";
    /// A setting that Caddy refuses only when it provisions the configuration.
    PROVISION = "E0603" "provision";
    /// A file, folder or port that is missing, not accessible or in use on this machine.
    MACHINE = "E0604" "machine";
    /// A file that is not formatted.
    UNFORMATTED = "W0001" "unformatted";
    /// A deprecated form that Caddy still accepts.
    DEPRECATED = "W0002" "deprecated";
    /// An `import` without effect.
    EMPTY_IMPORT = "W0003" "empty-import";
    /// An `{args[…]}` without a value.
    UNDEFINED_ARGUMENT = "W0004" "undefined-argument";
    /// A value that JSON cannot represent, so Caddy writes `null`.
    NOT_REPRESENTABLE = "W0005" "not-representable";
    /// A site whose host name is `0.0.0.0` or `::`.
    UNSPECIFIED_HOST = "W0006" "unspecified-host";
    /// Something that a plugin ignores without an error.
    IGNORED = "W0007" "ignored-by-plugin";
    /// A comment `# caddyctl: allow` that names an unknown code or allows nothing.
    SUPPRESSION = "W0010" "suppression";
}

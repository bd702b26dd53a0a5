//! Every kind of fault, listed once.

/// The kind of a fault: a stable code for machines and a name for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    /// Such as `E0201`.
    pub id: &'static str,
    /// Such as `unknown-directive`.
    pub name: &'static str,
}

impl Code {
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

    /// Where Caddy's own documentation speaks of it: the last address on the page.
    pub fn docs(self) -> Option<&'static str> {
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
    /// A heredoc that has no marker, a bad marker, no end, or a line that is not indented as its end is.
    HEREDOC = "E0002" "heredoc";
    /// A brace that is missing, stands alone, or stands on the wrong line.
    BRACES = "E0003" "braces";
    /// An `import` that finds nothing, goes round in circles, or is malformed.
    IMPORT = "E0004" "import";
    /// A snippet or named route that is defined twice or is not defined.
    DEFINITION = "E0005" "definition";
    /// A `{$VAR}` that is not set and has no default.
    UNSET_VARIABLE = "E0006" "unset-variable";
    /// A site address that cannot be understood, or a directive where an address belongs.
    ADDRESS = "E0101" "address";
    /// The same site twice on one listener.
    AMBIGUOUS_SITE = "E0102" "ambiguous-site";
    /// HTTP and HTTPS on one listener.
    SCHEME_CONFLICT = "E0103" "scheme-conflict";
    /// A directive that Caddy does not have.
    UNKNOWN_DIRECTIVE = "E0201" "unknown-directive";
    /// A subdirective that the directive does not have.
    UNKNOWN_SUBDIRECTIVE = "E0202" "unknown-subdirective";
    /// A global option that Caddy does not have.
    UNKNOWN_OPTION = "E0203" "unknown-option";
    /// A module (policy, transport, writer …) that the stock build does not have.
    UNKNOWN_MODULE = "E0204" "unknown-module";
    /// A directive where it may not stand.
    MISPLACED_DIRECTIVE = "E0205" "misplaced-directive";
    /// Too few or too many words on a line.
    ARGUMENTS = "E0301" "arguments";
    /// A word that is not the number, duration, size or keyword that was expected.
    VALUE = "E0302" "value";
    /// Something given twice that may be given once.
    REPEATED = "E0303" "repeated";
    /// Two settings that exclude each other.
    CONFLICT = "E0304" "conflict";
    /// A matcher that is not defined, defined twice, or malformed.
    MATCHER = "E0401" "matcher";
    /// A name that cannot have a certificate, or TLS settings that contradict.
    TLS = "E0501" "tls";
    /// A regular expression that Go does not accept.
    REGEXP = "E0601" "regexp";
    /// A CEL expression that Caddy does not accept.
    EXPRESSION = "E0602" "expression";
    /// A setting that Caddy refuses only when it provisions the configuration.
    PROVISION = "E0603" "provision";
    /// A file, folder or port of this machine that is not as the configuration needs it.
    MACHINE = "E0604" "machine";
    /// The text is not laid out as `fmt` would lay it out.
    UNFORMATTED = "W0001" "unformatted";
    /// A form that Caddy still accepts and wants replaced.
    DEPRECATED = "W0002" "deprecated";
    /// An import that brings nothing.
    EMPTY_IMPORT = "W0003" "empty-import";
    /// An `{args[…]}` that has no argument to stand for.
    UNDEFINED_ARGUMENT = "W0004" "undefined-argument";
    /// A value that JSON cannot carry, so that Caddy writes `null`.
    NOT_REPRESENTABLE = "W0005" "not-representable";
    /// A site that listens for a Host of `0.0.0.0` or `::`.
    UNSPECIFIED_HOST = "W0006" "unspecified-host";
}

//! What other versions than 2.11.7 answer otherwise. Measured on the programs of 2.11.7, 2.11.8 and 2.11.9.

use caddyctl_language::Version;

use super::program::Program;
use super::state::State;

const V2_8_4: Version = Version::new(2, 8, 4);
const V2_11_1: Version = Version::new(2, 11, 1);
const V2_11_4: Version = Version::new(2, 11, 4);
const V2_11_7: Version = Version::new(2, 11, 7);
const V2_11_8: Version = Version::new(2, 11, 8);
const V2_11_9: Version = Version::new(2, 11, 9);

/// The changes of [`crate::upgrade`] that the model follows, by name. Others are to be named to whoever reads its answers.
pub const FOLLOWED: [&str; 9] = [
    "query-all-keys",
    "host-labels-case",
    "host-to-tls-upstream",
    "underscore-headers",
    "dotted-headers",
    "encode-no-transform",
    "declared-size",
    "try-files-root",
    "try-files-folder",
];

/// What the slash at the end of a path means for `file`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SlashAtEnd {
    /// Only that of the pattern counts.
    OfPattern,
    /// That of the path counts too.
    OfPath,
    /// A path that ends in one finds nothing.
    Refused,
}

impl Program<'_> {
    /// The same configuration, as this version answers.
    #[must_use]
    pub fn for_version(self, version: Version) -> Self {
        Self { version, ..self }
    }
}

impl State<'_> {
    /// Whether a query must have all keys of a matcher.
    pub(super) fn wants_all_keys(&self) -> bool {
        self.version >= V2_8_4
    }

    /// Whether the labels of a host are in lower case.
    pub(super) fn lowers_labels(&self) -> bool {
        self.version >= V2_11_1
    }

    /// Whether an upstream gets its own name over TLS.
    pub(super) fn names_tls_upstream(&self) -> bool {
        self.version >= V2_11_1
    }

    /// Whether header fields with `_` in their names are dropped.
    pub(super) fn drops_underscores(&self) -> bool {
        self.version >= V2_11_4
    }

    /// Whether header fields with `.` in their names are dropped.
    pub(super) fn drops_dots(&self) -> bool {
        self.version >= V2_11_7
    }

    /// Whether a client can switch the compression off.
    pub(super) fn obeys_no_transform(&self) -> bool {
        (V2_8_4..V2_11_8).contains(&self.version)
    }

    /// Whether a body that is declared too large is refused at once.
    pub(super) fn refuses_declared_size(&self) -> bool {
        self.version >= V2_11_8
    }

    /// Whether `{http.request.orig_uri.path.file_escaped}` is known.
    pub(super) fn knows_escaped_file(&self) -> bool {
        self.version >= V2_11_8
    }

    /// What the slash at the end of a path means for `file`.
    pub(super) fn slash_at_end(&self) -> SlashAtEnd {
        match self.version {
            version if version >= V2_11_9 => SlashAtEnd::Refused,
            version if version >= V2_11_8 => SlashAtEnd::OfPath,
            _ => SlashAtEnd::OfPattern,
        }
    }
}

//! The files of a certificate.

use std::fmt;

/// A certificate with its key, in one file or in two.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::check) struct Files {
    /// The file of the certificate.
    pub(in crate::check) certificate: String,
    /// The file of the key, if that is another one.
    pub(in crate::check) key: Option<String>,
}

impl fmt::Display for Files {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}`", self.certificate)?;
        self.key.as_ref().map_or(Ok(()), |key| write!(out, " and `{key}`"))
    }
}

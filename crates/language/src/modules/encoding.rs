//! How answers are compressed (docs: "encode").

use crate::spec::Namespace;

mod gzip;
mod zstd;

/// The namespace `http.encoders`. A module stands under its name there, so that no key carries it.
pub(crate) static NAMESPACE: Namespace = Namespace {
    id: "http.encoders",
    what: "encoding",
    key: "encoding",
    all: &[&gzip::MODULE, &zstd::MODULE],
};

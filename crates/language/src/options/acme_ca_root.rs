//! `acme_ca_root`: whom to trust as the ACME server (docs: "Global options").

use super::value::only_word;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption {
    name: "acme_ca_root",
    syntax: "acme_ca_root <path>",
    doc: "A certificate that the ACME server is trusted by",
    rows: &[],
    example: "acme_ca_root /etc/ssl/acme-root.pem",
    read,
};

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.acme_ca_root = Some(only_word(cursor, "the path of a PEM file")?);
    Ok(())
}

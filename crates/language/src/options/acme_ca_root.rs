//! `acme_ca_root`: whom to trust as the ACME server (docs: "Global options").

use super::value::only_word;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption::new(
    "acme_ca_root",
    "<path>",
    "A PEM file with the root certificate to trust for the ACME server",
    read,
)
.example("acme_ca_root /etc/ssl/acme-root.pem");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.acme_ca_root = Some(only_word(cursor, "the path of a PEM file")?);
    Ok(())
}

//! `acme_ca`: where certificates come from (docs: "Global options").

use super::value::only_word;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("acme_ca", "<url>", "The directory URL of the ACME server", read)
        .example("acme_ca https://acme-staging-v02.api.letsencrypt.org/directory");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.acme_ca = Some(only_word(cursor, "the URL of an ACME directory")?);
    Ok(())
}

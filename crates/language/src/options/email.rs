//! `email`: the address of the ACME account (docs: "Global options").

use super::value::only_word;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("email", "<address>", "The address of the ACME account", read)
        .example("email admin@example.com");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.email = Some(only_word(cursor, "an email address")?);
    Ok(())
}

//! `email`: the address of the ACME account (docs: "Global options").

use super::value::only_word;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption {
    name: "email",
    syntax: "email <address>",
    doc: "The address of the ACME account",
    rows: &[],
    example: "email admin@example.com",
    read,
};

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.email = Some(only_word(cursor, "an email address")?);
    Ok(())
}

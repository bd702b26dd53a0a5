//! `default_sni`: the name for clients that send none (docs: "Global options").

use super::value::only_word;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("default_sni", "<name>", "The server name for clients that send none", read)
        .example("default_sni www.example.com");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.default_sni = only_word(cursor, "a host name")?;
    Ok(())
}

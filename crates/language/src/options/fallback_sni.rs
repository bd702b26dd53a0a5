//! `fallback_sni`: the name for clients that send an unknown one (docs: "Global options").

use super::value::only_word;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("fallback_sni", "<name>", "The server name for clients that send an unknown one", read)
        .example("fallback_sni www.example.com");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.fallback_sni = only_word(cursor, "a host name")?;
    Ok(())
}

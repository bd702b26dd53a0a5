//! `key_type`: the type of new keys (docs: "Global options").

use super::value::only_word;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("key_type", "<type>", "The type of new private keys", read).example("key_type p384");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.key_type = Some(only_word(cursor, "a type of key, such as `p256`")?);
    Ok(())
}

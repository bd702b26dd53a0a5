//! `storage_check`: the check of the storage at start (docs: "Global options").

use super::value::only_word;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed, not_a};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("storage_check", "off", "Does not check the storage at start", read)
        .example("storage_check off");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    if only_word(cursor, "`off`")? != "off" {
        return Err(not_a(cursor, "`off`", "storage_check off"));
    }
    options.storage_check_off = true;
    Ok(())
}

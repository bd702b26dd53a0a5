//! `persist_config`: whether loaded configurations are saved (docs: "Global options").

use super::value;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed, not_a};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("persist_config", "off", "Does not save loaded configurations for `--resume`", read)
        .example("persist_config off");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let text = value::only_word(cursor, "the word `off`")?;
    if text != "off" {
        return Err(not_a(cursor, "the word `off`", "persist_config off"));
    }
    options.persist_config_off = true;
    Ok(())
}

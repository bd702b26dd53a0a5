//! `debug`: the level of every log that sets none (docs: "Global options").

use crate::compile::Options;
use crate::spec::{Cursor, GlobalOption, Parsed};

/// The option.
pub static OPTION: GlobalOption = GlobalOption {
    name: "debug",
    syntax: "debug",
    doc: "Logs everything, down to the level DEBUG",
    rows: &[],
    example: "debug",
    read,
};

fn read(_cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.debug = true;
    Ok(())
}

//! `shutdown_delay`: how long a stop is announced before it begins (docs: "Global options").

use super::value;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption {
    name: "shutdown_delay",
    syntax: "shutdown_delay <duration>",
    doc: "How long a stop is announced before it begins",
    rows: &[],
    example: "shutdown_delay 30s",
    read,
};

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.shutdown_delay = value::next_duration(cursor)?;
    Ok(())
}

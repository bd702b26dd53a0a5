//! `grace_period`: how long a reload or stop waits for active requests (docs: "Global options").

use super::value;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption {
    name: "grace_period",
    syntax: "grace_period <duration>",
    doc: "How long a reload or stop waits for requests that are still served",
    rows: &[],
    example: "grace_period 10s",
    read,
};

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.grace_period = value::next_duration(cursor)?;
    Ok(())
}

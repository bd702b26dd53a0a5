//! `grace_period`: how long a reload or stop waits for active requests (docs: "Global options").

use super::value;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption::new(
    "grace_period",
    "<duration>",
    "How long a reload or stop waits for active requests",
    read,
)
.example("grace_period 10s");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.grace_period = value::next_duration(cursor)?;
    Ok(())
}

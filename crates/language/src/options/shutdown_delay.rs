//! `shutdown_delay`: how long a stop is announced before it begins (docs: "Global options").

use super::value;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("shutdown_delay", "<duration>", "How long to wait before a stop begins", read)
        .example("shutdown_delay 30s");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.shutdown_delay = value::next_duration(cursor)?;
    Ok(())
}

//! `debug`: the level of every log that sets none (docs: "Global options").

use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("debug", "", "Logs all entries, including those of level DEBUG", read).example("debug");

#[expect(clippy::unnecessary_wraps, reason = "the shape of every option; Caddy refuses nothing here")]
fn read(_cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.debug = true;
    Ok(())
}

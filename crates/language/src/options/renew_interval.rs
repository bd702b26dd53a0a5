//! `renew_interval`: how often certificates are checked for renewal (docs: "Global options").

use super::value::next_duration;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption {
    name: "renew_interval",
    syntax: "renew_interval <duration>",
    doc: "How often certificates are checked for renewal",
    rows: &[],
    example: "renew_interval 10m",
    read,
};

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.renew_interval = next_duration(cursor)?;
    Ok(())
}

//! `ocsp_interval`: how often OCSP staples are renewed (docs: "Global options").

use super::value::next_duration;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption {
    name: "ocsp_interval",
    syntax: "ocsp_interval <duration>",
    doc: "How often OCSP staples are renewed",
    rows: &[],
    example: "ocsp_interval 2h",
    read,
};

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.ocsp_interval = next_duration(cursor)?;
    Ok(())
}

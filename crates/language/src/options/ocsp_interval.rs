//! `ocsp_interval`: how often OCSP staples are renewed (docs: "Global options").

use super::value::next_duration;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("ocsp_interval", "<duration>", "How often to check OCSP staples", read)
        .example("ocsp_interval 2h");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.ocsp_interval = next_duration(cursor)?;
    Ok(())
}

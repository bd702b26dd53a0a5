//! `renew_interval`: how often certificates are checked for renewal (docs: "Global options").

use super::value::next_duration;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("renew_interval", "<duration>", "How often to check certificates for renewal", read)
        .example("renew_interval 10m");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.renew_interval = next_duration(cursor)?;
    Ok(())
}

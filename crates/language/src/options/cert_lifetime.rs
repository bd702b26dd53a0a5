//! `cert_lifetime`: the lifetime that ACME servers are asked for (docs: "Global options").

use super::value::next_duration;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("cert_lifetime", "<duration>", "The lifetime to request from ACME servers", read)
        .example("cert_lifetime 30d");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.cert_lifetime = Some(next_duration(cursor)?);
    Ok(())
}

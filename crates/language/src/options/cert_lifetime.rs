//! `cert_lifetime`: the lifetime that ACME servers are asked for (docs: "Global options").

use super::value::next_duration;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption {
    name: "cert_lifetime",
    syntax: "cert_lifetime <duration>",
    doc: "The lifetime that ACME servers are asked for",
    rows: &[],
    example: "cert_lifetime 30d",
    read,
};

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.cert_lifetime = Some(next_duration(cursor)?);
    Ok(())
}

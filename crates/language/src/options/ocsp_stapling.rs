//! `ocsp_stapling`: OCSP staples in handshakes (docs: "Global options").

use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed, not_a};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption {
    name: "ocsp_stapling",
    syntax: "ocsp_stapling off",
    doc: "Turns OCSP stapling off",
    rows: &[],
    example: "ocsp_stapling off",
    read,
};

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    if cursor.one_arg("`off`")? != "off" {
        return Err(not_a(cursor, "`off`", "ocsp_stapling off"));
    }
    options.ocsp_stapling_off = true;
    Ok(())
}

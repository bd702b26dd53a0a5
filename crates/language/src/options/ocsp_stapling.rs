//! `ocsp_stapling`: OCSP staples in handshakes (docs: "Global options").

use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed, not_a};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("ocsp_stapling", "off", "Turns OCSP stapling off", read).example("ocsp_stapling off");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    if cursor.one_arg("`off`")? != "off" {
        return Err(not_a(cursor, "`off`", "ocsp_stapling off"));
    }
    options.ocsp_stapling_off = true;
    Ok(())
}

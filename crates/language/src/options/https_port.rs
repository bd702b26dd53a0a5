//! `https_port`: the port of `https://` sites, if it is not 443 (docs: "Global options").

use super::value;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("https_port", "<port>", "The port for HTTPS", read).example("https_port 8443");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.https_port = Some(value::port(cursor)?);
    Ok(())
}

//! `https_port`: the port of `https://` sites, if it is not 443 (docs: "Global options").

use super::value;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption {
    name: "https_port",
    syntax: "https_port <port>",
    doc: "The port for HTTPS",
    rows: &[],
    example: "https_port 8443",
    read,
};

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.https_port = Some(value::port(cursor)?);
    Ok(())
}

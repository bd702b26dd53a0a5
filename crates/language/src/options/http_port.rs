//! `http_port`: the port of `http://` sites, if it is not 80 (docs: "Global options").

use super::value;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption {
    name: "http_port",
    syntax: "http_port <port>",
    doc: "The port for plain HTTP",
    rows: &[],
    example: "http_port 8080",
    read,
};

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.http_port = Some(value::port(cursor)?);
    Ok(())
}

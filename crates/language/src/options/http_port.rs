//! `http_port`: the port of `http://` sites, if it is not 80 (docs: "Global options").

use super::value;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("http_port", "<port>", "The port for plain HTTP", read).example("http_port 8080");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.http_port = Some(value::port(cursor)?);
    Ok(())
}

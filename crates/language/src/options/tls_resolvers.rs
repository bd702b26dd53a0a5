//! `tls_resolvers`: the DNS servers that are asked about challenges (docs: "Global options").

use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption::new(
    "tls_resolvers",
    "<address...>",
    "The DNS servers for checking challenge records",
    read,
)
.example("tls_resolvers 1.1.1.1 8.8.8.8");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let name = cursor.word().clone();
    let resolvers = cursor.arg_texts();
    if resolvers.is_empty() {
        return Err(cursor.missing(&name, "the address of a DNS server, such as `1.1.1.1`"));
    }
    options.tls_resolvers = resolvers;
    Ok(())
}

//! `dns`: the DNS provider where none is named (docs: "Global options").

use crate::lower::{GlobalOption, Options};
use crate::modules::dns_provider::NAMESPACE;
use crate::spec::{Cursor, Kind, Parsed, Row};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption {
    name: "dns",
    syntax: "dns <provider> ...",
    doc: "The DNS provider where none is named",
    rows: &[Row::new("dns", "<provider> ...", Kind::Module(&NAMESPACE), "The DNS provider")],
    example: "dns cloudflare {env.CLOUDFLARE_API_TOKEN}",
    read,
};

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let name = cursor.word().clone();
    if !cursor.next() {
        return Err(cursor.missing(&name, "a DNS provider"));
    }
    options.dns = Some(NAMESPACE.read(cursor)?);
    Ok(())
}

//! `dns`: the DNS provider where none is named (docs: "Global options").

use crate::lower::{GlobalOption, Options};
use crate::modules::dns_provider::NAMESPACE;
use crate::spec::{Cursor, Holds, Kind, Parsed, Row};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("dns", "<provider> ...", "The default DNS provider", read)
        .rows(ROWS)
        .holds(Holds::Words)
        .example("dns cloudflare {env.CLOUDFLARE_API_TOKEN}");

const ROWS: &[Row] = &[Row::new("dns", "<provider> ...", Kind::Module(&NAMESPACE), "The DNS provider")];

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let name = cursor.word().clone();
    if !cursor.next() {
        return Err(cursor.missing(&name, "a DNS provider"));
    }
    options.dns = Some(NAMESPACE.read(cursor)?);
    Ok(())
}

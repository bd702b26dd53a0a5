//! `acme_dns`: ACME challenges are answered through DNS (docs: "Global options").

use crate::lower::{AcmeDns, GlobalOption, Options};
use crate::modules::dns_provider::NAMESPACE;
use crate::spec::{Cursor, Holds, Kind, Parsed, Row};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("acme_dns", "[<provider> ...]", "Solves ACME challenges with DNS records", read)
        .rows(ROWS)
        .holds(Holds::Words)
        .example("acme_dns");

const ROWS: &[Row] = &[Row::new("acme_dns", "<provider> ...", Kind::Module(&NAMESPACE), "The DNS provider")];

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let word = cursor.word().clone();
    // Without a provider, that of the option `dns` is meant.
    let provider = if cursor.next() { Some(NAMESPACE.read(cursor)?) } else { None };
    options.acme_dns = Some(AcmeDns { word, provider });
    Ok(())
}

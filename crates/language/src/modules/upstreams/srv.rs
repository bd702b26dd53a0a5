//! `srv`: from DNS records of type SRV.

use crate::config::Module;
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row, arguments, put, read_block};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("srv", "[<name>]", "Looks up DNS records of type SRV", read).rows(ROWS);

const ROWS: &[Row] = &[
    Row::new("service", "<service>", Kind::Text, "The service part of the name").once().lenient(),
    Row::new("proto", "<proto>", Kind::Text, "The protocol part of the name").once().lenient(),
    Row::new("name", "<name>", Kind::Text, "The name to look up").once().lenient(),
    Row::new("refresh", "<interval>", Kind::Duration, "How long to keep a DNS response").lenient(),
    Row::new("resolvers", "<addresses...>", Kind::List, "The DNS servers to use").at("resolver/addresses"),
    Row::new("dial_timeout", "<duration>", Kind::Duration, "The time limit for connecting to a DNS server")
        .lenient(),
    Row::new("dial_fallback_delay", "<duration>", Kind::Duration, "When to try IPv4 in addition to IPv6")
        .lenient(),
    Row::new(
        "grace_period",
        "<duration>",
        Kind::Duration,
        "How long to use an old DNS response after a failed lookup",
    )
    .lenient(),
];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let args = cursor.args();
    if let Some(second) = args.get(1) {
        return Err(arguments::surplus(second, "srv", "one name"));
    }
    let mut fields = Module::new();
    if let Some(name) = args.first().filter(|name| !name.text.is_empty()) {
        put(&mut fields, "name", Some(name.text.as_str().into()));
    }
    read_block(cursor, "srv", &MODULE.rows, &mut fields)?;
    Ok(fields)
}

//! `ip_mask`: keeps the first bits of an address.

use crate::config::{Fields, Module, integer};
use crate::go;
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row, arguments, not_a, read_block};

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec::new(
    "ip_mask",
    "[<IPv4 bits> [<IPv6 bits>]]",
    "Keeps only the first bits of an address",
    read,
)
.rows(ROWS);

const ROWS: &[Row] = &[
    Row::new("ipv4", "<bits>", Kind::Integer, "The number of bits of an IPv4 address to keep")
        .at(IPV4)
        .lenient(),
    Row::new("ipv6", "<bits>", Kind::Integer, "The number of bits of an IPv6 address to keep")
        .at(IPV6)
        .lenient(),
];

const IPV4: &str = "ipv4_cidr";
const IPV6: &str = "ipv6_cidr";

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let mut fields = Fields::new();
    for key in [IPV4, IPV6] {
        let Some(text) = cursor.arg() else { break };
        let bits = go::atoi(&text).ok_or_else(|| not_a(cursor, "a number of bits", "24"))?;
        if bits != 0 {
            fields.insert(key, integer(bits));
        }
    }
    if cursor.next_arg() {
        return Err(arguments::surplus(cursor.word(), "ip_mask", "two numbers"));
    }
    read_block(cursor, &MODULE.name, &MODULE.rows, &mut fields)?;
    Ok(fields)
}

//! `a`: from DNS records of type A and AAAA.

use crate::config::{Fields, Module, Value};
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row, arguments, put, read_block, value};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("a", "[<name> [<port>]]", "Looks up DNS records of type A and AAAA", read).rows(ROWS);

const ROWS: &[Row] = &[
    Row::new("name", "<name>", Kind::Text, "The name to look up").once().lenient(),
    Row::new("port", "<port>", Kind::Text, "The port of every upstream").once().lenient(),
    Row::new("refresh", "<interval>", Kind::Duration, "How long to keep a DNS response").lenient(),
    Row::new("resolvers", "<addresses...>", Kind::List, "The DNS servers to use").at("resolver/addresses"),
    Row::new("dial_timeout", "<duration>", Kind::Duration, "The time limit for connecting to a DNS server")
        .lenient(),
    Row::new("dial_fallback_delay", "<duration>", Kind::Duration, "When to try IPv4 in addition to IPv6")
        .lenient(),
    Row::new("versions", "ipv4|ipv6...", Kind::Custom(versions), "The IP versions to look up"),
];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let args = cursor.args();
    if let Some(third) = args.get(2) {
        return Err(arguments::surplus(third, "a", "a name and a port"));
    }
    let mut fields = Module::new();
    for (key, word) in ["name", "port"].into_iter().zip(&args) {
        if !word.text.is_empty() {
            put(&mut fields, key, Some(word.text.as_str().into()));
        }
    }
    read_block(cursor, "a", &MODULE.rows, &mut fields)?;
    Ok(fields)
}

fn versions(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    const VERSIONS: [&str; 2] = ["ipv4", "ipv6"];
    let name = cursor.word().clone();
    let words = cursor.args();
    if words.is_empty() {
        return Err(cursor.missing(&name, "`ipv4`, `ipv6` or both"));
    }
    for word in &words {
        if !VERSIONS.contains(&word.text.as_str()) {
            return Err(value::ip_version(word, &VERSIONS));
        }
        put(fields, &format!("versions/{}", word.text), Some(Value::Bool(true)));
    }
    Ok(())
}

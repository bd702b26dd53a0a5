//! `http`: certificates fetched from URLs (docs: "tls", trust pools).

use crate::config::{Fields, Module};
use crate::spec::{Cursor, Fault, Kind, List, ModuleSpec, Parsed, Row, Text, append, read_block};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("http", "[<url...>]", "Trusts the certificates at these URLs", read).rows(&ROWS);

static ROWS: [Row; 2] = [
    Row::new("endpoints", "<url...>", Kind::Texts, "URLs of PEM certificates"),
    Row::new("tls", "{ ... }", Kind::CustomBlock(tls, List::Static(&TLS)), "The TLS options for these URLs"),
];

const RENEGOTIATION: &[Text] = &[Text::Static("never"), Text::Static("once"), Text::Static("freely")];

/// The settings of the connection that fetches.
static TLS: [Row; 5] = [
    Row::new(
        "ca",
        "<module> ...",
        Kind::Module(&super::NAMESPACE),
        "The trust pool for the server's certificate",
    ),
    Row::new("insecure_skip_verify", "", Kind::On, "Accepts any certificate of the server").lenient(),
    Row::new("handshake_timeout", "<duration>", Kind::Duration, "The time limit for the handshake").lenient(),
    Row::new("server_name", "<name>", Kind::Text, "The name that the certificate must have").lenient(),
    Row::new(
        "renegotiation",
        "never|once|freely",
        Kind::Word(List::Static(RENEGOTIATION)),
        "Whether the server may renegotiate",
    )
    .lenient(),
];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let mut fields = Fields::new();
    append(&mut fields, "endpoints", cursor.arg_texts());
    read_block(cursor, "http", &MODULE.rows, &mut fields)?;
    Ok(fields)
}

fn tls(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    if fields.contains_key("tls") {
        return Err(Fault::repeated(cursor.word(), "`tls`"));
    }
    let mut inner = Fields::new();
    read_block(cursor, "tls", &TLS, &mut inner)?;
    fields.insert("tls", inner);
    Ok(())
}

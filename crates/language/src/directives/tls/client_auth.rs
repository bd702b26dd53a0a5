//! `client_auth`: what clients must show (docs: "tls", `client_auth`).

use super::pem;
use crate::config::{ClientAuthentication, Fields, Value};
use crate::diagnostics::Code;
use crate::lower::Scope;
use crate::modules::{client_verifier, trust_pool};
use crate::spec::{Cursor, Fault, Kind, Parsed, Row, conflict};
use crate::syntax::Word;
use crate::version::Change;

/// The subdirectives.
pub(super) const ROWS: &[Row] = &[
    Row::new(
        "mode",
        "request|require|verify_if_given|require_and_verify",
        Kind::Own,
        "Whether a certificate is requested, required, and verified",
    ),
    Row::new(
        "trust_pool",
        "<module> ...",
        Kind::Module(&trust_pool::NAMESPACE),
        "The authorities that must have signed the certificate",
    ),
    Row::new("trusted_ca_cert", "<base64_der>", Kind::Own, "The old form of `trust_pool inline`"),
    Row::new("trusted_ca_cert_file", "<path>", Kind::Own, "The old form of `trust_pool file`"),
    Row::new("trusted_leaf_cert", "<base64_der>", Kind::Own, "A client certificate to accept"),
    Row::new("trusted_leaf_cert_file", "<path>", Kind::Own, "A client certificate to accept"),
    Row::new(
        "verifier",
        "<module> ...",
        Kind::Module(&client_verifier::NAMESPACE),
        "An additional check of the certificate",
    ),
];

/// Reads from the name on. Words behind it are not looked at.
pub(super) fn read(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<ClientAuthentication> {
    let mut client = ClientAuthentication::default();
    let mut authorities: Vec<String> = Vec::new();
    while cursor.next_arg() {}
    let level = cursor.nesting();
    while cursor.next_block(level) {
        let row = cursor.word().clone();
        match row.text.as_str() {
            "mode" => {
                client.mode = cursor.need_arg("a mode, such as `require_and_verify`")?;
                cursor.no_more_args(&row, "one mode")?;
            }
            "trusted_ca_cert" | "trusted_ca_cert_file" => {
                deprecated(&row, scope);
                if client.ca.is_some() {
                    return Err(two_pools(&row));
                }
                authorities.extend(certificates(cursor, scope)?);
            }
            "trusted_leaf_cert" | "trusted_leaf_cert_file" => {
                client.trusted_leaf_certs.extend(certificates(cursor, scope)?);
            }
            "trust_pool" => {
                if !authorities.is_empty() {
                    return Err(two_pools(&row));
                }
                client.ca = Some(trust_pool::NAMESPACE.read_arg(cursor)?);
            }
            "verifier" => client.verifiers.push(client_verifier::NAMESPACE.read_arg(cursor)?),
            _ => return Err(cursor.unknown("client_auth", ROWS.iter().map(|row| &*row.name))),
        }
    }
    if !cursor.version().has(Change::ClientAuthTrustPool) {
        client.trusted_ca_certs = authorities;
    } else if !authorities.is_empty() {
        client.ca = Some(Fields::from_iter([
            ("provider".to_owned(), Value::from("inline")),
            ("trusted_ca_certs".to_owned(), Value::from(authorities)),
        ]));
    }
    Ok(client)
}

/// The bytes of a line in a PEM file, with its line break.
const PEM_LINE: usize = 65;

/// The certificates that the current line names, as base64 of their DER: the next word itself, or those in the file that
/// it names.
fn certificates(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Vec<String>> {
    if !cursor.text().ends_with("_file") {
        return Ok(vec![cursor.need_arg("a certificate, as base64 of its DER")?]);
    }
    let path = cursor.need_arg("the path of a PEM file")?;
    let file = scope.loader.base().join(&path);
    let bytes = scope.loader.read(&file).map_err(|error| {
        Fault::new(Code::MACHINE, cursor.word(), format!("`{path}` cannot be read: {error}"))
            .help("Caddy reads this file when it adapts the Caddyfile, from the working directory")
    })?;
    // Two lines may name the same file of megabytes, and a snippet may have them.
    scope.state.repeat(
        bytes.len() / PEM_LINE,
        cursor.word(),
        "the lines of the files of certificates are",
    )?;
    let found = pem::certificates(&bytes).ok_or_else(|| {
        Fault::new(Code::MACHINE, cursor.word(), format!("`{path}` is not a PEM file of certificates alone"))
            .help("it must hold blocks that begin with `-----BEGIN CERTIFICATE-----`, and no others")
    })?;
    if scope.loader.is_outside(&file) {
        scope.state.kept_back.extend(found.iter().cloned());
    }
    Ok(found)
}

fn deprecated(row: &Word, scope: &mut Scope) {
    let instead = if row.text.ends_with("_file") { "trust_pool file <path>" } else { "trust_pool inline" };
    scope.warn(
        Code::DEPRECATED,
        row,
        format!("`{}` is deprecated", row.text),
        format!("write `{instead}` instead"),
    );
}

fn two_pools(row: &Word) -> Fault {
    conflict::exclusive(row, "trust_pool", "trusted_ca_cert", "put all authorities into one `trust_pool`")
}

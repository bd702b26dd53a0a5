//! The TLS side of `transport http`, where more than a plain value is to be read.

use crate::config::{Fields, Value};
use crate::diagnostics::Code;
use crate::modules::trust_pool;
use crate::spec::{Cursor, Fault, Parsed, arguments, conflict, put};

/// `tls`: TLS with what the other lines set, or as it comes.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every row")]
pub(super) fn enable(_cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    // What the path leads to is never set, but the object on the way is made.
    put(fields, "tls/enabled", None);
    Ok(())
}

/// `tls_client_auth`: the certificate to show, from two files or by the name that Caddy manages it under.
pub(super) fn client_auth(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let name = cursor.word().clone();
    let keys: &[&str] = match cursor.count_args() {
        1 => &["tls/client_certificate_automate"],
        2 => &["tls/client_certificate_file", "tls/client_certificate_key_file"],
        0 => {
            return Err(
                cursor.missing(&name, "a certificate and its key, or the name of a managed certificate")
            );
        }
        _ => {
            let third = cursor.args().swap_remove(2);
            return Err(arguments::surplus(&third, "tls_client_auth", "a certificate and its key"));
        }
    };
    for (key, text) in keys.iter().zip(cursor.arg_texts()) {
        put(fields, key, (!text.is_empty()).then(|| Value::from(text)));
    }
    Ok(())
}

/// `tls_trusted_ca_certs`: files of trusted authorities, the old way.
pub(super) fn trusted_ca_certs(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let name = cursor.word().clone();
    let files = cursor.arg_texts();
    if files.is_empty() {
        return Err(cursor.missing(&name, "at least one PEM file"));
    }
    if is_set(fields, "ca") {
        return Err(both(&name));
    }
    put(fields, "tls/root_ca_pem_files", Some(files.into()));
    Ok(())
}

/// `tls_trust_pool`: where trusted authorities come from.
pub(super) fn trust_pool(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let name = cursor.word().clone();
    let pool = trust_pool::NAMESPACE.read_arg(cursor)?;
    if is_set(fields, "root_ca_pem_files") {
        return Err(both(&name));
    }
    if is_set(fields, "ca") {
        return Err(Fault::new(Code::REPEATED, &name, "`tls_trust_pool` is given twice")
            .help("join them: `tls_trust_pool combined`, with a `source` for each in its block"));
    }
    put(fields, "tls/ca", Some(Value::Object(pool)));
    Ok(())
}

fn is_set(fields: &Fields, key: &str) -> bool {
    fields.get("tls").and_then(|tls| tls.get(key)).is_some()
}

fn both(name: &crate::syntax::Word) -> Fault {
    let help = "write the files as `tls_trust_pool file <files...>`";
    conflict::exclusive(name, "tls_trust_pool", "tls_trusted_ca_certs", help)
}

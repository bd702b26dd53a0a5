//! X.509 certificates and the pairs they form with private keys.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use x509_parser::prelude::{FromDer, X509Certificate};

use super::{base64, pem, private_key};

/// Why these bytes are no DER certificate, or nothing.
pub(in crate::check) fn der_fault(der: &[u8]) -> Option<String> {
    match X509Certificate::from_der(der) {
        Ok(([], _)) => None,
        Ok(_) => Some("there is data after the certificate".to_owned()),
        Err(_) => Some("it is not a DER certificate".to_owned()),
    }
}

/// Why this text is no certificate in base64, or nothing.
pub(in crate::check) fn base64_fault(text: &str) -> Option<String> {
    match base64::decode(text) {
        Some(der) => der_fault(&der),
        None => Some("it is not base64".to_owned()),
    }
}

/// The certificates of a PEM file, as DER.
pub(in crate::check) fn all(bytes: &[u8]) -> Vec<Vec<u8>> {
    pem::blocks(bytes)
        .into_iter()
        .filter(|block| block.label == "CERTIFICATE")
        .map(|block| block.der)
        .collect()
}

/// What is known of a certificate and its key.
pub(in crate::check) struct Pair {
    /// Whether it has a common name or an alternative name.
    pub(in crate::check) has_name: bool,
    /// When the certificate ceases to be valid.
    pub(in crate::check) not_after: SystemTime,
    /// When it becomes valid.
    pub(in crate::check) not_before: SystemTime,
}

/// Reads a certificate chain and its private key, both PEM; the fault is given in words.
pub(in crate::check) fn pair(chain: &[u8], key: &[u8]) -> Result<Pair, String> {
    let chain = all(chain);
    let Some(leaf) = chain.first() else {
        return Err("the certificate file has no PEM certificate".to_owned());
    };
    let Some(key) =
        pem::blocks(key).into_iter().find(|b| b.label == "PRIVATE KEY" || b.label.ends_with(" PRIVATE KEY"))
    else {
        return Err("the key file has no PEM private key".to_owned());
    };
    if key.label.contains("ENCRYPTED") {
        return Err("the private key is encrypted; Caddy needs it in the clear".to_owned());
    }
    let Ok((_, certificate)) = X509Certificate::from_der(leaf) else {
        return Err("the first certificate cannot be parsed".to_owned());
    };
    match private_key::matches(&key.der, certificate.public_key()) {
        private_key::Match::Yes | private_key::Match::Unknown => {}
        private_key::Match::No => return Err("the private key does not belong to the certificate".to_owned()),
        private_key::Match::Malformed => return Err("the private key cannot be parsed".to_owned()),
    }
    let has_name = has_name(&certificate);
    let time = |seconds: i64| UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
    let validity = certificate.validity();
    Ok(Pair {
        has_name,
        not_after: time(validity.not_after.timestamp()),
        not_before: time(validity.not_before.timestamp()),
    })
}

/// Whether the certificate is for anything: a common name, or an alternative name.
fn has_name(certificate: &X509Certificate) -> bool {
    let common = certificate.subject().iter_common_name().next().is_some();
    common
        || matches!(certificate.subject_alternative_name(), Ok(Some(names)) if !names.value.general_names.is_empty())
}

/// When the first certificate of a PEM file ceases to be valid.
pub(in crate::check) fn not_after(bytes: &[u8]) -> Option<SystemTime> {
    let leaf = all(bytes).into_iter().next()?;
    let (_, certificate) = X509Certificate::from_der(&leaf).ok()?;
    let seconds = u64::try_from(certificate.validity().not_after.timestamp()).ok()?;
    Some(UNIX_EPOCH + Duration::from_secs(seconds))
}

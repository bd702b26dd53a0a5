//! What is wrong with a connection over TLS, for people.

use std::error::Error;

use jiff::Timestamp;
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError};

/// An issuer that is not trusted.
const UNTRUSTED: &str = "the issuer of the certificate is not trusted here; --cacert FILE trusts one";

/// How the words begin of a certificate for other names.
const OTHER_NAME: &str = "the certificate is not valid for ";

/// How the words begin of a certificate whose time is over.
const ENDED: &str = "the certificate ended at ";

/// The same when the time is not known.
const EXPIRED: &str = "the certificate has expired";

/// Whether a fault, in the [`words`] of this module, is one that no later try ends.
pub(in super::super) fn is_final(fault: &str) -> bool {
    fault.contains(UNTRUSTED) || [OTHER_NAME, ENDED, EXPIRED].iter().any(|words| fault.starts_with(words))
}

/// What the innermost cause of `error` says: a name, a certificate, a refused connection. What is wrong with TLS is said
/// for people.
pub(in super::super) fn words(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(next) = last.source() {
        last = next;
    }
    match of_rustls(last) {
        Some(rustls::Error::InvalidCertificate(fault)) => of_certificate(fault),
        Some(rustls::Error::AlertReceived(alert)) => of_alert(*alert),
        Some(rustls::Error::InvalidMessage(_)) => {
            "the response is not TLS: another program or a site without HTTPS responds there".to_owned()
        }
        Some(rustls::Error::PeerIncompatible(_)) => {
            "the server and this program have no version or cipher of TLS in common".to_owned()
        }
        _ => last.to_string(),
    }
}

fn of_certificate(fault: &CertificateError) -> String {
    let at = |time: &UnixTime| {
        let seconds = i64::try_from(time.as_secs()).ok();
        seconds.and_then(|seconds| Timestamp::from_second(seconds).ok())
    };
    match fault {
        CertificateError::UnknownIssuer => UNTRUSTED.to_owned(),
        CertificateError::BadSignature => {
            "the certificate is not signed by the trusted issuer of that name: --cacert has another certificate of it"
                .to_owned()
        }
        CertificateError::ExpiredContext { not_after, .. } => {
            at(not_after).map_or_else(|| EXPIRED.to_owned(), |ended| format!("{ENDED}{ended}"))
        }
        CertificateError::Expired => EXPIRED.to_owned(),
        CertificateError::NotValidYetContext { not_before, .. } if at(not_before).is_some() => {
            let begins = at(not_before).map(|begins| begins.to_string()).unwrap_or_default();
            format!("the certificate is not valid before {begins}: the clock of this machine may be behind")
        }
        CertificateError::NotValidYet => "the certificate is not valid yet".to_owned(),
        CertificateError::NotValidForNameContext { expected, presented } => {
            let names = presented.iter().map(|name| plain(name)).collect::<Vec<_>>().join(", ");
            let names = if names.is_empty() { "no name".to_owned() } else { names };
            format!("{OTHER_NAME}{}, only for {names}", expected.to_str())
        }
        CertificateError::NotValidForName => format!("{OTHER_NAME}the name of the site"),
        CertificateError::Revoked => "the certificate was revoked".to_owned(),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "the certificate is not one for a server".to_owned()
        }
        // The verifier has no variant for it, only a name in an error of another kind.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "the site presents the certificate of an authority; --cacert FILE with this certificate trusts it"
                .to_owned()
        }
        _ => "the certificate is invalid".to_owned(),
    }
}

/// A presented name, which the verifier writes as `DnsName("a.test")`.
fn plain(name: &str) -> &str {
    name.split_once('"').and_then(|(_, rest)| rest.split_once('"')).map_or(name, |(name, _)| name)
}

fn of_alert(alert: AlertDescription) -> String {
    match alert {
        // Measured on Caddy 2.11.7: for a name without a certificate.
        AlertDescription::InternalError | AlertDescription::UnrecognisedName => {
            "the server has no certificate for this name".to_owned()
        }
        AlertDescription::CertificateRequired | AlertDescription::BadCertificate => {
            "the server requires a client certificate".to_owned()
        }
        AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure => {
            "the server and this program have no version or cipher of TLS in common".to_owned()
        }
        other => format!("the server ended the TLS handshake ({})", spaced(&format!("{other:?}"))),
    }
}

/// `AccessDenied` as `access denied`.
fn spaced(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

/// An error of rustls, also inside errors of input and output, which do not give it as their source.
fn of_rustls<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    match error.downcast_ref::<std::io::Error>() {
        Some(outer) => of_rustls(outer.get_ref()?),
        None => error.downcast_ref(),
    }
}

#[cfg(test)]
mod tests {
    use rustls::InvalidMessage;
    use rustls::pki_types::ServerName;

    use super::*;

    #[test]
    fn certificates_in_words() {
        let said = |fault| words(&std::io::Error::other(rustls::Error::InvalidCertificate(fault)));
        let untrusted = "the issuer of the certificate is not trusted here; --cacert FILE trusts one";
        assert_eq!(said(CertificateError::UnknownIssuer), untrusted);
        let at = |seconds| UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        let old = CertificateError::ExpiredContext { time: at(9), not_after: at(0) };
        assert_eq!(said(old.clone()), "the certificate ended at 1970-01-01T00:00:00Z");
        let expected = ServerName::try_from("a.test").unwrap();
        let presented = vec!["DnsName(\"b.test\")".to_owned()];
        let other = CertificateError::NotValidForNameContext { expected, presented };
        assert_eq!(said(other.clone()), "the certificate is not valid for a.test, only for b.test");
        assert!(
            [CertificateError::UnknownIssuer, old, other].into_iter().all(|fault| is_final(&said(fault)))
        );
        assert!(!is_final(&said(CertificateError::NotValidYet)));
        assert_eq!(words(&std::io::Error::other("no")), "no");
    }

    #[test]
    fn no_names_of_variants() {
        let said = |error: rustls::Error| words(&std::io::Error::other(error));
        for (error, expected) in [
            (rustls::Error::AlertReceived(AlertDescription::InternalError), "no certificate for this name"),
            (rustls::Error::AlertReceived(AlertDescription::AccessDenied), "(access denied)"),
            (rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType), "the response is not TLS"),
            (rustls::Error::InvalidCertificate(CertificateError::BadSignature), "not signed by"),
            (rustls::Error::InvalidCertificate(CertificateError::BadEncoding), "is invalid"),
        ] {
            let said = said(error);
            assert!(said.contains(expected), "{said}");
            assert!(!said.contains("Error") && !said.contains("Invalid") && !said.contains("Bad"), "{said}");
        }
    }
}

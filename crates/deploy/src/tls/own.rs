//! A certificate that is its own issuer, such as `openssl req -x509` makes: whoever trusts it trusts the site that presents
//! it, as curl does.

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::Verifier;
use x509_parser::parse_x509_certificate;

/// The verifier of the system, which refuses the certificate of an authority as that of a site.
#[derive(Debug)]
pub(super) struct Own {
    pub verifier: Verifier,
    /// What else is trusted.
    pub roots: Vec<CertificateDer<'static>>,
}

/// Whether `leaf`, which is trusted itself, is valid `now`, and for `name`.
fn check(leaf: &CertificateDer<'_>, name: &ServerName<'_>, now: UnixTime) -> Result<(), Error> {
    let encoding = || Error::InvalidCertificate(CertificateError::BadEncoding);
    let (_, parsed) = parse_x509_certificate(leaf).map_err(|_| encoding())?;
    let seconds = i64::try_from(now.as_secs()).map_err(|_| encoding())?;
    let time = |seconds| {
        UnixTime::since_unix_epoch(std::time::Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
    };
    let validity = parsed.validity();
    let (from, until) = (validity.not_before.timestamp(), validity.not_after.timestamp());
    if seconds > until {
        let fault = CertificateError::ExpiredContext { time: now, not_after: time(until) };
        return Err(Error::InvalidCertificate(fault));
    }
    if seconds < from {
        let fault = CertificateError::NotValidYetContext { time: now, not_before: time(from) };
        return Err(Error::InvalidCertificate(fault));
    }
    verify_server_name(&ParsedCertificate::try_from(leaf)?, name)
}

impl ServerCertVerifier for Own {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let found =
            self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match found {
            Err(Error::InvalidCertificate(CertificateError::Other(_)))
                if self.roots.iter().any(|root| root == end_entity) =>
            {
                check(end_entity, server_name, now).map(|()| ServerCertVerified::assertion())
            }
            found => found,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

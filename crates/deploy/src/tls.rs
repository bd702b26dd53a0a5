//! The TLS of our clients: rustls with ring and the certificates of the system, chosen in one place.

use std::error::Error;
use std::net::TcpStream;
use std::sync::Arc;

use jiff::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject as _};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned,
};
use rustls_platform_verifier::Verifier;

/// Chooses the TLS implementation of this process. Calling it again does no harm.
pub(super) fn prepare() {
    // An error means that one was chosen before.
    let _ = ring::default_provider().install_default();
}

/// What certificates are trusted by: those of the system, and more.
#[derive(Clone, Debug)]
pub(super) struct Roots(Vec<CertificateDer<'static>>);

impl Roots {
    /// Trusts the certificates in each of `more` (PEM) in addition to those of the system.
    pub fn new(more: &[Vec<u8>]) -> Result<Self, String> {
        prepare();
        let mut all = Vec::new();
        for pem in more {
            let found: Vec<_> = CertificateDer::pem_slice_iter(pem)
                .collect::<Result<_, _>>()
                .map_err(|error| format!("it is not PEM: {error}"))?;
            if found.is_empty() {
                return Err("it contains no certificate".to_owned());
            }
            all.extend(found);
        }
        Ok(Self(all))
    }

    /// The settings of a client.
    pub fn client_config(&self) -> Result<ClientConfig, String> {
        let provider = Arc::new(ring::default_provider());
        let verifier = Verifier::new_with_extra_roots(self.0.iter().cloned(), Arc::clone(&provider));
        let verifier = verifier.map_err(|error| format!("the certificates to trust are invalid: {error}"))?;
        config(provider, Arc::new(verifier))
    }

    /// A connection over `stream` to a server that has to be `name`. The handshake comes with the first byte.
    pub fn connect(
        &self,
        name: &str,
        stream: TcpStream,
    ) -> Result<StreamOwned<ClientConnection, TcpStream>, String> {
        open(self.client_config()?, name, stream)
    }
}

/// What is reported about an issuer that is not trusted.
const UNTRUSTED: &str = "the issuer of the certificate is not trusted here; --cacert FILE trusts one";

/// Whether a fault, in the [`words`] of this module, is one that no later try fixes.
pub(super) fn is_final(fault: &str) -> bool {
    fault.contains(UNTRUSTED)
}

/// What the innermost cause of `error` says: a name, a certificate, a refused connection. What is wrong with a certificate
/// is written for people.
pub(super) fn words(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(next) = last.source() {
        last = next;
    }
    let Some(rustls::Error::InvalidCertificate(fault)) = of_rustls(last) else { return last.to_string() };
    match fault {
        CertificateError::UnknownIssuer => UNTRUSTED.to_owned(),
        CertificateError::Expired => "the certificate has expired".to_owned(),
        CertificateError::ExpiredContext { not_after, .. } => {
            let seconds = i64::try_from(not_after.as_secs()).ok();
            let ended = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
            ended.map_or_else(
                || "the certificate has expired".to_owned(),
                |ended| format!("the certificate ended at {ended}"),
            )
        }
        other => other.to_string(),
    }
}

/// An error of rustls, also inside errors of input and output, which do not give it as their source.
fn of_rustls<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    match error.downcast_ref::<std::io::Error>() {
        Some(outer) => of_rustls(outer.get_ref()?),
        None => error.downcast_ref(),
    }
}

fn config(
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
) -> Result<ClientConfig, String> {
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = versions.map_err(|error| error.to_string())?;
    Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

fn open(
    config: ClientConfig,
    name: &str,
    stream: TcpStream,
) -> Result<StreamOwned<ClientConnection, TcpStream>, String> {
    let name = ServerName::try_from(name.to_owned()).map_err(|_| format!("`{name}` is not a server name"))?;
    let connection = ClientConnection::new(Arc::new(config), name).map_err(|error| error.to_string())?;
    Ok(StreamOwned::new(connection, stream))
}

/// The certificate (DER) that a server shows for `name`, whoever signed it. `stream` has its timeouts set.
pub(super) fn shown(name: &str, stream: TcpStream) -> Result<Vec<u8>, String> {
    let provider = Arc::new(ring::default_provider());
    let mut open = open(config(Arc::clone(&provider), Arc::new(Anybody(provider)))?, name, stream)?;
    while open.conn.is_handshaking() {
        open.conn.complete_io(&mut open.sock).map_err(|error| error.to_string())?;
    }
    let chain = open.conn.peer_certificates().unwrap_or_default();
    Ok(chain.first().ok_or("the server sent no certificate")?.to_vec())
}

/// Accepts every certificate, since it is only looked at; no secret is ever sent over such a connection.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_in_words() {
        let words_of = |fault| words(&std::io::Error::other(rustls::Error::InvalidCertificate(fault)));
        let untrusted = "the issuer of the certificate is not trusted here; --cacert FILE trusts one";
        assert_eq!(words_of(CertificateError::UnknownIssuer), untrusted);
        let at = |seconds| UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        let old = CertificateError::ExpiredContext { time: at(9), not_after: at(0) };
        assert_eq!(words_of(old), "the certificate ended at 1970-01-01T00:00:00Z");
        assert_eq!(words(&std::io::Error::other("no")), "no");
    }
}

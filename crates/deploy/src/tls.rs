//! The TLS of our clients: rustls with ring and the certificates of the system, chosen in one place.

mod own;
mod words;

use std::net::TcpStream;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject as _};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned};
use rustls_platform_verifier::Verifier;

use own::Own;
pub(super) use words::{is_final, words};

/// Chooses the TLS implementation of this process. Calling it again does no harm.
pub(super) fn prepare() {
    // An error means that one was chosen before.
    let _ = ring::default_provider().install_default();
}

/// What certificates are trusted by: those of the system, and more.
#[derive(Clone, Debug)]
pub(super) struct Roots {
    more: Vec<CertificateDer<'static>>,
    /// The settings of a client, made once: to read the certificates of the system takes some milliseconds.
    client: OnceLock<Result<ClientConfig, String>>,
}

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
        Ok(Self { more: all, client: OnceLock::new() })
    }

    /// The settings of a client.
    pub fn client_config(&self) -> Result<ClientConfig, String> {
        self.client.get_or_init(|| self.new_client_config()).clone()
    }

    fn new_client_config(&self) -> Result<ClientConfig, String> {
        let provider = Arc::new(ring::default_provider());
        let verifier = Verifier::new_with_extra_roots(self.more.iter().cloned(), Arc::clone(&provider));
        let verifier = verifier.map_err(|error| format!("the certificates to trust are invalid: {error}"))?;
        config(provider, Arc::new(Own { verifier, roots: self.more.clone() }))
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
        open.conn.complete_io(&mut open.sock).map_err(|error| words(&error))?;
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

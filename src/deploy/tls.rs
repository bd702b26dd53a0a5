//! The TLS of our HTTP clients: rustls with ring, chosen in one place.

/// Chooses the TLS implementation of this process. Calling it again does no harm.
pub(super) fn prepare() {
    // An error means that one was chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

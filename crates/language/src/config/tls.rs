//! Certificates and TLS connections.

use ecow::EcoString;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::{Module, is_zero};

/// How the TLS connections of some names are made.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct ConnectionPolicy {
    /// The server names it is for; `None` for all.
    #[serde(rename = "match", skip_serializing_if = "Option::is_none", serialize_with = "sni")]
    pub names: Option<Vec<EcoString>>,
    /// Which of several certificates is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_selection: Option<CertificateSelection>,
    /// Cipher suites.
    #[serde(skip_serializing_if = "is_zero")]
    pub cipher_suites: Vec<String>,
    /// Key exchange groups.
    #[serde(skip_serializing_if = "is_zero")]
    pub curves: Vec<String>,
    /// Application protocols.
    #[serde(skip_serializing_if = "is_zero")]
    pub alpn: Vec<String>,
    /// Oldest TLS version.
    #[serde(skip_serializing_if = "is_zero")]
    pub protocol_min: String,
    /// Newest TLS version.
    #[serde(skip_serializing_if = "is_zero")]
    pub protocol_max: String,
    /// What clients must show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_authentication: Option<ClientAuthentication>,
    /// The name for clients that send none.
    #[serde(skip_serializing_if = "is_zero")]
    pub default_sni: String,
    /// The name for clients that send an unknown one.
    #[serde(skip_serializing_if = "is_zero")]
    pub fallback_sni: String,
    /// A file for session secrets, for debugging.
    #[serde(skip_serializing_if = "is_zero")]
    pub insecure_secrets_log: String,
}

#[expect(clippy::ref_option, reason = "serde's serialize_with passes references")]
fn sni<S: Serializer>(names: &Option<Vec<EcoString>>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry("sni", names.as_deref().unwrap_or_default())?;
    map.end()
}

/// Which of several certificates is used.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct CertificateSelection {
    /// One with any of these tags.
    #[serde(skip_serializing_if = "is_zero")]
    pub any_tag: Vec<String>,
}

/// What clients must show.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct ClientAuthentication {
    /// The trust pool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<Module>,
    /// Certificates of authorities that are trusted, base64 DER, before 2.8.4.
    #[serde(skip_serializing_if = "is_zero")]
    pub trusted_ca_certs: Vec<String>,
    /// Leaf certificates that are trusted, base64 DER.
    #[serde(skip_serializing_if = "is_zero")]
    pub trusted_leaf_certs: Vec<String>,
    /// Further checks.
    #[serde(skip_serializing_if = "is_zero")]
    pub verifiers: Vec<Module>,
    /// `request`, `require`, `verify_if_given` or `require_and_verify`.
    #[serde(skip_serializing_if = "is_zero")]
    pub mode: String,
}

/// The TLS app.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct TlsApp {
    /// Certificates that are loaded or managed by name.
    #[serde(skip_serializing_if = "is_zero")]
    pub certificates: Certificates,
    /// How certificates are got.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automation: Option<Automation>,
    /// No OCSP stapling.
    #[serde(skip_serializing_if = "is_zero")]
    pub disable_ocsp_stapling: bool,
    /// No check of the storage at start.
    #[serde(skip_serializing_if = "is_zero")]
    pub disable_storage_check: bool,
    /// No cleaning of the storage.
    #[serde(skip_serializing_if = "is_zero")]
    pub disable_storage_clean: bool,
    /// Encrypted `ClientHello`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encrypted_client_hello: Option<Ech>,
    /// The DNS provider where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dns: Option<Module>,
    /// DNS resolvers.
    #[serde(skip_serializing_if = "is_zero")]
    pub resolvers: Vec<String>,
}

impl TlsApp {
    /// Whether JSON can carry it. A ratio that is no number makes the whole app `null`, as in Caddy.
    pub(super) fn is_representable(&self) -> bool {
        let policies = self.automation.iter().flat_map(|automation| &automation.policies);
        policies.into_iter().all(|policy| !policy.renewal_window_ratio.is_nan())
    }
}

/// Certificates that are loaded or managed by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Certificates {
    /// Names that are managed though no site asks for it.
    #[serde(skip_serializing_if = "is_zero")]
    pub automate: Vec<EcoString>,
    /// Pairs of certificate and key.
    #[serde(skip_serializing_if = "is_zero")]
    pub load_files: Vec<LoadFile>,
    /// Folders of certificates.
    #[serde(skip_serializing_if = "is_zero")]
    pub load_folders: Vec<String>,
}

/// A certificate and its key, as files.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct LoadFile {
    /// The certificate's path.
    pub certificate: String,
    /// The key's path.
    pub key: String,
    /// Tags that connection policies select by.
    #[serde(skip_serializing_if = "is_zero")]
    pub tags: Vec<String>,
}

/// How certificates are got. Durations are nanoseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Automation {
    /// The first that lists a name is used for it.
    #[serde(skip_serializing_if = "is_zero")]
    pub policies: Vec<AutomationPolicy>,
    /// Certificates got at the first handshake.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_demand: Option<OnDemand>,
    /// How often OCSP staples are renewed.
    #[serde(skip_serializing_if = "is_zero")]
    pub ocsp_interval: i64,
    /// How often renewals are considered.
    #[serde(skip_serializing_if = "is_zero")]
    pub renew_interval: i64,
    /// How often the storage is cleaned.
    #[serde(skip_serializing_if = "is_zero")]
    pub storage_clean_interval: i64,
}

/// How the certificates of some names are got.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct AutomationPolicy {
    /// The names; none for every other name.
    #[serde(skip_serializing_if = "is_zero")]
    pub subjects: Vec<EcoString>,
    /// Who issues, tried in order.
    #[serde(skip_serializing_if = "is_zero")]
    pub issuers: Vec<Module>,
    /// Gets a certificate at each handshake.
    #[serde(skip_serializing_if = "is_zero")]
    pub get_certificate: Vec<Module>,
    /// The share of the lifetime that is left at renewal.
    #[serde(skip_serializing_if = "is_zero")]
    pub renewal_window_ratio: f64,
    /// Type of new keys.
    #[serde(skip_serializing_if = "is_zero")]
    pub key_type: String,
    /// Whether certificates are got at the first handshake.
    #[serde(skip_serializing_if = "is_zero")]
    pub on_demand: bool,
    /// Whether renewals keep their key.
    #[serde(skip_serializing_if = "is_zero")]
    pub reuse_private_keys: bool,
    /// No OCSP stapling.
    #[serde(skip_serializing_if = "is_zero")]
    pub disable_ocsp_stapling: bool,
}

/// Who may have a certificate at the first handshake.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct OnDemand {
    /// The endpoint that is asked, before 2.8.4.
    #[serde(skip_serializing_if = "is_zero")]
    pub ask: String,
    /// Who is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<Module>,
}

/// Encrypted `ClientHello`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Ech {
    /// The outer names.
    #[serde(skip_serializing_if = "is_zero")]
    pub configs: Vec<EchConfig>,
    /// Where the keys are published.
    #[serde(skip_serializing_if = "is_zero")]
    pub publication: Vec<EchPublication>,
}

/// Where the keys of some outer names are published.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct EchPublication {
    /// The outer names.
    #[serde(skip_serializing_if = "is_zero")]
    pub configs: Vec<String>,
    /// Publishers by kind; `dns` is the only one.
    #[serde(skip_serializing_if = "is_zero")]
    pub publishers: Module,
}

/// One outer name.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct EchConfig {
    /// The name that everybody sees.
    pub public_name: String,
}

//! Local certificate authorities.

use std::collections::BTreeMap;

use serde::Serialize;

use super::is_zero;

/// The authority that is meant where none is named.
pub(crate) const DEFAULT_AUTHORITY: &str = "local";

/// The PKI app.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Pki {
    /// By id.
    #[serde(skip_serializing_if = "is_zero")]
    pub certificate_authorities: BTreeMap<String, Authority>,
}

impl Pki {
    /// Whether JSON can carry it. A ratio that is no number makes the whole app `null`, as in Caddy.
    pub(super) fn is_representable(&self) -> bool {
        self.certificate_authorities.values().all(|authority| !authority.renewal_window_ratio.is_nan())
    }
}

/// One authority. Durations are nanoseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Authority {
    /// What people read.
    #[serde(skip_serializing_if = "is_zero")]
    pub name: String,
    /// Common name of the root certificate.
    #[serde(skip_serializing_if = "is_zero")]
    pub root_common_name: String,
    /// Common name of the intermediate certificate.
    #[serde(skip_serializing_if = "is_zero")]
    pub intermediate_common_name: String,
    /// How long an intermediate certificate is valid.
    #[serde(skip_serializing_if = "is_zero")]
    pub intermediate_lifetime: i64,
    /// Whether the root is put into the trust stores of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install_trust: Option<bool>,
    /// A root of the user's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<KeyPair>,
    /// An intermediate of the user's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intermediate: Option<KeyPair>,
    /// How often renewal is considered.
    #[serde(skip_serializing_if = "is_zero")]
    pub maintenance_interval: i64,
    /// The share of the lifetime that is left at renewal.
    #[serde(skip_serializing_if = "is_zero")]
    pub renewal_window_ratio: f64,
}

/// A certificate and its key, as files.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct KeyPair {
    /// The certificate's path.
    #[serde(skip_serializing_if = "is_zero")]
    pub certificate: String,
    /// The key's path.
    #[serde(skip_serializing_if = "is_zero")]
    pub private_key: String,
    /// The file format.
    #[serde(skip_serializing_if = "is_zero")]
    pub format: String,
}

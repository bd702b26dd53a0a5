//! The admin API's settings.

use serde::Serialize;

use super::is_zero;

/// How the running Caddy is administered.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Admin {
    /// No admin API at all; hot reloads are impossible then.
    #[serde(skip_serializing_if = "is_zero")]
    pub disabled: bool,
    /// Where it listens.
    #[serde(skip_serializing_if = "is_zero")]
    pub listen: String,
    /// Whether requests must name an allowed origin.
    #[serde(skip_serializing_if = "is_zero")]
    pub enforce_origin: bool,
    /// The allowed origins.
    #[serde(skip_serializing_if = "is_zero")]
    pub origins: Vec<String>,
    /// What becomes of loaded configurations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<AdminConfig>,
}

/// What becomes of loaded configurations.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct AdminConfig {
    /// Whether they are kept for `--resume`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub persist: Option<bool>,
}

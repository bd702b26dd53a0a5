//! Caddy's JSON: typed in Go's field order where a later stage reads it, tagged modules where only Caddy does, and
//! the writer that gives Caddy's own bytes.

mod admin;
mod document;
mod fields;
mod forms;
mod http;
pub mod indented;
mod logging;
mod matcher_set;
mod module;
pub(crate) mod network_address;
mod pki;
pub mod pointer;
mod provenance;
mod read;
mod route;
mod scalar;
mod settings;
mod tls;
mod value;
pub mod write;

pub(crate) use admin::{Admin, AdminConfig};
pub(crate) use document::Apps;
pub use document::Document;
pub use fields::{Fields, Iter as FieldsIter};
pub use http::Server;
pub(crate) use http::{AutomaticHttps, ErrorRoutes, HttpApp, Metrics, ServerLogs};
pub use indented::indented;
pub(crate) use logging::{Log, Logging, Sampling};
pub use matcher_set::MatcherSet;
pub(crate) use module::{Module, duration, encoded_again, float, integer, weak};
pub use network_address::{AddressError, NetworkAddress};
pub(crate) use pki::{Authority, DEFAULT_AUTHORITY, KeyPair, Pki};
pub use provenance::{Trace, span_at};
pub use read::{ReadError, Room, read, read_within};
pub use route::{Handler, HandlerBody, Route};
pub(crate) use scalar::scalar;
pub use settings::settings;
pub(crate) use tls::{
    Automation, AutomationPolicy, CertificateSelection, Certificates, ClientAuthentication, ConnectionPolicy,
    Ech, EchConfig, EchPublication, LoadFile, OnDemand, TlsApp,
};
pub use value::Value;
pub(crate) use value::json;

/// Whether a value is the one that Go leaves out with `omitempty`.
pub(crate) fn is_zero<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

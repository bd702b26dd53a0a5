//! The whole configuration.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::{Admin, HttpApp, Logging, Module, Pki, TlsApp, Value};

/// Everything that a Caddyfile compiles to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Document {
    /// The admin API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) admin: Option<Admin>,
    /// The logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) logging: Option<Logging>,
    /// Where certificates and state are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) storage: Option<Module>,
    /// The apps.
    #[serde(skip_serializing_if = "Apps::is_empty")]
    pub apps: Apps,
}

/// The apps, written in the order of their names.
#[derive(Clone, Debug, Default)]
pub struct Apps {
    /// HTTP servers.
    pub http: Option<HttpApp>,
    /// Local certificate authorities.
    pub(crate) pki: Option<Pki>,
    /// Certificates.
    pub(crate) tls: Option<TlsApp>,
    /// Apps that only Caddy reads (`events`).
    pub(crate) other: BTreeMap<String, Value>,
}

impl Apps {
    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.http.is_none() && self.pki.is_none() && self.tls.is_none() && self.other.is_empty()
    }
}

impl Serialize for Apps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut other = self.other.iter().peekable();
        let mut before = |map: &mut S::SerializeMap, limit: &str| {
            while let Some((name, value)) =
                other.next_if(|(name, _)| limit.is_empty() || name.as_str() < limit)
            {
                map.serialize_entry(name, value)?;
            }
            Ok(())
        };
        before(&mut map, "http")?;
        if let Some(http) = &self.http {
            map.serialize_entry("http", http)?;
        }
        before(&mut map, "pki")?;
        if let Some(pki) = &self.pki {
            map.serialize_entry("pki", &Some(pki).filter(|pki| pki.is_representable()))?;
        }
        before(&mut map, "tls")?;
        if let Some(tls) = &self.tls {
            map.serialize_entry("tls", &Some(tls).filter(|tls| tls.is_representable()))?;
        }
        before(&mut map, "")?;
        map.end()
    }
}

//! The host of the storage `s3`.

use crate::config::Value;
use crate::go::{Url, split_host_port};

/// A host, with a port or without, that has no scheme in front. `https://host` passes, because Go reads it as the host `https`
/// with a port (measured).
pub(super) fn host(text: &str) -> Option<Value> {
    let host = split_host_port(text).map(|(host, _)| host).filter(|host| !host.is_empty());
    let url = Url::parse(host.as_deref().unwrap_or(text)).ok()?;
    url.scheme.is_empty().then(|| Value::from(text))
}

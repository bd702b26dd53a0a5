//! The addresses of `crowdsec`.

use crate::config::Value;
use crate::go::Url;

/// An address with a scheme, as Go's `url.Parse` sees it, and a slash behind it. `localhost:8080` has the scheme `localhost`.
pub(super) fn url_with_slash(text: &str) -> Option<Value> {
    let url = Url::parse(text).ok().filter(|url| !url.scheme.is_empty())?;
    drop(url);
    Some(Value::from(if text.ends_with('/') { text.to_owned() } else { format!("{text}/") }))
}

//! Values that Caddy parses when it provisions: addresses, ranges, URLs, certificates, names.

pub(crate) mod base64;
pub(crate) mod certificate;
pub(crate) mod hostname;
pub(crate) mod ip_range;
pub(crate) mod pem;
pub(crate) mod private_key;
pub(crate) mod url;
pub(crate) mod url_pattern;

//! Values that Caddy parses when it provisions: addresses, ranges, URLs, certificates, names.

pub(super) mod base64;
pub(super) mod certificate;
pub(super) mod hostname;
pub(super) mod ip_range;
pub(super) mod pem;
pub(super) mod private_key;
pub(super) mod url;
pub(super) mod url_pattern;

//! `local_certs`: every certificate comes from Caddy itself (docs: "Global options").

use super::cert_issuer;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("local_certs", "", "Issues all certificates with Caddy's own authority", read)
        .example("local_certs");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.local_certs = true;
    cert_issuer::refuse_both(cursor, options)
}

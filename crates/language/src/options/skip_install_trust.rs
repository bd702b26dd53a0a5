//! `skip_install_trust`: the roots of local authorities stay out of the trust stores of the machine (docs: "Global options").

use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption::new(
    "skip_install_trust",
    "",
    "Does not install Caddy's root certificate in the trust stores of the machine",
    read,
)
.example("skip_install_trust");

#[expect(clippy::unnecessary_wraps, reason = "the table asks for this signature")]
fn read(_cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.skip_install_trust = true;
    Ok(())
}

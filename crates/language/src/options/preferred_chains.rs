//! `preferred_chains`: which certificate chain is taken (docs: "Global options").

use crate::lower::{GlobalOption, Options};
use crate::modules::issuer::preferred_chains;
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption::new(
    "preferred_chains",
    "smallest | { root_common_name|any_common_name <name...> }",
    "The certificate chains to prefer if a CA offers several",
    read,
)
.rows(preferred_chains::ROWS)
.example("preferred_chains smallest");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    options.preferred_chains = Some(preferred_chains::read(cursor)?);
    Ok(())
}

//! `tls_automate_names`: names whose certificates are managed though no site has them (measured on Caddy 2.11.7).

use ecow::EcoString;
use rustc_hash::FxHashSet;

use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption::new(
    "tls_automate_names",
    "<names...>",
    "Names to get certificates for, even if no site has them",
    read,
)
.example("tls_automate_names mail.example.com");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let option = cursor.word().clone();
    let names = cursor.arg_texts();
    if names.is_empty() {
        return Err(cursor.missing(&option, "a host name"));
    }
    let mut known: FxHashSet<EcoString> = options.tls_automate_names.iter().cloned().collect();
    let new = names.into_iter().map(EcoString::from).filter(|name| known.insert(name.clone()));
    options.tls_automate_names.extend(new);
    Ok(())
}

//! `cert_issuer`: who issues certificates (docs: "Global options").

use crate::lower::{GlobalOption, Options};
use crate::modules::issuer::NAMESPACE;
use crate::spec::{Cursor, Holds, Kind, Parsed, Row, conflict};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption::new(
    "cert_issuer",
    "<module> ...",
    "A certificate issuer; several are tried in order",
    read,
)
.rows(ROWS)
.holds(Holds::Words)
.example("cert_issuer acme https://acme.example.com/directory");

const ROWS: &[Row] = &[Row::new("cert_issuer", "<module> ...", Kind::Module(&NAMESPACE), "The issuer")];

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let name = cursor.word().clone();
    // The issuer's name may stand on a later line.
    if !cursor.next() {
        return Err(cursor.missing(&name, "an issuer, such as `acme` or `internal`"));
    }
    options.cert_issuers.push(NAMESPACE.read(cursor)?);
    cursor.reset();
    cursor.next();
    refuse_both(cursor, options)
}

/// `local_certs` is an issuer too.
pub(super) fn refuse_both(cursor: &Cursor, options: &Options) -> Parsed<()> {
    if options.local_certs && !options.cert_issuers.is_empty() {
        let help = "keep one of them; `local_certs` means `cert_issuer internal`";
        return Err(conflict::exclusive(cursor.word(), "local_certs", "cert_issuer", help));
    }
    Ok(())
}

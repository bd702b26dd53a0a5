//! `renewal_window_ratio`: how early certificates are renewed (docs: "Global options").

use crate::directives::tls::renewal_window_ratio;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption::new(
    "renewal_window_ratio",
    "<ratio>",
    "The remaining part of a certificate's lifetime at which to renew it, such as 0.33",
    read,
)
.example("renewal_window_ratio 0.5");

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let name = cursor.word().clone();
    if !cursor.next() {
        return Err(cursor.missing(&name, "a number between 0 and 1"));
    }
    options.renewal_window_ratio = Some(renewal_window_ratio(cursor)?);
    if cursor.next() {
        return Err(cursor.surplus(&name, "one number"));
    }
    Ok(())
}

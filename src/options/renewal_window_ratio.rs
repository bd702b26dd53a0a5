//! `renewal_window_ratio`: how early certificates are renewed (docs: "Global options").

use crate::compile::Options;
use crate::go::go_float;
use crate::spec::{Cursor, Fault, GlobalOption, Parsed, not_a};

/// The option.
pub static OPTION: GlobalOption = GlobalOption {
    name: "renewal_window_ratio",
    syntax: "renewal_window_ratio <ratio>",
    doc: "The share of a certificate's lifetime that is left when it is renewed",
    rows: &[],
    example: "renewal_window_ratio 0.5",
    read,
};

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let name = cursor.word().clone();
    if !cursor.next() {
        return Err(cursor.missing(&name, "a number between 0 and 1"));
    }
    options.renewal_window_ratio = Some(ratio(cursor)?);
    if cursor.next() {
        return Err(Fault::arguments(cursor.word(), "`renewal_window_ratio` takes one number")
            .label("one word too many"));
    }
    Ok(())
}

/// The current word as a share of a certificate's lifetime, between 0 and 1.
pub(crate) fn ratio(cursor: &Cursor) -> Parsed<f64> {
    match go_float(cursor.text()) {
        Some(ratio) if ratio <= 0.0 || ratio >= 1.0 => {
            Err(Fault::value(cursor.word(), format!("{} is not between 0 and 1", cursor.text()))
                .help("a third of the lifetime is `0.33`"))
        }
        Some(ratio) => Ok(ratio),
        None => Err(not_a(cursor, "a number", "0.33")),
    }
}

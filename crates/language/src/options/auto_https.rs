//! `auto_https`: which parts of automatic HTTPS are switched off (docs: "Global options").

use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Parsed, older, value};
use crate::version::Change;

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption::new(
    "auto_https",
    "off|disable_redirects|disable_certs|ignore_loaded_certs...",
    "Turns off automatic HTTPS, or parts of it",
    read,
)
.example("auto_https disable_redirects");

/// The parts that can be switched off.
const WORDS: [&str; 4] = ["off", "disable_redirects", "disable_certs", "ignore_loaded_certs"];

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let name = cursor.word().clone();
    let mut words = Vec::new();
    while cursor.next_arg() {
        let text = cursor.owned();
        if !WORDS.contains(&text.as_str()) {
            if let Some(gone) = older::gone(cursor.word(), cursor.version(), "auto_https") {
                return Err(gone);
            }
            return Err(value::not_one_of(cursor.word(), "a part of automatic HTTPS", &WORDS));
        }
        if !words.is_empty() && !cursor.version().has(Change::AutoHttpsSeveral) {
            return Err(cursor.surplus(&name, "one word"));
        }
        words.push(text);
    }
    if words.is_empty() {
        return Err(cursor
            .missing(&name, "what to switch off")
            .help(format!("write one of `{}`", WORDS.join("`, `"))));
    }
    options.auto_https = words;
    Ok(())
}

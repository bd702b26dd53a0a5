//! The global options.

use crate::diagnostics::Code;
use crate::spec::{Fault, GlobalOption, suggest};
use crate::syntax::Word;

mod debug;

/// Every global option of the stock build.
pub static ALL: &[&GlobalOption] = &[&debug::OPTION];

/// The option called `name`.
pub fn find(name: &str) -> Option<&'static GlobalOption> {
    ALL.iter().find(|option| option.name == name).copied()
}

/// A name that is no global option.
pub fn unknown(name: &Word) -> Fault {
    let fault = Fault::new(Code::UNKNOWN_OPTION, name, format!("there is no global option `{}`", name.text));
    if let Some(near) = suggest(&name.text, ALL.iter().map(|option| option.name)) {
        return fault.suggest(name, Some(near));
    }
    if crate::directives::find(&name.text).is_some() {
        return fault
            .help(format!("`{}` is a directive: write the address of its site before the `{{`", name.text));
    }
    fault.help("a block without an address is the global options; if this is a site, write its address before the `{`")
}

//! Faults of what older versions read in another way.

use super::Fault;
use crate::diagnostics::Code;
use crate::syntax::Word;
use crate::version::{Version, gone};

/// The fault of a word of `block` that only older versions accept; `None` for other words, and for versions that never had it.
pub(crate) fn gone(word: &Word, version: Version, block: &str) -> Option<Fault> {
    let gone = gone::find(block, &word.text).filter(|gone| version >= gone.from)?;
    let described = format!("`{}` in `{block}`", word.text);
    if version <= gone.last {
        return Some(not_modelled(word, version, &described));
    }
    let fault = Fault::new(Code::OTHER_VERSION, word, format!("Caddy {version} no longer has {described}"));
    Some(fault.label(format!("Caddy {} is the last known version that has it", gone.last)).help(gone.instead))
}

/// The fault of something that `version` reads in its own way, which is not modelled. `what` is a noun phrase.
pub(crate) fn not_modelled(word: &Word, version: Version, what: &str) -> Fault {
    Fault::new(
        Code::NOT_MODELLED,
        word,
        format!("the behaviour of Caddy {version} is not modelled for {what}"),
    )
    .help(format!("write this in another way, or ask `caddy adapt` of version {version}"))
}

//! Modules that directives name inside themselves: policies, transports, issuers, encoders, writers, filters.

pub mod storage;
pub mod trust_pool;

use serde_json::Value;

use crate::config::Module;
use crate::diagnostics::Code;
use crate::spec::{Cursor, Fault, ModuleSpec, Parsed, fault_list, suggest};

/// Reads the module that the current word names, with its line and its block, and puts its name under `key`. `kind` says
/// what it is in faults: "trust pool".
pub fn read(cursor: &mut Cursor, all: &[&'static ModuleSpec], key: &str, kind: &str) -> Parsed<Module> {
    let Some(spec) = all.iter().find(|spec| spec.name == cursor.text()) else {
        return Err(unknown(cursor, all, kind));
    };
    let mut fields = (spec.read)(&mut cursor.nested())?;
    fields.insert(key.to_owned(), Value::from(spec.name));
    Ok(fields)
}

/// A name that is no module of this kind.
pub fn unknown(cursor: &Cursor, all: &[&'static ModuleSpec], kind: &str) -> Fault {
    let word = cursor.word();
    let fault = Fault::new(
        Code::UNKNOWN_MODULE,
        word,
        format!("the stock build of Caddy has no {kind} called `{}`", word.text),
    );
    match suggest(&word.text, all.iter().map(|spec| spec.name)) {
        Some(near) => fault.suggest(word, Some(near)),
        None if all.is_empty() => fault.help("a plugin would have to be built into Caddy for it"),
        None => fault.help(format!(
            "it has {}; others are plugins",
            fault_list(&all.iter().map(|spec| spec.name).collect::<Vec<_>>())
        )),
    }
}

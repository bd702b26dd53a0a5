//! How `lb_policy` chooses an upstream (docs: "reverse_proxy", "Load balancing").

use serde_json::Value;

use crate::config::{Fields, Module};
use crate::diagnostics::Code;
use crate::spec::{Cursor, Fault, Namespace, Parsed};

mod bare;
mod cookie;
mod header;
mod query;
mod random_choose;
mod weighted_round_robin;

/// Those of the stock build.
pub static NAMESPACE: Namespace = Namespace {
    what: "load balancing policy",
    key: "policy",
    all: &[
        &bare::CLIENT_IP_HASH,
        &cookie::POLICY,
        &bare::FIRST,
        &header::POLICY,
        &bare::IP_HASH,
        &bare::LEAST_CONN,
        &query::POLICY,
        &bare::RANDOM,
        &random_choose::POLICY,
        &bare::ROUND_ROBIN,
        &bare::URI_HASH,
        &weighted_round_robin::POLICY,
    ],
};

/// Reads the policy whose name is the current word.
pub fn read(cursor: &mut Cursor) -> Parsed<Module> {
    NAMESPACE.read(cursor)
}

/// `fallback`: the policy for requests without what is looked for; once only.
fn fallback(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let name = cursor.word().clone();
    cursor.need_arg("the name of a policy")?;
    if fields.contains_key("fallback") {
        return Err(Fault::new(Code::REPEATED, &name, "`fallback` is given twice").help("keep one of them"));
    }
    fields.insert("fallback".to_owned(), Value::Object(read(cursor)?));
    Ok(())
}

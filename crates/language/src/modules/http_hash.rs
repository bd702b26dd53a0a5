//! How passwords are hashed (docs: "`basic_auth`").

use crate::config::{Fields, Module, Value};
use crate::spec::{ModuleSpec, Namespace};

/// The namespace `http.authentication.hashes`.
pub(crate) static NAMESPACE: Namespace = Namespace {
    id: "http.authentication.hashes",
    what: "password hash",
    key: "algorithm",
    all: &[&BCRYPT, &ARGON2ID],
};

static BCRYPT: ModuleSpec = hash("bcrypt", "The default hash");
static ARGON2ID: ModuleSpec = hash("argon2id", "A hash that is harder to guess than bcrypt");

/// A hash, which is no more than a word.
const fn hash(name: &'static str, doc: &'static str) -> ModuleSpec {
    ModuleSpec::new(name, "", doc, |_| Ok(Fields::new()))
}

/// The hash of a `basic_auth` that names none.
pub(crate) fn default() -> Module {
    [(NAMESPACE.key.to_owned(), Value::from(BCRYPT.name.as_str()))].into_iter().collect()
}

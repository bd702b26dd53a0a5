//! `basic_auth`: asks for a name and a password (docs: "`basic_auth`").

use super::deprecated;
use crate::config::{Fields, Handler, Value, json};
use crate::lower::{Directive, Scope};
use crate::modules::http_hash;
use crate::spec::{
    Answer, Conduct, Cursor, Fault, Guard, HandlerModule, Parsed, Raises, Shown, Sign, arguments,
};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler(
    "basic_auth",
    "[bcrypt|argon2id [<realm>]]",
    "Requires a user name and a password",
    |cursor, _| lower(cursor),
)
.lines("<user> <hashed password>")
.example("basic_auth {\n\tbob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n}")
.makes(&HANDLER)
.known_by(&[Sign::Has("/providers/http_basic")])
.conduct(Conduct { guard: Guard::Password, raises: Raises::Often, ..Conduct::NONE });

/// The handler.
pub(super) static HANDLER: HandlerModule = HandlerModule {
    answers: Answer::Sometimes,
    guards: true,
    shows: &[Shown::Accounts],
    ..HandlerModule::new("authentication")
};

fn lower(cursor: &mut Cursor) -> Parsed<Handler> {
    let name = cursor.word().clone();
    let mut fields = Fields::new();
    let hash = if cursor.next_arg() {
        http_hash::NAMESPACE.read_word(cursor).map_err(|fault| on_one_line(cursor, fault))?
    } else {
        http_hash::default()
    };
    fields.insert("hash", hash);
    if let Some(realm) = cursor.arg().filter(|realm| !realm.is_empty()) {
        fields.insert("realm", realm);
    }
    cursor.no_more_args(&name, "a hash and a realm")?;
    let mut accounts = Vec::new();
    cursor.block(|cursor| {
        accounts.push(account(cursor)?);
        Ok(())
    })?;
    if !accounts.is_empty() {
        fields.insert("accounts", accounts);
    }
    fields.insert("hash_cache", json!({}));
    let mut handler = Fields::new();
    handler.insert("providers", json!({ "http_basic": fields }));
    Ok(Handler::module("authentication", handler, name.span))
}

/// Caddy 1 had the account on the directive's line.
fn on_one_line(cursor: &Cursor, fault: Fault) -> Fault {
    if cursor.text().contains(['/', '*', '?', '.']) {
        return Fault { frame: fault.frame, ..arguments::not_a_path(cursor.word()) };
    }
    let mut rest = cursor.clone();
    if !rest.next_arg() || rest.next() {
        return fault;
    }
    Fault { frame: fault.frame, ..arguments::account_on_line(cursor.word()) }
}

/// A user and the hash of a password. Neither is repeated in a fault.
fn account(cursor: &mut Cursor) -> Parsed<Value> {
    let user = cursor.word().clone();
    let password = cursor.arg().unwrap_or_default();
    if cursor.next_arg() {
        let what = "a user and the hash of a password";
        return Err(arguments::surplus_of(cursor.word(), "an account", what));
    }
    if user.text.is_empty() || password.is_empty() {
        return Err(arguments::account(&user));
    }
    Ok(json!({ "username": user.text.as_str(), "password": password }))
}

/// Reads the directive under its old name.
pub(super) fn lower_deprecated(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Handler> {
    let name = cursor.word().clone();
    deprecated::renamed(scope, &name, &DIRECTIVE.name);
    lower(cursor)
}

//! `log_append`: adds a field to the access log (docs: "`log_append`").

use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope};
use crate::spec::{Cursor, HandlerModule, Parsed, Shown};
use crate::version::Change;

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler(
    "log_append",
    "[<]<field> <value>",
    "Adds a field to the access log; `<` before its name adds it before the request is handled",
    lower,
)
.example("log_append upstream {rp.upstream.address}")
.makes(&HANDLER);

/// The handler.
pub(super) static HANDLER: HandlerModule = HandlerModule {
    shows: &[Shown::Value("key"), Shown::Named("key", "value")],
    ..HandlerModule::new("log_append")
};

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let key = cursor.need_arg("a field and a value")?;
    // Caddy does not look at words behind the value.
    let value = cursor.need_arg("a value")?;
    let mut fields = Fields::new();
    let (key, early) = match key.strip_prefix('<') {
        Some(rest) if !rest.is_empty() && cursor.version().has(Change::LogAppendEarly) => {
            (rest.to_owned(), true)
        }
        _ => (key, false),
    };
    for (name, text) in [("key", key), ("value", value)] {
        if !text.is_empty() {
            fields.insert(name, text);
        }
    }
    if early {
        fields.insert("early", true);
    }
    Ok(Handler::module("log_append", fields, span))
}

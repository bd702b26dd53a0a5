//! `log_append`: adds a field to the access log (docs: "`log_append`").

use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope, Shape};
use crate::spec::{Cursor, Parsed};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive {
    name: "log_append",
    syntax: "log_append [<matcher>] [<]<field> <value>",
    doc: "Adds a field to the access log; `<` before its name adds it before the request is handled",
    rows: &[],
    example: "log_append upstream {rp.upstream.address}",
    shape: Shape::Handler(lower),
};

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let key = cursor.need_arg("a field and a value")?;
    // Caddy does not look at words behind the value.
    let value = cursor.need_arg("a value")?;
    let mut fields = Fields::new();
    let (key, early) = match key.strip_prefix('<') {
        Some(rest) if !rest.is_empty() => (rest.to_owned(), true),
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

//! `vars`: variables (docs: "vars").

use crate::config::{Fields, Handler, HandlerBody, Value, integer};
use crate::diagnostics::Code;
use crate::lower::{Directive, Scope};
use crate::spec::{Changes, Cursor, HandlerModule, Parsed, Shown};
use crate::syntax::Word;

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler(
    "vars",
    "[<name> <value>]",
    "Sets variables, which placeholders read as `{vars.<name>}`",
    lower,
)
.lines("<name> <value>")
.example("vars {\n\tmagic 42\n\tlabel \"a text\"\n}")
.makes(&HANDLER)
.known_by(&[]);

/// The handler.
pub(super) static HANDLER: HandlerModule =
    HandlerModule { changes: Changes::Variables, shows: &[Shown::Variables], ..HandlerModule::new("vars") };

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Handler> {
    let name = cursor.word().clone();
    let mut fields = Fields::new();
    let mut lost = false;
    if cursor.next_arg() {
        lost |= variable(cursor, scope, &mut fields)?;
    }
    let level = cursor.nesting();
    while cursor.next_block(level) {
        lost |= variable(cursor, scope, &mut fields)?;
    }
    if lost {
        return Ok(Handler { span: name.span, body: HandlerBody::Null });
    }
    Ok(Handler::module("vars", fields, name.span))
}

/// Reads one variable, whose name is the current word; whether its value is one that JSON cannot carry.
fn variable(cursor: &mut Cursor, scope: &mut Scope, fields: &mut Fields) -> Parsed<bool> {
    let name = cursor.word().clone();
    if !cursor.next_arg() {
        return Err(cursor.missing(&name, "a value"));
    }
    let value = scalar(cursor.word(), scope);
    let lost = value.is_none();
    fields.insert(name.text.to_string(), value.unwrap_or_default());
    cursor.no_more_args(&name, "one value")?;
    Ok(lost)
}

/// A typed value as it stands inside a module; `None`, with a warning, for NaN and infinities.
pub(super) fn scalar(word: &Word, scope: &mut Scope) -> Option<Value> {
    let value = crate::config::scalar(word);
    if value.is_none() {
        scope.warn(
            Code::NOT_REPRESENTABLE,
            word,
            format!("JSON has no number `{}`, so Caddy writes `null` for the whole handler", word.text),
            "put quotes around it to keep it as a text",
        );
    }
    // Numbers make a trip through 64-bit floats.
    value.map(|value| value.as_i64().map_or(value, integer))
}

//! `request_header`: changes a field of requests (docs: "`request_header`").

use super::header;
use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope};
use crate::modules::header_ops::HeaderOps;
use crate::spec::{Cursor, Parsed, Sign, arguments};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler(
    "request_header",
    "[+|-]<field> [<value>|<pattern> [<replacement>]]",
    "Changes a header field of requests",
    lower,
)
.example("request_header -Accept-Encoding")
.makes(&header::HANDLER)
.known_by(&[Sign::Has("/request"), Sign::Lacks("/response")]);

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let field = cursor.need_arg("a header field")?;
    let place = cursor.word().clone();
    // A colon behind the field is a habit from elsewhere.
    let field = field.strip_suffix(':').unwrap_or(&field);
    let value = cursor.arg().unwrap_or_default();
    let replacement = cursor.arg();
    if cursor.next_arg() {
        let what = "a field, a value and a replacement";
        return Err(arguments::surplus_text(cursor.word(), "request_header", what, "value"));
    }
    let mut ops = HeaderOps::default();
    ops.apply(&place, field, &value, replacement.as_deref())?;
    let mut fields = Fields::new();
    fields.insert("request", ops.into_fields());
    Ok(Handler::module("headers", fields, span))
}

//! `method`: changes the request's method (docs: "method").

use super::rewrite;
use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope};
use crate::spec::{Cursor, Parsed, Sign};

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::handler("method", "<method>", "Changes the request's method", lower)
        .example("method GET")
        .makes(&rewrite::HANDLER)
        .known_by(&[Sign::Has("/method"), Sign::Settings(1)]);

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let method = cursor.one_arg("a method, such as `GET`")?;
    let mut fields = Fields::new();
    if !method.is_empty() {
        fields.insert("method", method);
    }
    Ok(Handler::module("rewrite", fields, span))
}

//! `fs`: which file system is used (docs: "fs").

use super::vars;
use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope};
use crate::spec::{Cursor, Parsed};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler(
    "fs",
    "<filesystem>",
    "Selects a file system that the option `filesystem` defines",
    lower,
)
.example("fs assets")
.makes(&vars::HANDLER);

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let name = cursor.one_arg("the name of a file system")?;
    let mut fields = Fields::new();
    fields.insert("fs", name);
    Ok(Handler::module("vars", fields, span))
}

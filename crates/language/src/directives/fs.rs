//! `fs`: which file system is used (docs: "fs").

use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope, Shape};
use crate::spec::{Cursor, Parsed};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive {
    name: "fs",
    syntax: "fs [<matcher>] <filesystem>",
    doc: "Chooses a file system that the `filesystem` option has named",
    rows: &[],
    example: "fs assets",
    shape: Shape::Handler(lower),
};

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let name = cursor.one_arg("the name of a file system")?;
    let mut fields = Fields::new();
    fields.insert("fs", name);
    Ok(Handler::module("vars", fields, span))
}

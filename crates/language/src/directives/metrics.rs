//! `metrics`: answers with the figures that Caddy measures (docs: "metrics").

use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope, Shape};
use crate::spec::{Cursor, Kind, Parsed, Row, read_block};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive {
    name: "metrics",
    syntax: "metrics [<matcher>] { disable_openmetrics }",
    doc: "Answers with the figures that Caddy measures, for Prometheus",
    rows: &[
        Row::new("disable_openmetrics", "", Kind::On, "Never answers in the OpenMetrics format").lenient()
    ],
    example: "metrics /metrics",
    shape: Shape::Handler(lower),
};

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let name = cursor.word().clone();
    cursor.no_more_args(&name, "a matcher")?;
    let mut fields = Fields::new();
    read_block(cursor, DIRECTIVE.name, DIRECTIVE.rows, &mut fields)?;
    Ok(Handler::module("metrics", fields, name.span))
}

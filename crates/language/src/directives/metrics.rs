//! `metrics`: answers with the figures that Caddy measures (docs: "metrics").

use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope};
use crate::spec::{Answer, Conduct, Cursor, HandlerModule, Kind, Parsed, Row, Serves, read_block};

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::handler("metrics", "", "Serves Caddy's metrics for Prometheus", lower)
        .rows(ROWS)
        .example("metrics /metrics")
        .makes(&HANDLER)
        .conduct(Conduct { answers: Answer::Always, serves: Serves::Own, ..Conduct::NONE });

/// The handler.
pub(super) static HANDLER: HandlerModule =
    HandlerModule { answers: Answer::Always, ..HandlerModule::new("metrics") };

const ROWS: &[Row] =
    &[Row::new("disable_openmetrics", "", Kind::On, "Does not use the OpenMetrics format").lenient()];

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let name = cursor.word().clone();
    cursor.no_more_args(&name, "a matcher")?;
    let mut fields = Fields::new();
    read_block(cursor, &DIRECTIVE.name, &DIRECTIVE.rows, &mut fields)?;
    Ok(Handler::module("metrics", fields, name.span))
}

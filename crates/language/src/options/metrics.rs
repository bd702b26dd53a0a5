//! `metrics`: what is measured (docs: "Global options").

use crate::config::{Fields, Metrics};
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Kind, Parsed, Row, Rows, read_block};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption::new(
    "metrics",
    "[{ per_host  observe_catchall_hosts  otlp }]",
    "Turns on metrics of requests",
    read,
)
.rows(ROWS)
.example("metrics {\n\tper_host\n}");

const ROWS: Rows = &[
    Row::new("per_host", "", Kind::On, "Counts requests for each host separately").lenient(),
    Row::new("observe_catchall_hosts", "", Kind::On, "Also counts hosts that only a catch-all site serves")
        .lenient(),
    Row::new("otlp", "", Kind::On, "Sends the metrics with OpenTelemetry").lenient(),
];

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let mut fields = Fields::new();
    read_block(cursor, "metrics", ROWS, &mut fields)?;
    options.metrics = Some(Metrics {
        per_host: fields.contains_key("per_host"),
        observe_catchall_hosts: fields.contains_key("observe_catchall_hosts"),
        otlp: fields.contains_key("otlp"),
    });
    Ok(())
}

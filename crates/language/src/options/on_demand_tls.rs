//! `on_demand_tls`: who may have a certificate at the first handshake (docs: "Global options").

use crate::config::OnDemand;
use crate::diagnostics::Code;
use crate::lower::{GlobalOption, Options};
use crate::modules::permission::{NAMESPACE, http};
use crate::spec::{Cursor, Fault, Kind, Parsed, Row};
use crate::version::Change;

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("on_demand_tls", "", "Which names may get a certificate at the first handshake", read)
        .rows(ROWS)
        .example("on_demand_tls {\n\task http://localhost:9123/ask\n}");

const ROWS: &[Row] = &[
    Row::new("ask", "<url>", Kind::Own, "A URL that responds with status 200 for allowed names"),
    Row::new(
        "permission",
        "<module> ...",
        Kind::Module(&NAMESPACE),
        "A module that decides which names are allowed",
    ),
    Row::new("interval", "<duration>", Kind::Own, "Removed from Caddy"),
    Row::new("burst", "<number>", Kind::Own, "Removed from Caddy"),
];

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let name = cursor.word().clone();
    cursor.no_args()?;
    let mut permission = None;
    let mut ask = String::new();
    let level = cursor.nesting();
    while cursor.next_block(level) {
        let row = cursor.word().clone();
        let module = match row.text.as_str() {
            "ask" => {
                let endpoint = cursor.need_arg("a URL")?;
                ask.clone_from(&endpoint);
                http::permission(&endpoint)
            }
            "permission" => NAMESPACE.read_arg(cursor)?,
            _ => return Err(cursor.unknown("on_demand_tls", ["ask", "permission"])),
        };
        if permission.replace(module).is_some() {
            return Err(Fault::new(Code::REPEATED, &row, "the permission is given twice")
                .help("keep one `ask` or one `permission`"));
        }
    }
    if permission.is_none() {
        return Err(cursor.missing(&name, "a block with `ask <url>` or `permission <module>`"));
    }
    options.on_demand_tls = Some(if cursor.version().has(Change::AskIsPermission) {
        OnDemand { permission, ask: String::new() }
    } else {
        OnDemand { permission: None, ask }
    });
    Ok(())
}

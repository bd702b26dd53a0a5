//! `log`: the logs of Caddy itself (docs: "Global options").

use crate::config::Log;
use crate::diagnostics::Code;
use crate::directives::log::{self, LogBlock};
use crate::lower::{CustomLog, GlobalOption, Options};
use crate::spec::{Cursor, Fault, Kind, Parsed, Row, Rows, value};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("log", "[<name>]", "Configures the default log, or another log by name", read)
        .rows(ROWS)
        .example("log {\n\tlevel WARN\n\tformat console\n}");

const ROWS: Rows = &[
    log::OUTPUT,
    log::FORMAT,
    log::LEVEL,
    Row::new("include", "<loggers...>", Kind::Own, "The loggers to include"),
    Row::new("exclude", "<loggers...>", Kind::Own, "The loggers to exclude"),
    log::SAMPLING,
    log::CORE,
    log::NO_HOSTNAME,
];

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let word = cursor.word().clone();
    let name = log::name(cursor)?.unwrap_or_else(|| "default".to_owned());
    if options.log_names.contains(&name) {
        return Err(Fault::new(Code::REPEATED, &word, format!("there are two logs `{name}`"))
            .help("put their settings into one block, or give one of them another name"));
    }
    let mut block = LogBlock::default();
    cursor.block(|cursor| {
        match cursor.text() {
            "include" => block.log.include.extend(cursor.arg_texts()),
            "exclude" => block.log.exclude.extend(cursor.arg_texts()),
            "hostnames" => {
                return Err(Fault::new(
                    Code::UNKNOWN_SUBDIRECTIVE,
                    cursor.word(),
                    "`hostnames` belongs to the `log` of a site",
                )
                .help("write the log of a host in the block of its site"));
            }
            _ => block.read_line(cursor, ROWS)?,
        }
        Ok(())
    })?;
    if let Some(word) = block.lost_encoder {
        return Err(value::not_in_json(&word));
    }
    let is_empty = block.log == Log::default();
    options.log_names.insert(name.clone());
    options.logs.push(CustomLog {
        name,
        log: (!is_empty).then_some(block.log),
        no_hostname: block.no_hostname,
        ..CustomLog::default()
    });
    Ok(())
}

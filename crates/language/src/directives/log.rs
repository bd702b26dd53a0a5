//! `log`: the access log of a site (docs: "log"). The global option of the same name shares its block.

use crate::config::{Log, Sampling};
use crate::diagnostics::Code;
use crate::go;
use crate::lower::{CustomLog, Directive, Lowered, Matcher, Scope};
use crate::modules::{encoder, log_core, writer};
use crate::spec::{Cursor, Fault, Kind, List, Parsed, Row, age, not_a, not_a_duration};
use crate::syntax::Word;
use crate::version::Change;

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::config("log", "[<name>]", "Logs the requests of the site", lower)
        .matcher(Matcher::Never)
        .rows(ROWS)
        .example(
            "log {\n\toutput file /var/log/caddy/access.log {\n\t\troll_size 10MiB\n\t}\n\tformat json\n}",
        )
        .of_sites();

const ROWS: &[Row] = &[
    Row::new("hostnames", "<hosts...>", Kind::Own, "The hosts to log, instead of those of the site"),
    NO_HOSTNAME,
    OUTPUT,
    FORMAT,
    LEVEL,
    SAMPLING,
    CORE,
];

/// `no_hostname`.
pub(crate) const NO_HOSTNAME: Row =
    Row::new("no_hostname", "", Kind::Own, "Logs only requests for which `log_name` selects this log").once();
/// `output`.
pub(crate) const OUTPUT: Row =
    Row::new("output", "<module> ...", Kind::Module(&writer::NAMESPACE), "Where to write entries").once();
/// `format`.
pub(crate) const FORMAT: Row =
    Row::new("format", "<module> ...", Kind::Module(&encoder::NAMESPACE), "The format of entries").once();
/// `level`.
pub(crate) const LEVEL: Row =
    Row::new("level", "DEBUG|INFO|WARN|ERROR|PANIC|FATAL", Kind::Own, "The lowest level to log").once();
/// `sampling`.
pub(crate) const SAMPLING: Row = Row::new(
    "sampling",
    "{ ... }",
    Kind::Block(List::Static(SAMPLING_ROWS)),
    "Drops entries when there are many",
)
.once();
/// `core`.
pub(crate) const CORE: Row = Row::new(
    "core",
    "<module> ...",
    Kind::Module(&log_core::NAMESPACE),
    "What makes two entries the same kind",
)
.once();

const SAMPLING_ROWS: &[Row] = &[
    Row::new("interval", "<duration>", Kind::Own, "The period of a sample").once(),
    Row::new("first", "<number>", Kind::Own, "The number of entries of each kind to keep in a period").once(),
    Row::new("thereafter", "<number>", Kind::Own, "After that, keep every Nth entry").once(),
];

/// A log as its block says, before it has its name.
#[derive(Default)]
pub(crate) struct LogBlock {
    /// What it says.
    pub log: Log,
    /// `hostnames`.
    pub hostnames: Vec<String>,
    /// `no_hostname`.
    pub no_hostname: bool,
    /// The word of an encoder that JSON cannot carry, so that Caddy leaves it out.
    pub lost_encoder: Option<Word>,
    seen: Vec<Word>,
}

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Vec<Lowered>> {
    let mut name = name(cursor)?.unwrap_or_default();
    let version = cursor.version();
    if !name.is_empty() && !version.has(Change::NamedLogs) {
        let since = Change::NamedLogs.since();
        return Err(age::form(cursor.word(), version, "names of site logs", since, "leave the name out"));
    }
    let mut block = LogBlock::default();
    cursor.block(|cursor| {
        match cursor.text() {
            "hostnames" => {
                let row = cursor.word().clone();
                let hosts = cursor.arg_texts();
                if hosts.is_empty() {
                    return Err(cursor.missing(&row, "at least one host"));
                }
                block.hostnames.extend(hosts);
            }
            "include" | "exclude" => {
                let message = format!("`{}` belongs to the global option `log`", cursor.text());
                return Err(Fault::new(Code::UNKNOWN_SUBDIRECTIVE, cursor.word(), message)
                    .help("the log of a site always gets the entries of that site"));
            }
            _ => block.read_line(cursor, &DIRECTIVE.rows)?,
        }
        Ok(())
    })?;
    if let Some(word) = block.lost_encoder {
        scope.warn(
            Code::NOT_REPRESENTABLE,
            &word,
            "JSON cannot represent one of this encoder's values, so Caddy skips the encoder",
            "put quotes around the value",
        );
    }
    let is_empty = block.log == Log::default();
    if name.is_empty() && !is_empty {
        name = scope.state.next_log();
    }
    if !name.is_empty() {
        block.log.include = vec![format!("http.log.access.{name}")];
    }
    Ok(vec![Lowered::Log(Box::new(CustomLog {
        name,
        hostnames: block.hostnames,
        log: (!is_empty).then_some(block.log),
        no_hostname: block.no_hostname,
    }))])
}

/// The name behind `log`, if there is one.
pub(crate) fn name(cursor: &mut Cursor) -> Parsed<Option<String>> {
    let directive = cursor.word().clone();
    let name = cursor.arg();
    if let Some(name) = &name {
        cursor.no_more_args(&directive, "one name").map_err(|fault| {
            if !name.starts_with('/') {
                return fault;
            }
            fault.help("replace Caddy 1's `log / file format` with `log {`, and `output file <path>` or `output stdout` in the block")
        })?;
    }
    Ok(name)
}

impl LogBlock {
    /// Reads a line that the directive and the option share. `rows` are those that may stand there.
    pub(crate) fn read_line(&mut self, cursor: &mut Cursor, rows: &[Row]) -> Parsed<()> {
        let row = cursor.word().clone();
        if rows.iter().all(|known| known.name != row.text) {
            return Err(cursor.unknown("log", rows.iter().map(|row| &*row.name)));
        }
        if cursor.version().has(Change::LogLinesOnce) {
            once(&mut self.seen, &row)?;
        }
        let log = &mut self.log;
        match row.text.as_str() {
            "output" => log.writer = Some(writer::read(cursor)?),
            "format" => {
                let module = encoder::NAMESPACE.read_arg(cursor)?;
                if encoder::append::is_lost(&module) {
                    self.lost_encoder = Some(row);
                } else {
                    log.encoder = Some(module);
                }
            }
            "core" => log.core = Some(log_core::NAMESPACE.read_arg(cursor)?),
            "level" => log.level = cursor.one_arg("a level, such as `INFO`")?,
            "sampling" => log.sampling = Some(sampling(&mut cursor.nested())?),
            "no_hostname" => {
                cursor.no_args()?;
                self.no_hostname = true;
            }
            _ => {}
        }
        Ok(())
    }
}

/// A fault if `word` has been seen, and a note of it if not.
fn once(seen: &mut Vec<Word>, word: &Word) -> Parsed<()> {
    if let Some(first) = seen.iter().find(|first| first.text == word.text) {
        return Err(Fault::repeated(word, format!("`{}`", word.text)).also(first, "the first one"));
    }
    seen.push(word.clone());
    Ok(())
}

/// Reads the block of `sampling`. Words behind the name are not looked at.
fn sampling(cursor: &mut Cursor) -> Parsed<Sampling> {
    let mut sampling = Sampling::default();
    let mut seen = Vec::new();
    cursor.args();
    cursor.block(|cursor| {
        let row = cursor.word().clone();
        if cursor.version().has(Change::LogLinesOnce) {
            once(&mut seen, &row)?;
        }
        match row.text.as_str() {
            "interval" => {
                let text = cursor.need_arg("a duration")?;
                // Before 2.11.3 it is a number of nanoseconds.
                let interval = if cursor.version().has(Change::SamplingIntervalUnit) {
                    go::caddy_duration(&text)
                } else {
                    go::go_duration(&format!("{text}ns"))
                };
                sampling.interval = interval.ok_or_else(|| not_a_duration(cursor))?;
            }
            "first" => sampling.first = number(cursor)?,
            "thereafter" => sampling.thereafter = number(cursor)?,
            _ => return Err(cursor.unknown("sampling", SAMPLING_ROWS.iter().map(|row| &*row.name))),
        }
        Ok(())
    })?;
    Ok(sampling)
}

fn number(cursor: &mut Cursor) -> Parsed<i64> {
    let text = cursor.need_arg("a number of entries")?;
    go::atoi(&text).ok_or_else(|| not_a(cursor, "a whole number", "100"))
}

//! `filter`: another encoder's entries, with fields changed or taken out.

use std::collections::BTreeMap;

use super::{NAMESPACE, journald};
use crate::config::{Fields, Module, Value};
use crate::diagnostics::Code;
use crate::modules::log_filter;
use crate::spec::{Cursor, Fault, Kind, List, ModuleSpec, Parsed, Row, age};
use crate::syntax::Word;
use crate::version::Change;

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("filter", "", "Changes or removes fields of each entry", read)
        .rows(&ROWS)
        .lines("<field> <filter> ...");

static ROWS: [Row; 2] = [
    Row::new("wrap", "<encoder> ...", Kind::Module(&NAMESPACE), "The format of the entry"),
    Row::new(
        "fields",
        "{ <field> <filter> ... }",
        Kind::Block(List::Static(FIELDS)),
        "The fields, parts separated by `>`; also allowed in the block itself",
    ),
];

const FIELDS: &[Row] = &[Row::new("field", "<filter> ...", Kind::Module(&log_filter::NAMESPACE), "A filter")];

/// The filters of the fields while they are read.
#[derive(Default)]
struct Filters {
    single: Fields,
    /// Several `regexp` filters of one field become one `multi_regexp`.
    regexps: BTreeMap<String, (Word, Vec<Module>)>,
}

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let mut fields = Fields::new();
    let mut filters = Filters::default();
    // Caddy does not look at what stands behind the name.
    cursor.block(|cursor| {
        match cursor.text() {
            "wrap" => journald::wrap(cursor, &mut fields)?,
            "fields" => {
                cursor.block(|cursor| filters.read(cursor))?;
            }
            _ if !cursor.version().has(Change::FilterFields) => {
                let (version, since) = (cursor.version(), Change::FilterFields.since());
                let instead = "put the fields into a block `fields`";
                return Err(age::form(cursor.word(), version, "fields outside of `fields`", since, instead));
            }
            _ => filters.read(cursor)?,
        }
        Ok(())
    })?;
    let filters = filters.finish()?;
    if !filters.is_empty() {
        fields.insert("fields", filters);
    }
    Ok(fields)
}

impl Filters {
    /// Reads a field and its filter.
    fn read(&mut self, cursor: &mut Cursor) -> Parsed<()> {
        let field = cursor.word().clone();
        let filter = log_filter::NAMESPACE.read_arg(cursor)?;
        let name = field.text.to_string();
        if !cursor.version().has(Change::RegexpFiltersJoin) {
            self.single.insert(name, filter);
            return Ok(());
        }
        if filter.get("filter").and_then(Value::as_str) == Some("regexp") {
            self.regexps.entry(name).or_insert_with(|| (field, Vec::new())).1.push(filter);
            return Ok(());
        }
        if self.regexps.contains_key(&name) || self.single.contains_key(&name) {
            return Err(second(&field));
        }
        self.single.insert(name, filter);
        Ok(())
    }

    /// The filters by field. A `regexp` that follows another filter of its field replaces that, as in Caddy.
    fn finish(self) -> Parsed<Fields> {
        let mut all = self.single;
        for (name, (field, mut filters)) in self.regexps {
            let filter = if filters.len() == 1 { filters.remove(0) } else { merge(&field, filters)? };
            all.insert(name, Value::Object(filter));
        }
        Ok(all)
    }
}

/// One `multi_regexp` of several `regexp`.
fn merge(field: &Word, filters: Vec<Module>) -> Parsed<Module> {
    let mut operations = Vec::new();
    for mut filter in filters {
        filter.remove("filter");
        log_filter::check_operation(field, filter.get("regexp").and_then(Value::as_str), operations.len())?;
        operations.push(Value::Object(filter));
    }
    let mut several = Fields::new();
    several.insert("filter", "multi_regexp");
    several.insert("operations", operations);
    Ok(several)
}

fn second(field: &Word) -> Fault {
    Fault::new(Code::REPEATED, field, format!("the field `{}` has two filters", field.text))
        .help("a field has one filter; only `regexp` can be given several times")
}

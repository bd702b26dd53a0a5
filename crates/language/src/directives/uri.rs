//! `uri`: changes parts of the request's URI (docs: "uri").

use super::rewrite;
use crate::config::{Fields, Handler, Value, integer, json};
use crate::diagnostics::Code;
use crate::lower::{Directive, Scope};
use crate::spec::{Cursor, Fault, Holds, Kind, Parsed, Row, arguments, conflict, fault_list, suggest, value};
use crate::syntax::Word;
use crate::version::Change;

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler(
    "uri",
    "strip_prefix|strip_suffix|replace|path_regexp|query <arguments...>",
    "Changes parts of the request's URI",
    lower,
)
.rows(ROWS)
.holds(Holds::Words)
.example("uri strip_prefix /api")
.makes(&rewrite::HANDLER)
.known_by(&[]);

const ROWS: &[Row] = &[
    Row::new("strip_prefix", "<prefix>", Kind::Own, "Removes a prefix from the path"),
    Row::new("strip_suffix", "<suffix>", Kind::Own, "Removes a suffix from the path"),
    Row::new("replace", "<text> <replacement> [<limit>]", Kind::Own, "Replaces a text anywhere in the URI"),
    Row::new(
        "path_regexp",
        "<pattern> <replacement>",
        Kind::Own,
        "Replaces matches of a regular expression in the path",
    ),
    Row::new(
        "query",
        "[-|+]<key> [<value>]",
        Kind::Own,
        "Sets, adds, deletes, renames or replaces query parameters",
    ),
];

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let name = cursor.word().clone();
    let args = cursor.args();
    let Some(operation) = args.first() else {
        return Err(cursor.missing(&name, "an operation, such as `strip_prefix`"));
    };
    let values: Vec<&str> = args[1..].iter().map(|word| word.text.as_str()).collect();
    let mut fields = Fields::new();
    match (operation.text.as_str(), values.as_slice()) {
        ("strip_prefix", [prefix])
            if !cursor.version().has(Change::StripPrefixAsWritten) && !prefix.starts_with('/') =>
        {
            insert(&mut fields, "strip_path_prefix", &format!("/{prefix}"));
        }
        ("strip_prefix", [prefix]) => insert(&mut fields, "strip_path_prefix", prefix),
        ("strip_suffix", [suffix]) => insert(&mut fields, "strip_path_suffix", suffix),
        ("replace", [find, replace, limit @ ..]) if limit.len() <= 1 => {
            let mut change = pair("find", find, "replace", replace);
            if let Some(text) = limit.first().filter(|text| !text.is_empty()) {
                let number = crate::go::atoi(text).ok_or_else(|| value::replacements(&args[3]))?;
                if number != 0 {
                    change.insert("limit", integer(number));
                }
            }
            fields.insert("uri_substring", json!([change]));
        }
        ("path_regexp", [find, replace]) => {
            fields.insert("path_regexp", json!([pair("find", find, "replace", replace)]));
        }
        ("query", values) if values.len() <= 3 => {
            let mut query = Fields::new();
            if !values.is_empty() {
                query_operation(&args[1..], &mut query)?;
            }
            let level = cursor.nesting();
            while cursor.next_block(level) {
                if !values.is_empty() {
                    return Err(conflict::query_in_two_places(cursor.word()));
                }
                let mut words = vec![cursor.word().clone()];
                words.extend(cursor.args());
                query_operation(&words, &mut query)?;
            }
            fields.insert("query", query);
        }
        (known, _) if DIRECTIVE.rows.iter().any(|row| row.name == known) => {
            return Err(wrong_number(operation));
        }
        (unknown, _) => {
            let names = DIRECTIVE.rows.iter().map(|row| &*row.name);
            return Err(Fault::new(
                Code::UNKNOWN_SUBDIRECTIVE,
                operation,
                format!("`uri` has no operation `{unknown}`"),
            )
            .help(format!("it has {}", fault_list(&names.clone().collect::<Vec<_>>())))
            .suggest(operation, suggest(unknown, names)));
        }
    }
    Ok(Handler::module("rewrite", fields, name.span))
}

fn wrong_number(operation: &Word) -> Fault {
    let usage = DIRECTIVE.rows.iter().find(|row| row.name == operation.text).map_or("", |row| &*row.args);
    arguments::uri(operation, usage)
}

/// Reads one operation on the query: `key value`, `+key value`, `-key`, `old>new`, `key pattern replacement`.
fn query_operation(words: &[Word], query: &mut Fields) -> Parsed<()> {
    let values: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let key = values[0];
    let (list, change) = match values.as_slice() {
        [_] if key.starts_with('-') => ("delete", Value::from(key.trim_start_matches('-'))),
        [_, value] if key.starts_with('+') => {
            ("add", Value::Object(pair("key", key.trim_start_matches('+'), "val", value)))
        }
        [_, ..] if key.starts_with(['-', '+']) => return Err(arguments::uri_query(&words[0])),
        [_] if key.contains('>') => {
            let mut names = key.split('>');
            let (old, new) = (names.next().unwrap_or(""), names.next().unwrap_or(""));
            ("rename", Value::Object(pair("key", old, "val", new)))
        }
        [_, ..] if key.contains('>') => return Err(arguments::uri_query(&words[0])),
        [_, pattern, replacement] => {
            let mut change = pair("search_regexp", pattern, "replace", replacement);
            insert(&mut change, "key", key);
            ("replace", Value::Object(change))
        }
        [_, value] => ("set", Value::Object(pair("key", key, "val", value))),
        _ => return Err(arguments::uri_query(&words[0])),
    };
    query.push(list, change);
    Ok(())
}

fn insert(fields: &mut Fields, name: &str, text: &str) {
    if !text.is_empty() {
        fields.insert(name, text);
    }
}

fn pair(a: &str, a_text: &str, b: &str, b_text: &str) -> Fields {
    let mut fields = Fields::new();
    insert(&mut fields, a, a_text);
    insert(&mut fields, b, b_text);
    fields
}

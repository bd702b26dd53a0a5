//! `templates`: runs answers as templates (docs: "templates").

use crate::config::{Fields, Handler, Value, json};
use crate::lower::{Directive, Scope};
use crate::spec::age;
use crate::spec::{Changes, Conduct, Cursor, HandlerModule, Kind, Namespace, Parsed, Row, arguments, put};
use crate::version::Change;

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::handler("templates", "", "Executes responses as templates", lower)
        .rows(ROWS)
        .example("templates {\n\tmime text/html\n}")
        .makes(&HANDLER)
        .conduct(Conduct { reads_body: true, ..Conduct::NONE });

/// The handler.
pub(super) static HANDLER: HandlerModule =
    HandlerModule { changes: Changes::Body, ..HandlerModule::new("templates") };

const ROWS: &[Row] = &[
    Row::new("mime", "<types...>", Kind::Own, "The content types to execute"),
    Row::new("between", "<open> <close>", Kind::Own, "The delimiters of an action"),
    Row::new("root", "<path>", Kind::Own, "The folder for files that templates include"),
    Row::new("extensions", "{ <module> ... }", Kind::Own, "Additional functions, which only plugins provide"),
];

/// The namespace `http.handlers.templates.functions`. The stock build has no such module.
static EXTENSIONS: Namespace = Namespace {
    id: "http.handlers.templates.functions",
    what: "template extension",
    key: "module",
    all: &[],
};

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let mut fields = Fields::new();
    // Before 2.8.4, Caddy passes over words on the line.
    if !cursor.version().has(Change::LineWordsCount) {
        cursor.args();
    }
    cursor.block(|cursor| {
        let row = cursor.word().clone();
        match row.text.as_str() {
            "mime" => {
                let types = cursor.arg_texts();
                if types.is_empty() {
                    return Err(cursor.missing(&row, "at least one type, such as `text/html`"));
                }
                fields.insert("mime_types", types);
            }
            "between" => {
                let words = cursor.args();
                match words.as_slice() {
                    [open, close] => {
                        let delimiters = json!([open.text.as_str(), close.text.as_str()]);
                        fields.insert("delimiters", delimiters);
                    }
                    [_, _, third, ..] => {
                        return Err(arguments::surplus(third, "between", "an opening and a closing word"));
                    }
                    _ => return Err(cursor.missing(&row, "an opening and a closing word")),
                }
            }
            "root" => {
                let root = cursor.need_arg("a folder")?;
                put(&mut fields, "file_root", (!root.is_empty()).then(|| Value::from(root)));
            }
            // Before 2.8.4, Caddy passes over the line and its braces, and reads the words between them as its own.
            "extensions" if !cursor.version().has(Change::LineWordsCount) => {
                let words = cursor.segment();
                let own = words.iter().skip(1).find(|word| ROWS.iter().any(|row| row.name == *word.text));
                if let Some(own) = own {
                    return Err(age::not_modelled(own, cursor.version(), "`extensions`"));
                }
            }
            "extensions" => {
                cursor.no_args()?;
                let level = cursor.nesting();
                if cursor.next_block(level) {
                    return Err(EXTENSIONS.unknown(cursor));
                }
            }
            // Caddy passes over what it does not know here.
            _ => {}
        }
        Ok(())
    })?;
    Ok(Handler::module("templates", fields, span))
}

//! `file_server`: answers with files (docs: "`file_server`").

use crate::config::{Fields, Handler, json, weak};
use crate::lower::{Directive, Scope};
use crate::modules::precompressed;
use crate::spec::{
    Answer, Conduct, Cursor, HandlerModule, Kind, List, Parsed, Raises, Row, Rows, Serves, Shown, arguments,
    read_row,
};
use crate::version::Change;

mod browse;
mod hide;

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler("file_server", "[browse]", "Serves files", lower)
    .rows(ROWS)
    .example("file_server {\n\troot /srv/www\n}")
    .makes(&HANDLER)
    .conduct(Conduct {
        answers: Answer::Always,
        serves: Serves::Files,
        raises: Raises::Often,
        ..Conduct::NONE
    });

/// The handler.
pub(super) static HANDLER: HandlerModule = HandlerModule {
    answers: Answer::Always,
    unless: "pass_thru",
    shows: &[Shown::Value("root"), Shown::Flag("browse"), Shown::Value("status_code")],
    ..HandlerModule::new("file_server")
};

const ROWS: Rows = &[
    Row::new("fs", "<file system>", Kind::Text, "A file system of the option `filesystem`").once().lenient(),
    Row::new("root", "<path>", Kind::Text, "The folder of the files").lenient(),
    Row::new("hide", "<files...>", Kind::Custom(hide::read), "Files that must not be served"),
    Row::new("index", "<files...>", Kind::List, "The index files of folders").at("index_names"),
    Row::new(
        "browse",
        "[<template>] { ... }",
        Kind::CustomBlock(browse::read, List::Static(browse::ROWS)),
        "Serves a list of files for folders without an index file",
    )
    .once(),
    Row::new(
        "precompressed",
        "[br|zstd|gzip...]",
        Kind::Custom(precompressed),
        "Serves compressed files that exist next to the others",
    ),
    Row::new("status", "<status>", Kind::Custom(status), "A status other than 200"),
    Row::new("disable_canonical_uris", "", Kind::Off, "Does not redirect to add or remove a final `/`")
        .at("canonical_uris"),
    Row::new("pass_thru", "", Kind::On, "Continues with the next handler if the file does not exist")
        .passes_on(),
    Row::new(
        "etag_file_extensions",
        "<extensions...>",
        Kind::List,
        "The extensions of files that contain the ETag of another file",
    ),
];

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Handler> {
    let name = cursor.word().clone();
    let mut fields = Fields::new();
    if cursor.next_arg() {
        if cursor.text() != "browse" {
            return Err(arguments::not_browse(cursor.word()));
        }
        fields.insert("browse", json!({}));
        cursor.no_more_args(&name, "the word `browse`")?;
    }
    cursor.block(|cursor| read_row(cursor, &DIRECTIVE.name, ROWS, &mut fields))?;
    hide::config_files(&mut fields, scope);
    Ok(Handler::module("file_server", fields, name.span))
}

fn status(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let text = cursor.need_arg("a status")?;
    fields.remove("status_code");
    if !text.is_empty() {
        fields.insert("status_code", weak(&text));
    }
    Ok(())
}

/// Reads `precompressed`. A second line adds its formats, and replaces the order.
fn precompressed(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let mut order = Vec::new();
    while cursor.next_arg() {
        precompressed::NAMESPACE.read_word(cursor)?;
        order.push(cursor.owned());
    }
    let has_defaults = cursor.version().has(Change::PrecompressedDefaults);
    if order.is_empty() && !has_defaults {
        fields.remove("precompressed_order");
        return Ok(());
    }
    if order.is_empty() {
        order.extend(precompressed::NAMESPACE.all.iter().map(|format| format.name.to_string()));
    }
    fields.object("precompressed").extend(order.iter().map(|format| (format, json!({}))));
    fields.insert("precompressed_order", order);
    Ok(())
}

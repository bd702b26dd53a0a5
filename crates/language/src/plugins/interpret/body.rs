//! The line and the block of a word.

use super::draft::Draft;
use super::{Context, Ordered, finish, row, value};
use crate::plugins::definition::{Block, Body, Kind, More, Reading, Row, Unknown};
use crate::spec::{Additions, Cursor, Parsed, Text, arguments, suggest};
use crate::syntax::Word;

/// The object that the words from the current one on make: the arguments of its line, and its block.
pub(in crate::plugins) fn object(body: &Body, context: Context, cursor: &mut Cursor) -> Parsed<Ordered> {
    let name = cursor.word().clone();
    let mut draft = start(body, cursor);
    read(body, context, cursor, &mut draft)?;
    finish::finish(body, context, draft, &name)
}

/// The object of several words of one name that follow each other, as matchers do.
pub(in crate::plugins) fn objects(body: &Body, context: Context, cursor: &mut Cursor) -> Parsed<Ordered> {
    let mut draft = start(body, cursor);
    let mut name = cursor.peek().cloned().unwrap_or_default();
    while cursor.next() {
        name = cursor.word().clone();
        read(body, context, cursor, &mut draft)?;
    }
    finish::finish(body, context, draft, &name)
}

/// What is set before the first word.
pub(super) fn start(body: &Body, cursor: &Cursor) -> Draft {
    let mut draft = Draft::default();
    for (path, value) in &body.start {
        draft.set(path, value.clone());
    }
    let known = cursor.known();
    let added = Additions::of(known.as_deref());
    for (path, variable) in &body.start_env {
        let value = added.and_then(|added| added.variable(variable)).filter(|value| !value.is_empty());
        if let Some(value) = value {
            draft.set(path, value);
        }
    }
    draft
}

/// Reads the line and the block of the current word.
pub(super) fn read(body: &Body, context: Context, cursor: &mut Cursor, draft: &mut Draft) -> Parsed<()> {
    match lines(body, context, cursor, draft) {
        Err(fault) if body.stops_at_faults => {
            let word = cursor.word().clone();
            cursor.keep(
                context
                    .ignored(&word, None)
                    .help(format!("it stops reading here without an error: {}", fault.diagnostic.message)),
            );
            while cursor.next() {}
            Ok(())
        }
        read => read,
    }
}

fn lines(body: &Body, context: Context, cursor: &mut Cursor, draft: &mut Draft) -> Parsed<()> {
    if body.read == Reading::Pairs {
        return pairs(body, context, cursor, draft);
    }
    let has_args = arguments(body, context, cursor, draft)?;
    let is_dropped = match body.block {
        Block::Read => has_args && body.more == More::IgnoreRest,
        Block::Ignore => true,
        Block::UnlessArgs => has_args,
    };
    if is_dropped {
        drop_block(context, cursor);
        return Ok(());
    }
    match body.read {
        Reading::Words => words(body, context, cursor, draft),
        _ if body.stops_at_faults => {
            let level = cursor.nesting();
            while cursor.next_block(level) {
                line(body, context, cursor, draft)?;
            }
            Ok(())
        }
        _ => cursor.block(|cursor| line(body, context, cursor, draft)),
    }
}

/// Reads the values on the line of the current word. Says whether there were any.
fn arguments(body: &Body, context: Context, cursor: &mut Cursor, draft: &mut Draft) -> Parsed<bool> {
    let name = cursor.word().clone();
    let mut has_args = false;
    if body.has_inline_rows && cursor.next_arg() {
        let is_inline = |row: &&Row| {
            row.kind != Kind::ResponseMatcher && row.words.iter().any(|word| *word == *cursor.text())
        };
        let Some(row) = body.rows.iter().find(is_inline) else {
            return match &body.unknown {
                Unknown::Row(other) => row::read_named(other, context, cursor, draft).map(|()| true),
                _ => Err(unknown(body, context, cursor)),
            };
        };
        row::read(row, context, cursor, draft)?;
        has_args = true;
    }
    for arg in &body.args {
        has_args |= row::argument(arg, context, &name, cursor, draft)?;
    }
    has_args |= leave(body.more, context, &name, cursor)?;
    Ok(has_args)
}

/// Goes over the words that are left on a line. Says whether there were any that count as values.
pub(super) fn leave(more: More, context: Context, name: &Word, cursor: &mut Cursor) -> Parsed<bool> {
    match more {
        More::Refuse if cursor.next_arg() => Err(arguments::nothing_more(cursor.word(), &name.text)),
        More::Refuse | More::Option => Ok(false),
        More::Ignore | More::IgnoreRest => {
            let mut has_any = false;
            while cursor.next_arg() {
                if !has_any {
                    cursor.keep(context.ignored(cursor.word(), None));
                }
                has_any = true;
            }
            Ok(has_any)
        }
    }
}

/// Goes over a block that the plugin does not read.
pub(super) fn drop_block(context: Context, cursor: &mut Cursor) {
    let level = cursor.nesting();
    let mut is_first = true;
    while cursor.next_block(level) {
        if is_first {
            cursor.keep(context.ignored(cursor.word(), None));
        }
        is_first = false;
    }
}

/// Reads a line of the block, whose first word is the current one.
fn line(body: &Body, context: Context, cursor: &mut Cursor, draft: &mut Draft) -> Parsed<()> {
    if let Some(row) = body.rows.iter().find(|row| row.words.iter().any(|word| *word == *cursor.text())) {
        return row::read(row, context, cursor, draft);
    }
    match &body.unknown {
        Unknown::Refuse => Err(unknown(body, context, cursor)),
        Unknown::Row(row) => row::read_named(row, context, cursor, draft),
        Unknown::Ignore | Unknown::IgnoreValue => {
            let names = body.rows.iter().flat_map(|row| row.words.iter().map(Text::as_str));
            let near = suggest(cursor.text(), names);
            cursor.keep(context.ignored(cursor.word(), near));
            if matches!(body.unknown, Unknown::IgnoreValue) {
                cursor.next_arg();
            }
            Ok(())
        }
    }
}

fn unknown(body: &Body, context: Context, cursor: &Cursor) -> crate::spec::Fault {
    cursor.unknown(context.parent, body.rows.iter().flat_map(|row| row.words.iter().map(Text::as_str)))
}

/// Reads a block word by word: a word that is no row is a value of the last one.
fn words(body: &Body, context: Context, cursor: &mut Cursor, draft: &mut Draft) -> Parsed<()> {
    let mut current = None;
    let level = cursor.nesting();
    while cursor.next_block(level) {
        if let Some(row) = body.rows.iter().find(|row| row.words.iter().any(|word| *word == *cursor.text())) {
            current = Some(row);
            continue;
        }
        let Some(row) = current else { return Err(unknown(body, context, cursor)) };
        if row::takes_one(row) {
            let value = value::of(context, &row.kind, row, cursor)?;
            draft.set(&row.to, value.unwrap_or_default());
            current = None;
        } else {
            draft.push(&row.to, cursor.text().into());
        }
    }
    Ok(())
}

/// Reads word by word: one with another word behind it on its line is a row and its value.
fn pairs(body: &Body, context: Context, cursor: &mut Cursor, draft: &mut Draft) -> Parsed<()> {
    loop {
        let name = cursor.word().clone();
        let is_first = name.text == context.parent;
        if cursor.next_arg() {
            let row = body.rows.iter().find(|row| row.words.iter().any(|word| *word == *name.text));
            match row {
                Some(row) => {
                    if let Some(value) = value::of(context, &row.kind, row, cursor)? {
                        draft.set(&row.to, value);
                    }
                }
                None if is_first => cursor.keep(context.ignored(cursor.word(), None)),
                None => {
                    let names = body.rows.iter().flat_map(|row| row.words.iter().map(Text::as_str));
                    cursor.keep(context.ignored(&name, suggest(&name.text, names)));
                }
            }
        } else if !is_first && !name.opens() && !name.closes() {
            cursor.keep(context.ignored(&name, None));
        }
        if !cursor.next() {
            return Ok(());
        }
    }
}

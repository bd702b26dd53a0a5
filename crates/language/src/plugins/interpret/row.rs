//! One line of a block, and one value of a line.

use ecow::EcoString;

use super::body::{self, leave};
use super::draft::Draft;
use super::{Context, Ordered, finish, value};
use crate::config::Value;
use crate::matchers;
use crate::modules;
use crate::modules::response_matcher;
use crate::plugins::definition::{Again, Bad, Body, Kind, Missing, More, Row};
use crate::spec::{Additions, Cursor, Fault, Parsed, value as value_fault};
use crate::syntax::Word;

/// Whether a row takes a single value.
pub(super) fn takes_one(row: &Row) -> bool {
    !matches!(row.kind, Kind::List(_) | Kind::Items(_))
}

/// Reads a line, whose name is the current word.
pub(super) fn read(row: &Row, context: Context, cursor: &mut Cursor, draft: &mut Draft) -> Parsed<()> {
    let name = cursor.word().clone();
    if let Some(reason) = &row.refuse {
        return Err(value_fault::refused(&name, reason));
    }
    if row.again == Again::Refuse && draft.get(&row.to).is_some_and(|value| !value::is_zero(value)) {
        return Err(Fault::repeated(&name, format!("`{}`", name.text)));
    }
    match &row.kind {
        Kind::Block => {
            if row.to.is_empty() {
                return inside(row, name.text.as_str(), context, cursor, draft);
            }
            let earlier = draft.get(&row.to).filter(|_| row.again == Again::Add).cloned();
            let object = object(row, &name, context, cursor, earlier.as_ref())?;
            draft.set(&row.to, object);
        }
        Kind::Objects => {
            let object = object(row, &name, context, cursor, None)?;
            draft.push(&row.to, object);
        }
        Kind::Map => {
            if !cursor.next_arg() {
                return Err(cursor.missing(&name, "a name"));
            }
            return entry_of(row, context, cursor, draft);
        }
        Kind::Lines(of) => lines(row, of, context, cursor, draft)?,
        Kind::Module(slot) => {
            let module = module(slot, &name, cursor)?;
            if row.again == Again::Add {
                draft.push(&row.to, module);
            } else {
                draft.set(&row.to, module);
            }
        }
        Kind::Items(of) => items(row, of, &name, context, cursor, draft)?,
        Kind::Matchers => {
            let set = matchers::read_set(&mut cursor.nested(), "")?;
            draft.push(&row.to, set.into_value());
        }
        Kind::ResponseMatcher => {
            let matcher = response_matcher::read(&mut cursor.nested())?;
            draft.set(&row.to, matcher);
        }
        Kind::Function(function) if function.reads_lines() => {
            return (context.functions.row)(*function, row, context, cursor, draft);
        }
        _ => {
            values(row, context, &name, cursor, draft)?;
            drop_ignored(row, context, &name, cursor)?;
        }
    }
    Ok(())
}

/// What is left on the line, and its block where that is ignored.
fn drop_ignored(row: &Row, context: Context, name: &Word, cursor: &mut Cursor) -> Parsed<()> {
    leave(row.more, context, name, cursor)?;
    if row.more == More::IgnoreRest {
        body::drop_block(context, cursor);
    }
    Ok(())
}

/// Reads a line whose first word, the current one, is itself a name in the object.
pub(super) fn read_named(row: &Row, context: Context, cursor: &mut Cursor, draft: &mut Draft) -> Parsed<()> {
    match &row.kind {
        Kind::Map => entry_of(row, context, cursor, draft),
        Kind::Objects => {
            let name = cursor.word().clone();
            let body = row.body.as_deref().unwrap_or(EMPTY);
            let mut inner = body::start(body, cursor);
            // The word is the first of the values.
            let mut args = body.args.iter();
            if let Some(first) = args.next()
                && let Some(value) = value::of(context, &first.kind, first, cursor)?
            {
                inner.set(&first.to, value);
            }
            for arg in args {
                argument(arg, context, &name, cursor, &mut inner)?;
            }
            leave(body.more, context, &name, cursor)?;
            let fields = finish::finish(body, context, inner, &name)?;
            draft.push(&row.to, Value::Ordered(fields.into_boxed_slice()));
            Ok(())
        }
        _ => read(row, context, cursor, draft),
    }
}

/// A body without anything.
static EMPTY: &Body = &Body {
    args: Vec::new(),
    more: More::Refuse,
    block: crate::plugins::definition::Block::Read,
    unknown: crate::plugins::definition::Unknown::Refuse,
    rows: Vec::new(),
    start: Vec::new(),
    start_env: Vec::new(),
    finally: Vec::new(),
    always: crate::plugins::definition::Always::None,
    keys: Vec::new(),
    need: Vec::new(),
    exactly_one: Vec::new(),
    has_inline_rows: false,
    read: crate::plugins::definition::Reading::Lines,
    stops_at_faults: false,
    step: None,
};

/// Reads the object of a map whose name is the current word.
fn entry_of(row: &Row, context: Context, cursor: &mut Cursor, draft: &mut Draft) -> Parsed<()> {
    let name = cursor.word().clone();
    let mut map = match draft.get(&row.to) {
        Some(Value::Ordered(fields)) => fields.to_vec(),
        _ => Ordered::new(),
    };
    let at = map.iter().position(|(known, _)| *known == name.text);
    let earlier = at.filter(|_| row.again == Again::Add).map(|at| map[at].1.clone());
    if at.is_some() && row.again == Again::Refuse {
        return Err(Fault::repeated(&name, format!("`{}`", name.text)));
    }
    let object = object(row, &name, context, cursor, earlier.as_ref())?;
    match at {
        Some(at) => map[at].1 = object,
        None => insert(row, &mut map, name.text, object),
    }
    draft.set(&row.to, Value::Ordered(map.into_boxed_slice()));
    Ok(())
}

/// Adds an entry to a map.
fn insert(row: &Row, map: &mut Ordered, key: EcoString, value: Value) {
    if !row.sorts {
        map.push((key, value));
        return;
    }
    let at = map.partition_point(|(known, _)| *known < key);
    map.insert(at, (key, value));
}

/// The object that the current word and its block make.
fn object(
    row: &Row,
    name: &Word,
    context: Context,
    cursor: &mut Cursor,
    earlier: Option<&Value>,
) -> Parsed<Value> {
    let body = row.body.as_deref().unwrap_or(EMPTY);
    let context = Context { parent: &name.text, ..context };
    let mut draft = match earlier {
        Some(_) => Draft::of(earlier),
        None => body::start(body, cursor),
    };
    body::read(body, context, cursor, &mut draft)?;
    let fields = finish::finish(body, context, draft, name)?;
    Ok(Value::Ordered(fields.into_boxed_slice()))
}

/// Reads the line and the block of the current word into the object around it.
fn inside(row: &Row, name: &str, context: Context, cursor: &mut Cursor, draft: &mut Draft) -> Parsed<()> {
    let body = row.body.as_deref().unwrap_or(EMPTY);
    body::read(body, Context { parent: name, ..context }, cursor, draft)
}

/// Reads the lines of a block as names and values. A name and a value may also stand on the word's own line.
fn lines(row: &Row, of: &Kind, context: Context, cursor: &mut Cursor, draft: &mut Draft) -> Parsed<()> {
    let mut map = match draft.get(&row.to) {
        Some(Value::Ordered(fields)) if row.again == Again::Add => fields.to_vec(),
        _ => Ordered::new(),
    };
    let mut add = |cursor: &mut Cursor| -> Parsed<()> {
        let key = cursor.word().clone();
        let value = if *of == Kind::Block {
            object(row, &key, context, cursor, None)?
        } else if let Kind::List(_) = of {
            let texts = cursor.arg_texts();
            if texts.is_empty() { Value::Null } else { Value::from(texts) }
        } else {
            if !cursor.next_arg() {
                return Err(cursor.missing(&key, "a value"));
            }
            value::of(context, of, row, cursor)?.unwrap_or_default()
        };
        if *of != Kind::Block {
            leave(row.more, context, &key, cursor)?;
        }
        match map.iter_mut().find(|(known, _)| *known == key.text) {
            Some((_, Value::Array(known))) if row.again == Again::Add => {
                let mut all = std::mem::take(known).into_vec();
                if let Value::Array(values) = value {
                    all.extend(values);
                }
                *known = all.into_boxed_slice();
            }
            // Where Go keeps a list of pairs, it writes both.
            Some((_, known)) if row.sorts => *known = value,
            _ => insert(row, &mut map, key.text, value),
        }
        Ok(())
    };
    if row.is_optional && cursor.next_arg() {
        add(cursor)?;
    } else {
        cursor.block(add)?;
    }
    draft.set(&row.to, Value::Ordered(map.into_boxed_slice()));
    Ok(())
}

/// Reads one value on the line, or one on each line of the block.
fn items(
    row: &Row,
    of: &Kind,
    name: &Word,
    context: Context,
    cursor: &mut Cursor,
    draft: &mut Draft,
) -> Parsed<()> {
    let mut all = Vec::new();
    if cursor.next_arg() {
        all.extend(value::of(context, of, row, cursor)?);
        leave(row.more, context, name, cursor)?;
    } else {
        cursor.block(|cursor| {
            all.extend(value::of(context, of, row, cursor)?);
            Ok(())
        })?;
    }
    if all.is_empty() && row.missing == Missing::Refuse {
        return Err(cursor.missing(name, "at least one value"));
    }
    if row.again == Again::Add {
        for value in all {
            draft.push(&row.to, value);
        }
    } else if !all.is_empty() {
        draft.set(&row.to, Value::from(all));
    }
    Ok(())
}

/// Reads the module of a namespace that the next argument names.
pub(in crate::plugins) fn module(slot: &str, name: &Word, cursor: &mut Cursor) -> Parsed<Value> {
    if let Some(namespace) = modules::ALL.iter().find(|namespace| namespace.id == slot) {
        return Ok(Value::Object(namespace.read_arg(cursor)?));
    }
    let known = cursor.known();
    let added = Additions::of(known.as_deref());
    let Some((added, opened)) = added.and_then(|added| Some((added, added.slot(slot)?))) else {
        return Err(value_fault::unknown_namespace(name, slot));
    };
    if !cursor.next_arg() {
        return Err(cursor.missing(name, &format!("a {}", opened.what)));
    }
    let Some(module) = added.modules(slot).find(|module| module.name == *cursor.text()) else {
        let names: Vec<&str> = added.modules(slot).map(|module| module.name.as_str()).collect();
        return Err(opened.unknown(cursor.word(), &names));
    };
    let mut fields = module.read(&mut cursor.nested())?;
    fields.insert(opened.key.as_str(), module.name.as_str());
    Ok(Value::Object(fields))
}

/// Reads a value of the line of `name`. Says whether there was one.
pub(super) fn argument(
    row: &Row,
    context: Context,
    name: &Word,
    cursor: &mut Cursor,
    draft: &mut Draft,
) -> Parsed<bool> {
    if cursor.peek().is_none_or(Word::opens) || cursor.count_args() == 0 {
        if let Some(default) = &row.default {
            draft.set(&row.to, default.clone());
        } else if !row.is_optional && row.missing == Missing::Refuse {
            return Err(cursor.missing(name, &wanted(row)));
        }
        return Ok(false);
    }
    if row.again == Again::Refuse && draft.get(&row.to).is_some_and(|value| !value::is_zero(value)) {
        return Err(Fault::repeated(name, format!("`{}`", name.text)));
    }
    match &row.kind {
        Kind::Module(slot) => {
            let module = module(slot, name, cursor)?;
            draft.set(&row.to, module);
        }
        Kind::Function(function) if function.reads_lines() => {
            (context.functions.row)(*function, row, context, cursor, draft)?;
        }
        _ => values(row, context, name, cursor, draft)?,
    }
    Ok(true)
}

/// What a row takes, for "needs …".
fn wanted(row: &Row) -> String {
    match &row.kind {
        Kind::Integer | Kind::Unsigned => "a whole number".to_owned(),
        Kind::Number => "a number".to_owned(),
        Kind::Boolean => "`true` or `false`".to_owned(),
        Kind::Size => "a size".to_owned(),
        Kind::Duration | Kind::GoDuration => "a duration".to_owned(),
        Kind::Word(words) => format!("one of {}", value::words_of(words)),
        Kind::List(_) => "at least one value".to_owned(),
        _ if row.words.is_empty() && !row.to.is_empty() => format!("a value: `{}`", row.to),
        _ => "a value".to_owned(),
    }
}

/// Reads the values of a row from the next words of the line.
fn values(row: &Row, context: Context, name: &Word, cursor: &mut Cursor, draft: &mut Draft) -> Parsed<()> {
    match &row.kind {
        Kind::Flag => match &row.set {
            Value::Array(values) if row.again == Again::Add => {
                values.iter().for_each(|value| draft.push(&row.to, value.clone()));
            }
            value => draft.set(&row.to, value.clone()),
        },
        Kind::List(of) => return list(row, of, context, name, cursor, draft),
        Kind::Entry(of) => {
            if !cursor.next_arg() {
                return Err(cursor.missing(name, "a name and a value"));
            }
            let key = cursor.word().clone();
            if !cursor.next_arg() {
                return Err(cursor.missing(name, "a name and a value"));
            }
            let Some(value) = value::of(context, of, row, cursor)? else { return Ok(()) };
            let mut map = match draft.get(&row.to) {
                Some(Value::Ordered(fields)) => fields.to_vec(),
                _ => Ordered::new(),
            };
            match map.iter_mut().find(|(known, _)| *known == key.text) {
                Some(_) if row.again == Again::Refuse => {
                    return Err(Fault::repeated(&key, format!("`{}`", key.text)));
                }
                Some((_, known)) => *known = value,
                None => insert(row, &mut map, key.text, value),
            }
            draft.set(&row.to, Value::Ordered(map.into_boxed_slice()));
        }
        kind => {
            if !cursor.next_arg() {
                match (&row.default, row.missing) {
                    (Some(default), _) => draft.set(&row.to, default.clone()),
                    (None, Missing::Refuse) => return Err(cursor.missing(name, &wanted(row))),
                    (None, Missing::Keep) => cursor.keep(context.ignored(name, None)),
                    (None, Missing::Zero) => draft.set(&row.to, value::zero(context, kind)),
                }
                return Ok(());
            }
            if row.keeps_at_empty && cursor.text().is_empty() {
                return Ok(());
            }
            let word = cursor.word().clone();
            if let Some(value) = value::of(context, kind, row, cursor)? {
                draft.set(&row.to, value);
            } else {
                cursor.keep(context.ignored(&word, None));
                if row.bad == Bad::Zero {
                    draft.set(&row.to, value::unread(context, row));
                }
            }
        }
    }
    Ok(())
}

fn list(
    row: &Row,
    of: &Kind,
    context: Context,
    name: &Word,
    cursor: &mut Cursor,
    draft: &mut Draft,
) -> Parsed<()> {
    let mut list = Vec::new();
    while cursor.next_arg() {
        #[expect(clippy::cast_precision_loss, reason = "a line has few words")]
        if row.most.is_some_and(|most| list.len() as f64 >= most) {
            return Err(cursor.surplus(name, &format!("{} values", row.most.unwrap_or_default())));
        }
        list.extend(value::of(context, of, row, cursor)?);
    }
    if list.is_empty() {
        match (&row.default, row.missing) {
            (Some(default), _) if row.again == Again::Add => {
                draft.push(&row.to, default.clone());
                return Ok(());
            }
            (Some(default), _) => {
                draft.set(&row.to, default.clone());
                return Ok(());
            }
            (None, Missing::Refuse) => return Err(cursor.missing(name, &wanted(row))),
            (None, Missing::Keep) => return Ok(()),
            (None, Missing::Zero) => {
                draft.set(&row.to, Value::Null);
                return Ok(());
            }
        }
    }
    if let Some(between) = &row.join {
        let texts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
        draft.set(&row.to, texts.join(between));
        return Ok(());
    }
    if row.again == Again::Add {
        for value in list {
            draft.push(&row.to, value);
        }
    } else {
        draft.set(&row.to, Value::from(list));
    }
    Ok(())
}

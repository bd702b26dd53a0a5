//! The declarations that a definition makes: the same as those of built-in words.

use std::sync::Arc;

use ecow::EcoString;

use super::definition::{Again, Behaviour, Body, Definition, Kind, Part, Place, Row, Unknown, Word};
use super::functions;
use super::interpret::{self, Context, Ordered, encoded_again};
use crate::config::{self, Fields, Handler, MatcherSet, Route, Value};
use crate::diagnostics::opaque::Owner;
use crate::lower::{At, Directive, GlobalOption, Lowered, Options, Registry, Scope};
use crate::modules;
use crate::source::secrets::UNREAD;
use crate::spec::{
    self, Answer, Conduct, Cursor, Fault, Guard, Holds, List, MatcherModule, ModuleSpec, Opened, Parsed,
    Reader, Text, opaque,
};

/// Adds the words of a definition to a registry.
pub(super) fn add(mut registry: Registry, definition: &Definition) -> Registry {
    for slot in &definition.slots {
        registry = registry.with_slot(Opened {
            id: slot.id.clone(),
            key: slot.key.clone(),
            what: slot.what.clone(),
        });
    }
    for word in &definition.words {
        for name in std::iter::once(&word.name).chain(&word.aliases) {
            registry = add_word(registry, definition, word, name);
        }
    }
    registry
}

/// What Caddy calls the modules that the words of a definition make.
pub(super) fn module_ids(definition: &Definition) -> impl Iterator<Item = String> {
    definition.words.iter().flat_map(|word| {
        let names = std::iter::once(&word.name).chain(&word.aliases);
        names.map(move |name| module_id(&word.part, name))
    })
}

fn module_id(part: &Part, name: &str) -> String {
    match part {
        Part::Directive { handler, at, .. } => module_of(handler, at),
        Part::Option { app, .. } => app.to_string(),
        Part::Matcher => format!("http.matchers.{name}"),
        Part::Module { slot, .. } => format!("{slot}.{name}"),
    }
}

fn add_word(registry: Registry, definition: &Definition, word: &Word, name: &EcoString) -> Registry {
    let package = definition.package.clone();
    let registry = registry.making(module_id(&word.part, name));
    match &word.part {
        Part::Directive { handler, at, order, behaviour } => {
            let directive = directive(word, name, package, handler, at, behaviour);
            let place = match order {
                Some(Place { is_before: true, other }) => At::Before(other),
                Some(Place { is_before: false, other }) => At::After(other),
                None => At::Nowhere,
            };
            registry.with(Arc::new(directive), place)
        }
        Part::Option { app, to, again } => {
            registry.with_option(Arc::new(option(word, name, package, app, to, *again)))
        }
        Part::Matcher => registry.with_matcher(Arc::new(matcher(word, name, package))),
        Part::Module { slot, https } => {
            registry.with_module(Text::Shared(slot.clone()), Arc::new(module(word, name, package, https)))
        }
    }
}

/// What Caddy calls the module that a directive makes.
fn module_of(handler: &str, at: &str) -> String {
    match at.strip_prefix("providers/").filter(|_| handler == "authentication") {
        Some(provider) => format!("http.authentication.providers.{provider}"),
        None => format!("http.handlers.{handler}"),
    }
}

fn shared(text: &EcoString) -> Text {
    Text::Shared(text.clone())
}

/// What help says of a word without a line of its own.
fn doc(word: &Word, package: &str) -> Text {
    if word.doc.is_empty() { Text::Shared(format!("Part of {package}").into()) } else { shared(&word.doc) }
}

fn directive(
    word: &Word,
    name: &EcoString,
    package: EcoString,
    handler: &EcoString,
    at: &EcoString,
    behaviour: &Behaviour,
) -> Directive {
    let about = doc(word, &package);
    let Some(body) = word.body.clone() else {
        let owner = Owner::Package(package);
        let directive = Directive::opaque(shared(name), about, handler.clone(), owner);
        return Directive { conduct: conduct(behaviour), ..directive };
    };
    let (args, rows, lines) = help(&body);
    let (text, handler, at) = (name.clone(), handler.clone(), at.clone());
    let lower =
        move |cursor: &mut Cursor, matcher: Option<MatcherSet>, scope: &mut Scope| -> Parsed<Vec<Lowered>> {
            let word = cursor.word().clone();
            let span = word.span;
            let context = Context { functions: &functions::TABLE, package: &package, parent: &text };
            let fields = word_of(&body, context, cursor)?.unwrap_or_default();
            let routes = body
                .step
                .and_then(|step| functions::routes(step, &fields, matcher.as_ref(), scope, cursor, &word));
            if let Some(routes) = routes {
                return routes;
            }
            let fields = within(&at, encoded_again(fields));
            let route = Route {
                matchers: matcher.into_iter().collect(),
                ..Route::of(Handler::module(&handler, fields, span))
            };
            Ok(vec![Lowered::Route(route)])
        };
    let mut directive = Directive::declared(shared(name), args, about, Arc::new(lower));
    directive.rows = rows;
    directive.lines = lines;
    directive.conduct = conduct(behaviour);
    directive
}

/// Reads the module, directive or option of the current word; `None` where Go writes `null`.
fn word_of(body: &Body, context: Context, cursor: &mut Cursor) -> Parsed<Option<Ordered>> {
    let name = cursor.word().clone();
    let fields = interpret::object(body, context, cursor)?;
    match body.step {
        Some(step) => functions::fields(step, fields, &name),
        None => Ok(Some(fields)),
    }
}

/// Fields at a path of an object.
fn within(at: &str, fields: Fields) -> Fields {
    if at.is_empty() {
        return fields;
    }
    at.rsplit('/').fold(fields, |inner, part| Fields::from_iter([(part, Value::Object(inner))]))
}

/// What rules may assume; the most careful answer where nothing is said.
fn conduct(behaviour: &Behaviour) -> Conduct {
    Conduct {
        answers: behaviour.answers.unwrap_or(Answer::Sometimes),
        guard: if behaviour.guards == "identity" { Guard::Login } else { Guard::None },
        ..Conduct::NONE
    }
}

fn option(
    word: &Word,
    name: &EcoString,
    package: EcoString,
    app: &EcoString,
    to: &EcoString,
    again: Again,
) -> GlobalOption {
    let about = doc(word, &package);
    let Some(body) = word.body.clone() else {
        return opaque_option(name, about, app, Owner::Package(package));
    };
    let (args, rows, lines) = help(&body);
    let (text, app, to) = (name.clone(), app.to_string(), to.clone());
    let read = move |cursor: &mut Cursor, options: &mut Options| -> Parsed<()> {
        let word = cursor.word().clone();
        if again == Again::Refuse && options.apps.contains_key(&app) {
            return Err(Fault::repeated(&word, format!("`{}`", word.text)));
        }
        let context = Context { functions: &functions::TABLE, package: &package, parent: &text };
        let fields = word_of(&body, context, cursor)?;
        let value = fields.map_or(Value::Null, |fields| Value::Ordered(fields.into_boxed_slice()));
        if to.is_empty() {
            options.apps.insert(app.clone(), value);
            return Ok(());
        }
        let mut fields = match options.apps.remove(&app) {
            Some(Value::Ordered(fields)) => fields.into_vec(),
            _ => Ordered::new(),
        };
        let at = fields.iter().position(|(key, _)| *key == to);
        match (at, again) {
            (Some(at), Again::Add) => fields[at].1.push(value),
            (Some(at), _) => fields[at].1 = value,
            (None, Again::Add) => fields.push((to.clone(), Value::from(vec![value]))),
            (None, _) => fields.push((to.clone(), value)),
        }
        options.apps.insert(app.clone(), Value::Ordered(fields.into_boxed_slice()));
        Ok(())
    };
    GlobalOption {
        name: shared(name),
        args: with_lines(args, &lines),
        doc: about,
        rows,
        holds: Holds::Rows,
        is_opaque: false,
        example: Text::Static(""),
        reader: Reader::Shared(Arc::new(read)),
    }
}

/// A global option of which only the name is known. Several of them are one setting.
pub(super) fn opaque_option(name: &EcoString, about: Text, app: &EcoString, owner: Owner) -> GlobalOption {
    let app = app.to_string();
    let read = move |cursor: &mut Cursor, options: &mut Options| -> Parsed<()> {
        let mut kept = opaque::read(cursor, &owner);
        if let Some(Value::Object(before)) = options.apps.remove(&app) {
            let text =
                |fields: &Fields| fields.get(UNREAD).and_then(Value::as_str).unwrap_or_default().to_owned();
            let both = format!("{}\n{}", text(&before), text(&kept));
            kept.insert(UNREAD, both);
        }
        options.apps.insert(app.clone(), Value::Object(kept));
        Ok(())
    };
    GlobalOption {
        name: shared(name),
        args: Text::Static("..."),
        doc: about,
        rows: List::Static(&[]),
        holds: Holds::Rows,
        is_opaque: true,
        example: Text::Static(""),
        reader: Reader::Shared(Arc::new(read)),
    }
}

/// A matcher of which only the name is known.
pub(super) fn opaque_matcher(name: &EcoString, about: Text, owner: Owner) -> MatcherModule {
    let read = move |cursor: &mut Cursor| -> Parsed<Value> {
        cursor.next();
        Ok(Value::Object(opaque::read(cursor, &owner)))
    };
    MatcherModule {
        name: shared(name),
        args: Text::Static("..."),
        doc: about,
        rows: List::Static(&[]),
        holds: Holds::Rows,
        example: Text::Static(""),
        reader: Reader::Shared(Arc::new(read)),
    }
}

/// A module of which only the name is known.
pub(super) fn opaque_module(name: &EcoString, about: Text, owner: Owner) -> ModuleSpec {
    let read = move |cursor: &mut Cursor| -> Parsed<Fields> { Ok(opaque::read(cursor, &owner)) };
    ModuleSpec {
        name: shared(name),
        args: Text::Static("..."),
        doc: about,
        rows: List::Static(&[]),
        lines: Text::Static(""),
        goes_by_order: false,
        is_opaque: true,
        https: Vec::new(),
        reader: Reader::Shared(Arc::new(read)),
    }
}

/// Options and matchers show the lines that no row describes with their arguments.
fn with_lines(args: Text, lines: &Text) -> Text {
    if lines.is_empty() { args } else { Text::Shared(format!("{args} {{ {lines} }}").trim_start().into()) }
}

fn matcher(word: &Word, name: &EcoString, package: EcoString) -> MatcherModule {
    let about = doc(word, &package);
    let Some(body) = word.body.clone() else {
        return opaque_matcher(name, about, Owner::Package(package));
    };
    let (args, rows, lines) = help(&body);
    let text = name.clone();
    let read = move |cursor: &mut Cursor| -> Parsed<Value> {
        let context = Context { functions: &functions::TABLE, package: &package, parent: &text };
        Ok(Value::Ordered(interpret::objects(&body, context, cursor)?.into_boxed_slice()))
    };
    MatcherModule {
        name: shared(name),
        args: with_lines(args, &lines),
        doc: about,
        rows,
        holds: Holds::Rows,
        example: Text::Static(""),
        reader: Reader::Shared(Arc::new(read)),
    }
}

fn module(word: &Word, name: &EcoString, package: EcoString, https: &[(EcoString, Value)]) -> ModuleSpec {
    let about = doc(word, &package);
    let Some(body) = word.body.clone() else {
        return opaque_module(name, about, Owner::Package(package));
    };
    let (args, rows, lines) = help(&body);
    let text = name.clone();
    let read = move |cursor: &mut Cursor| -> Parsed<Fields> {
        let context = Context { functions: &functions::TABLE, package: &package, parent: &text };
        Ok(encoded_again(word_of(&body, context, cursor)?.unwrap_or_default()))
    };
    ModuleSpec {
        name: shared(name),
        args,
        doc: about,
        rows,
        lines,
        goes_by_order: false,
        is_opaque: false,
        https: https.iter().map(|(key, value)| (key.clone(), config::encoded_again(value.clone()))).collect(),
        reader: Reader::Shared(Arc::new(read)),
    }
}

/// The arguments, rows and further lines of a body, for help.
fn help(body: &Body) -> (Text, List<spec::Row>, Text) {
    let args = body.args.iter().map(|arg| {
        let shown = argument(arg);
        if arg.is_optional || arg.default.is_some() { format!("[{shown}]") } else { shown }
    });
    let args: Vec<String> = args.collect();
    let lines = match &body.unknown {
        Unknown::Row(row) if !matches!(row.kind, Kind::Map) => {
            Text::Shared(format!("<{}...>", row.to).into())
        }
        Unknown::Row(_) => Text::Static("<name>"),
        _ => Text::Static(""),
    };
    let rows: Vec<spec::Row> = body.rows.iter().flat_map(rows_of).collect();
    (Text::Shared(args.join(" ").into()), rows.into(), lines)
}

/// The rows of help that a row makes: one for each of its names.
fn rows_of(row: &Row) -> Vec<spec::Row> {
    let body = row.body.as_deref();
    row.words
        .iter()
        .map(|word| {
            let nothing = || (Text::Static(""), List::Static(&[]), Text::Static(""));
            let (args, rows, _) = body.map_or_else(nothing, help);
            let args = match row.kind {
                _ if row.kind.has_body() => {
                    let name = if row.kind == Kind::Map { "<name> " } else { "" };
                    Text::Shared(format!("{name}{args}").trim_end().into())
                }
                Kind::Flag => Text::Static(""),
                _ => Text::Shared(argument(row).into()),
            };
            let kind = match &row.kind {
                Kind::Flag => spec::Kind::On,
                Kind::Word(words) => spec::Kind::Word(words.iter().map(shared).collect::<Vec<_>>().into()),
                Kind::Module(slot) => match modules::ALL.iter().find(|namespace| namespace.id == *slot) {
                    Some(namespace) => spec::Kind::Module(namespace),
                    None => spec::Kind::Own,
                },
                _ if row.kind.has_body() => spec::Kind::Block(rows),
                _ => spec::Kind::Own,
            };
            let mut about = if row.doc.is_empty() { String::new() } else { row.doc.to_string() };
            if about.is_empty() {
                about = format!("Sets {}", if row.to.is_empty() { word.as_str() } else { row.to.as_str() });
            }
            if !row.since.is_empty() {
                about += &format!(" (since {})", row.since);
            }
            spec::Row::declared(word.clone(), args, kind, Text::Shared(about.into()))
        })
        .collect()
}

/// What stands for a value in help.
fn argument(row: &Row) -> String {
    match &row.kind {
        Kind::Flag => String::new(),
        Kind::Word(words) => words.join("|"),
        Kind::Integer | Kind::Unsigned | Kind::Number => "<number>".to_owned(),
        Kind::Boolean => "true|false".to_owned(),
        Kind::Size => "<size>".to_owned(),
        Kind::Duration | Kind::GoDuration => "<duration>".to_owned(),
        Kind::Prefix => "<network>".to_owned(),
        Kind::Address => "<address>".to_owned(),
        Kind::List(_) | Kind::Items(_) => "<values...>".to_owned(),
        Kind::Entry(_) => "<name> <value>".to_owned(),
        Kind::Module(_) => "<module> ...".to_owned(),
        Kind::Matchers => "<matchers...>".to_owned(),
        Kind::ResponseMatcher => "<response matcher>".to_owned(),
        Kind::Lines(_) => "{ <name> <value> }".to_owned(),
        _ if row.words.is_empty() && !row.to.is_empty() => format!("<{}>", row.to),
        _ => "<value>".to_owned(),
    }
}

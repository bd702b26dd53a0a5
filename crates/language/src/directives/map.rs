//! `map`: variables that depend on another value (docs: "map").

use crate::config::{Fields, Handler, HandlerBody, Value};
use crate::expand::is_replaced_shorthand;
use crate::lower::{Directive, Scope};
use crate::spec::{Changes, Cursor, Fault, HandlerModule, Kind, Parsed, Row, Shown, arguments, conflict};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler("map", "<source> <destinations...>", "Sets placeholders depending on the value of another one", lower).rows(ROWS).lines("[~]<input> <outputs...>").example("map {host} {my_placeholder} {\n\texample.com \"some value\"\n\t~(.*)\\.example\\.com \"${1}\"\n\tdefault \"unknown\"\n}").makes(&HANDLER);

/// The handler.
pub(super) static HANDLER: HandlerModule = HandlerModule {
    changes: Changes::Variables,
    shows: &[Shown::Value("source"), Shown::Value("destinations")],
    ..HandlerModule::new("map")
};

const ROWS: &[Row] = &[Row::new("default", "<values...>", Kind::Own, "The outputs if no input matches")];

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Handler> {
    let name = cursor.word().clone();
    let source = cursor.need_arg("a source, such as `{host}`")?;
    let destinations = cursor.args();
    if destinations.is_empty() {
        return Err(cursor.missing(&name, "at least one destination, such as `{my_placeholder}`"));
    }
    for word in &destinations {
        if let Some(shorthand) = is_replaced_shorthand(&word.text) {
            return Err(conflict::known_placeholder(word, shorthand));
        }
    }
    let mut mappings = Vec::new();
    let mut defaults: Vec<Value> = Vec::new();
    let mut lost = false;
    let level = cursor.nesting();
    while cursor.next_block(level) {
        let input = cursor.word().clone();
        if input.text == "default" {
            if !defaults.is_empty() {
                return Err(Fault::repeated(&input, "`default`"));
            }
            defaults = cursor.arg_texts().into_iter().map(Value::from).collect();
            let missing = destinations.len().saturating_sub(defaults.len());
            defaults.extend(std::iter::repeat_n(Value::from(""), missing));
            continue;
        }
        let mut outputs = Vec::new();
        while cursor.next_arg() {
            let value = if cursor.text() == "-" {
                Some(Value::Null)
            } else {
                super::vars::scalar(cursor.word(), scope)
            };
            lost |= value.is_none();
            outputs.push(value.unwrap_or_default());
        }
        if outputs.len() > destinations.len() {
            return Err(arguments::outputs(cursor.word(), outputs.len(), destinations.len()));
        }
        scope.state.repeat(
            destinations.len(),
            &input,
            "lines of `map` with an output for each destination have",
        )?;
        outputs.resize(destinations.len(), Value::Null);
        mappings.push(mapping(&input.text, outputs));
    }
    if lost {
        return Ok(Handler { span: name.span, body: HandlerBody::Null });
    }
    let mut fields = Fields::new();
    if !source.is_empty() {
        fields.insert("source", source);
    }
    fields.insert("destinations", destinations.iter().map(|word| word.text.clone()).collect::<Value>());
    if !mappings.is_empty() {
        fields.insert("mappings", mappings);
    }
    if !defaults.is_empty() {
        fields.insert("defaults", defaults);
    }
    Ok(Handler::module("map", fields, name.span))
}

fn mapping(input: &str, outputs: Vec<Value>) -> Value {
    let (name, text) = input.strip_prefix('~').map_or(("input", input), |pattern| ("input_regexp", pattern));
    let mut fields = Fields::new();
    if !text.is_empty() {
        fields.insert(name, text);
    }
    fields.insert("outputs", outputs);
    Value::Object(fields)
}

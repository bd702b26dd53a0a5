//! Tries the examples of a definition: whether its words make the JSON that they say.

use std::sync::Arc;

use super::definition::{Definition, Part, Word};
use super::words;
use crate::compile::{Compilation, compile_with};
use crate::config::Value;
use crate::directives;
use crate::lower::Registry;
use crate::modules;
use crate::source::{Env, Memory};
use crate::spec::{Cursor, Known};

/// What is wrong with the examples of a definition, and how many there are.
pub fn try_examples(definition: &Definition) -> (Vec<String>, usize) {
    let registry = Arc::new(words::add(Registry::clone(directives::stock()), definition));
    let mut wrong = Vec::new();
    let mut count = 0;
    for word in &definition.words {
        for example in &word.examples {
            count += 1;
            let found = answer(&registry, word, &example.text);
            match (&example.answer, found) {
                (Ok(json), Ok(found)) if json.as_str() == found => {}
                (Err(part), Err(why)) if why.contains(part.as_str()) => {}
                (_, Ok(found) | Err(found)) => {
                    wrong.push(format!("`{}` gives {found}", example.text.replace("\n", " ")));
                }
            }
        }
    }
    (wrong, count)
}

/// The JSON that a word makes of a text, or why it is refused.
fn answer(registry: &Arc<Registry>, word: &Word, text: &str) -> Result<String, String> {
    let file = match &word.part {
        Part::Directive { .. } => format!(":80 {{\nroute {{\n{text}\n}}\n}}\n"),
        Part::Option { .. } => format!("{{\n{text}\n}}\n"),
        Part::Matcher => format!(":80 {{\n@example {text}\nrespond @example hi\n}}\n"),
        // Where a module stands, its words are no directive.
        Part::Module { .. } => format!(":80 {{\n{text}\n}}\n"),
    };
    let found = compile_with(registry, "Caddyfile", file.as_bytes(), &Env::empty(), &Memory::new("/"));
    if let Part::Module { slot, .. } = &word.part {
        return module(registry, &found, slot, &word.name);
    }
    let Some(config) = &found.config else {
        let messages = found.diagnostics.iter().filter(|found| found.is_error());
        return Err(messages.map(|found| found.message.as_str()).collect::<Vec<_>>().join("; "));
    };
    let value = match &word.part {
        Part::Option { app, .. } => config.apps.other.get(app.as_str()).map(Value::to_string),
        Part::Matcher => {
            let server = config.apps.http.as_ref().and_then(|http| http.servers.values().next());
            let route = server.and_then(|server| server.routes.first());
            let set = route.and_then(|route| route.matchers.first());
            set.and_then(|set| set.get(&word.name)).map(Value::to_string)
        }
        _ => found.value().and_then(|value| {
            let route = value.pointer("/apps/http/servers/srv0/routes/0/handle/0/routes/0")?;
            Some(route.pointer("/handle/0")?.to_string())
        }),
    };
    value.ok_or_else(|| "nothing".to_owned())
}

/// The JSON of a module, whose words were read as if they were a directive.
fn module(registry: &Registry, found: &Compilation, slot: &str, name: &str) -> Result<String, String> {
    let additions = registry.additions_in(&Env::empty());
    let segment = found.blocks.first().and_then(|block| block.segments.first());
    let key = modules::ALL.iter().find(|namespace| namespace.id == slot).map(|namespace| namespace.key);
    let opened = additions.as_ref().and_then(|added| added.slot(slot)).map(|slot| slot.key.to_string());
    let module = additions.as_ref().and_then(|added| added.modules(slot).find(|module| module.name == *name));
    let (Some(segment), Some(module)) = (segment, module) else { return Err("nothing".to_owned()) };
    let mut cursor =
        Cursor::new(segment.as_slice()).with(additions.clone().map(|added| added as Arc<dyn Known>));
    cursor.next();
    let mut fields = module.read(&mut cursor).map_err(|fault| fault.diagnostic.message.clone())?;
    if let Some(fault) = cursor.take_faults().into_iter().find(|fault| fault.diagnostic.is_error()) {
        return Err(fault.diagnostic.message);
    }
    // Encodings stand under their names, so that no key carries them.
    if let Some(key) = key.map(str::to_owned).or(opened).filter(|_| slot != "http.encoders") {
        fields.insert(key, name);
    }
    Ok(Value::Object(fields).to_string())
}

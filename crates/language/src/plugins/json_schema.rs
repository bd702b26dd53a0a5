//! The JSON Schema of definition files, made of the same tables as their reader.

use serde_json::{Map, Value, json};

use super::schema::{BODY, EXAMPLE, FILE, Key, ROW, Takes};

/// The JSON Schema (draft 2020-12) of definition files.
pub fn json_schema() -> Value {
    let mut definitions = Map::new();
    let row = object(&[ROW, BODY]);
    definitions.insert("row".to_owned(), row);
    let mut schema = object(&[FILE]);
    if let Value::Object(schema) = &mut schema {
        schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        schema.insert("title".to_owned(), json!("Definition file of a Caddy plugin"));
        schema.insert("description".to_owned(), json!("docs/plugins.md explains it."));
        schema.insert("required".to_owned(), json!(["format", "package"]));
        schema.insert("$defs".to_owned(), Value::Object(definitions));
    }
    schema
}

/// An object with these keys and no others.
fn object(tables: &[&[Key]]) -> Value {
    let keys = tables.iter().copied().flatten();
    let properties: Map<String, Value> = keys.map(|key| (key.name.to_owned(), property(key))).collect();
    let required: &[&str] = if tables.contains(&EXAMPLE) { &["text"] } else { &[] };
    let mut object = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    if let Some(object) = object.as_object_mut().filter(|_| !required.is_empty()) {
        object.insert("required".to_owned(), json!(required));
    }
    object
}

fn property(key: &Key) -> Value {
    let mut property = takes(key.takes);
    if let Value::Object(property) = &mut property {
        property.insert("description".to_owned(), json!(key.doc));
    }
    property
}

fn takes(takes: Takes) -> Value {
    let text = || json!({ "type": "string" });
    let texts = || json!({ "type": "array", "items": { "type": "string" } });
    match takes {
        Takes::Text => text(),
        Takes::Texts => texts(),
        Takes::TextLists => json!({ "type": "array", "items": texts() }),
        Takes::Flag => json!({ "type": "boolean" }),
        Takes::Whole => json!({ "type": "integer" }),
        Takes::Number => json!({ "type": "number" }),
        Takes::Value => json!({}),
        Takes::Choice(words) => json!({ "enum": words }),
        Takes::TextOrTexts => json!({ "anyOf": [text(), texts()] }),
        Takes::FlagOrTexts => json!({ "anyOf": [{ "type": "boolean" }, texts()] }),
        Takes::ChoiceOrRow(words) => json!({ "anyOf": [{ "enum": words }, { "$ref": "#/$defs/row" }] }),
        Takes::Values => json!({ "type": "object" }),
        Takes::Rows => json!({ "type": "array", "items": { "$ref": "#/$defs/row" } }),
        Takes::Tables(tables) => json!({ "type": "array", "items": object(tables) }),
    }
}

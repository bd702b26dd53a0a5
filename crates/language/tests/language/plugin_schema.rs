//! `docs/plugins.schema.json` is what the program reads, and every definition that is part of it fits.

use std::fs;

use caddyctl_language::plugins::{self, Author};
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/plugins.schema.json");

/// Why a value does not fit a schema: the part of JSON Schema that this one uses.
fn misfit(root: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        return misfit(root, root.pointer(name.trim_start_matches('#')).unwrap(), value, at);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let fits = any.iter().any(|schema| misfit(root, schema, value, at).is_none());
        return (!fits).then(|| format!("{at}: {value} fits none of several"));
    }
    if let Some(words) = schema["enum"].as_array() {
        return (!words.contains(value)).then(|| format!("{at}: {value} is none of the words"));
    }
    let is = match schema["type"].as_str() {
        None => true,
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64(),
        Some("number") => value.is_number(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some(other) => panic!("the test does not know the type {other}"),
    };
    if !is {
        return Some(format!("{at}: {value} has another type"));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value[name].is_null() {
            return Some(format!("{at}: {name} is missing"));
        }
    }
    let mut items = value.as_array().into_iter().flatten();
    if let Some(found) = items.find_map(|item| misfit(root, &schema["items"], item, at)) {
        return Some(found);
    }
    let properties = schema["properties"].as_object()?;
    value.as_object().into_iter().flatten().find_map(|(name, value)| match properties.get(name) {
        Some(schema) => misfit(root, schema, value, &format!("{at}/{name}")),
        None => Some(format!("{at}: unknown key {name}")),
    })
}

fn parsed(text: &str) -> Value {
    let table: toml::Table = text.parse().unwrap();
    serde_json::to_value(table).unwrap()
}

#[test]
fn the_file_is_made_of_the_reader() {
    let made = format!("{:#}\n", plugins::json_schema());
    if std::env::var_os("CADDYCTL_BLESS").is_some() {
        fs::write(FILE, &made).unwrap();
    }
    assert_eq!(fs::read_to_string(FILE).unwrap_or_default(), made, "CADDYCTL_BLESS=1 writes it again");
}

#[test]
fn all_definitions_fit() {
    let schema = plugins::json_schema();
    for package in plugins::packages() {
        let value = parsed(plugins::shipped(package).unwrap());
        assert_eq!(misfit(&schema, &schema, &value, ""), None, "{package}");
    }
}

#[test]
fn what_the_reader_refuses_does_not_fit() {
    let schema = plugins::json_schema();
    let head = "format = 1\npackage = \"example.com/x\"\n";
    for (rest, path) in [
        ("[[option]]\nname = \"x\"\nnme = 1\n", "/option"),
        ("[[option]]\nname = \"x\"\nmore = \"never\"\n", "/option/more"),
        (
            "[[option]]\nname = \"x\"\nrows = [{ word = \"a\", rows = [{ word = 1 }], is = \"block\" }]\n",
            "/option/rows/rows/word",
        ),
        ("[[matcher]]\nname = [\"x\"]\n", "/matcher/name"),
    ] {
        let text = format!("{head}{rest}");
        assert!(plugins::definition(&text, Author::User).is_err(), "{rest}");
        let found = misfit(&schema, &schema, &parsed(&text), "").unwrap_or_default();
        assert!(found.starts_with(path), "{rest}: {found}");
    }
    assert_eq!(
        misfit(&schema, &schema, &json!({ "format": 1 }), ""),
        Some(": package is missing".to_owned())
    );
}

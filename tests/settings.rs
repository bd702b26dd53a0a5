//! `docs/caddyctl.schema.json` and `docs/settings.md` describe the `caddyctl.toml` that the program reads.

use std::fs;

use caddyctl_analysis::settings::Settings;
use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn schema() -> Value {
    serde_json::from_slice(&fs::read(format!("{ROOT}/docs/caddyctl.schema.json")).unwrap()).unwrap()
}

/// A value that fits a schema.
fn example(schema: &Value) -> String {
    if let Some(first) = schema.pointer("/enum/0") {
        return first.to_string();
    }
    match schema.get("$ref").and_then(Value::as_str) {
        Some("#/$defs/rules") => "[\"C001\"]".to_owned(),
        Some("#/$defs/patterns" | "#/$defs/texts") => "[\"x\"]".to_owned(),
        _ => {
            let inner = &schema["additionalProperties"];
            format!("{{ C001 = {} }}", example(inner))
        }
    }
}

#[test]
fn what_the_schema_has_is_read() {
    let schema = schema();
    let page = fs::read_to_string(format!("{ROOT}/docs/settings.md")).unwrap();
    let mut keys = 0;
    for (table, rest) in schema["properties"].as_object().unwrap() {
        for (key, value) in rest["properties"].as_object().unwrap() {
            let text = format!("[{table}]\n{key} = {}\n", example(value));
            assert!(Settings::parse(&text).is_ok(), "{text}{:?}", Settings::parse(&text));
            assert!(page.contains(&format!("`{table}.{key}`")), "docs/settings.md lacks {table}.{key}");
            keys += 1;
        }
    }
    assert!(keys >= 7);
    // What is read is in the schema: an unknown key names those that there are.
    let keys = |text: &str| -> Vec<String> {
        let error = Settings::parse(text).unwrap_err().to_string();
        error.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    for (table, text) in [("lint", "[lint]\nx = 1"), ("files", "[files]\nx = 1"), ("caddy", "[caddy]\nx = 1")]
    {
        for key in keys(text) {
            assert!(
                !schema["properties"][table]["properties"][&key].is_null(),
                "the schema lacks {table}.{key}"
            );
        }
    }
}

#[test]
fn the_example_of_the_page_is_read() {
    let page = fs::read_to_string(format!("{ROOT}/docs/settings.md")).unwrap();
    let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert!(Settings::parse(example).is_ok(), "{:?}", Settings::parse(example));
}

//! Every blessed JSON report is as `docs/diff.schema.json` says.

use std::fs;

use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The faults of `value` under `schema`; only the words that our schema uses.
fn check(value: &Value, schema: &Value, whole: &Value, at: &str, faults: &mut Vec<String>) {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        return check(value, whole.pointer(name.trim_start_matches('#')).unwrap(), whole, at, faults);
    }
    let kind = match value {
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::Null => "null",
    };
    if schema.get("type").is_some_and(|want| want != kind) {
        faults.push(format!("{at} is {kind}"));
    }
    if schema.get("const").is_some_and(|want| want != value) {
        faults.push(format!("{at} is {value}"));
    }
    if schema.get("enum").and_then(Value::as_array).is_some_and(|list| !list.contains(value)) {
        faults.push(format!("{at} is {value}"));
    }
    for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
        if value.get(name.as_str().unwrap()).is_none() {
            faults.push(format!("{at} lacks {name}"));
        }
    }
    for (name, field) in value.as_object().into_iter().flatten() {
        match schema.pointer(&format!("/properties/{name}")) {
            Some(schema) => check(field, schema, whole, &format!("{at}.{name}"), faults),
            None => faults.push(format!("{at} has {name}")),
        }
    }
    for item in value.as_array().into_iter().flatten() {
        check(item, &schema["items"], whole, &format!("{at}[]"), faults);
    }
}

#[test]
fn reports_follow_the_schema() {
    let read = |path: &str| -> Value { serde_json::from_slice(&fs::read(path).unwrap()).unwrap() };
    let schema = read(&format!("{ROOT}/docs/diff.schema.json"));
    let mut faults = Vec::new();
    let mut reports = 0;
    for entry in fs::read_dir(format!("{ROOT}/tests/diff")).unwrap() {
        let report = entry.unwrap().path().join("report.json");
        if report.exists() {
            let name = report.display().to_string();
            check(&read(&name), &schema, &schema, &name, &mut faults);
            reports += 1;
        }
    }
    assert!(reports >= 40 && faults.is_empty(), "{reports} reports: {faults:#?}");
    check(&serde_json::json!({"version": 2}), &schema, &schema, "wrong", &mut faults);
    assert!(faults.len() > 5, "the check finds nothing: {faults:?}");
}

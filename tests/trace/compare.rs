//! Two answers of the contract: which parts differ.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Fields that depend on the time, the connection or the build.
const LEFT_OUT: [&str; 5] = ["date", "server", "alt-svc", "connection", "transfer-encoding"];

/// Header fields by their names in lower case.
fn fields(value: &Value, also_out: &[&str]) -> BTreeMap<String, Value> {
    let object = value.as_object();
    let named = object.into_iter().flatten().map(|(name, values)| (name.to_lowercase(), values.clone()));
    named
        .filter(|(name, _)| !LEFT_OUT.contains(&name.as_str()) && !also_out.contains(&name.as_str()))
        .collect()
}

/// What is compared of a request to an upstream.
fn visit(value: &Value) -> Value {
    if value.is_null() {
        return Value::Null;
    }
    let out: &[&str] = if value["fastcgi"].is_null() { &["content-length"] } else { &[] };
    json!({
        "address": value["address"],
        "method": value["method"],
        "target": value["target"],
        "headers": fields(&value["headers"], out),
        "fastcgi": value["fastcgi"],
    })
}

/// The parts that differ, each as it was expected and as it was found.
pub fn differences(expected: &Value, found: &Value, skip: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut compare = |name: &str, expected: Value, found: Value| {
        if expected != found && !skip.iter().any(|skipped| skipped == name) {
            wrong.push(format!("{name}: expected {expected}, found {found}"));
        }
    };
    compare("status", expected["status"].clone(), found["status"].clone());
    compare("location", expected["location"].clone(), found["location"].clone());
    if !expected["body"].is_null() && !found["body"].is_null() {
        compare("body", expected["body"].clone(), found["body"].clone());
    }
    // The length of a body that is not computed is not known, nor that of one that would be compressed.
    let is_open = found["body"].is_null() || !found["response_headers"]["Content-Encoding"].is_null();
    let out: &[&str] = if is_open { &["content-length"] } else { &[] };
    let headers = |value: &Value| json!(fields(&value["response_headers"], out));
    compare("response_headers", headers(expected), headers(found));
    compare("upstream", visit(&expected["upstream"]), visit(&found["upstream"]));
    let visits = |value: &Value| match value["visits"].as_array() {
        Some(list) => list.iter().map(visit).collect(),
        None => Value::Null,
    };
    compare("visits", visits(expected), visits(found));
    wrong
}

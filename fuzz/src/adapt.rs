//! A Caddyfile with the files that it imports: the same JSON from both ways to compile it, and a refusal says why.

use caddyctl_deploy::files::digest::same_config;
use caddyctl_language::compile::adapt;
use serde_json::Value;

use super::case::Case;
use super::output;

/// Compiles, and writes the JSON in both styles.
pub fn run(data: &[u8]) {
    let case = Case::of(data);
    let compilation = case.compile();
    output::is_sound(&compilation);
    let json = compilation.json();
    let adapted = adapt("Caddyfile", case.text, &case.env, &case.files);
    assert_eq!(adapted.json(), json, "adapt and validate compile the same");
    assert_eq!(adapted.diagnostics.len(), compilation.diagnostics.len());
    if let (Some(json), Some(pretty)) = (json, compilation.pretty()) {
        let compact: Value = serde_json::from_slice(&json).expect("JSON");
        let indented: Value = serde_json::from_slice(&pretty).expect("JSON");
        assert_eq!(compact, indented);
        // Numbers may be integers in one and floats in the other.
        assert!(compilation.value().is_some_and(|tree| same_config(&tree, &compact)));
    }
}

//! Small sites, each with requests: the real Caddy and the model give the same answers.
//!
//! A file has the sites, a line `----`, and requests: `METHOD TARGET` with the rest of the request as JSON behind it. Lines
//! `FILE PATH TEXT` make files.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::harness::Harness;

/// A request of a line.
pub fn request(line: &str) -> Value {
    let mut words = line.splitn(3, ' ');
    let mut request = json!({"scheme": "http", "host": "v.test", "headers": []});
    request["method"] = words.next().unwrap_or_default().into();
    request["target"] = words.next().unwrap_or_default().into();
    if let Some(rest) = words.next() {
        let rest: Value = serde_json::from_str(rest).unwrap_or_else(|error| panic!("{line}: {error}"));
        request.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    }
    request
}

#[test]
fn small_sites() {
    let harness = Harness::start();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trace/sites");
    let mut files: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut asked, mut wrong) = (0, Vec::new());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let (caddyfile, lines) = text.split_once("----\n").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut requests = Vec::new();
        for line in lines.lines().filter(|line| !line.is_empty()) {
            if let Some(file) = line.strip_prefix("FILE ") {
                let (path, text) = file.split_once(' ').unwrap();
                let path = folder.path().join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, format!("{text}\n")).unwrap();
            } else {
                requests.push(request(line));
            }
        }
        let (count, differing) = harness.ask(caddyfile, &requests, folder.path());
        asked += count;
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        wrong.extend(differing.into_iter().map(|text| format!("{name}: {text}")));
    }
    println!("{asked} requests, {} differ", wrong.len());
    assert!(asked > 50, "only {asked} requests");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

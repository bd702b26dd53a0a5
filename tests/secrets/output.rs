//! All that the program says of a folder, in every form.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_caddyctl");

/// A folder with these files.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// What the program says, on both streams.
pub fn run(folder: &Path, env: &[(&str, &str)], args: &str) -> String {
    let mut command = Command::new(PROGRAM);
    command.args(args.split(' ')).current_dir(folder).stdin(Stdio::null()).env_clear();
    command.envs(env.iter().copied()).env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let output = command.output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// What the language server says of `Caddyfile` when it is opened, pointed at and completed on each of its lines.
pub fn served(folder: &Path, env: &[(&str, &str)]) -> String {
    let text = std::fs::read_to_string(folder.join("Caddyfile")).unwrap();
    let uri = format!("file://{}/Caddyfile", folder.display());
    let mut messages = vec![
        serde_json::json!({"id": 0, "method": "initialize", "params": {"processId": null, "rootUri": null, "capabilities": {}}}),
        serde_json::json!({"method": "initialized", "params": {}}),
        serde_json::json!({"method": "textDocument/didOpen", "params": {"textDocument": {
            "uri": uri, "languageId": "caddyfile", "version": 1, "text": text}}}),
    ];
    for (line, content) in text.lines().enumerate() {
        for (number, method) in ["textDocument/hover", "textDocument/completion"].into_iter().enumerate() {
            let position = serde_json::json!({"line": line, "character": content.len().min(4)});
            messages.push(serde_json::json!({"id": 10 + line * 2 + number, "method": method,
                "params": {"textDocument": {"uri": uri}, "position": position}}));
        }
    }
    messages.push(serde_json::json!({"id": 1, "method": "shutdown"}));
    messages.push(serde_json::json!({"method": "exit"}));
    let mut command = Command::new(PROGRAM);
    command.arg("lsp").current_dir(folder).env_clear().envs(env.iter().copied());
    let mut server =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = server.stdin.take().unwrap();
    let writing = std::thread::spawn(move || {
        for mut message in messages {
            message["jsonrpc"] = "2.0".into();
            let message = message.to_string();
            write!(input, "Content-Length: {}\r\n\r\n{message}", message.len()).unwrap();
        }
    });
    let output = server.wait_with_output().unwrap();
    writing.join().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(printed.contains("publishDiagnostics"), "{printed}");
    printed
}

/// Every form in which something is reported about `Caddyfile` and its difference from `base`, with the arguments that gave it.
pub fn everything(folder: &Path, env: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for format in ["full", "concise", "json", "sarif", "github", "gitlab", "junit"] {
        all.push(format!("validate --format {format}"));
        all.push(format!("validate --format {format} faulty"));
    }
    for format in ["table", "json", "markdown", "html"] {
        all.push(format!("routes --format {format}"));
    }
    for (old, new) in [("base", "Caddyfile"), ("Caddyfile", "base"), ("Caddyfile", "other")] {
        for format in ["text", "markdown", "json", "github"] {
            all.push(format!("diff --format {format} {old} {new}"));
        }
        for format in ["text", "markdown"] {
            all.push(format!("diff --json-diff --format {format} {old} {new}"));
        }
        all.push(format!("diff --format patch {old} {new}"));
    }
    all.push("deploy --dry-run --root root Caddyfile".to_owned());
    all.push("deploy --dry-run --format json --root root Caddyfile".to_owned());
    let mut printed: Vec<(String, String)> =
        all.into_iter().map(|args| (args.clone(), run(folder, env, &args))).collect();
    printed.push(("lsp".to_owned(), served(folder, env)));
    printed
}

/// What others are compared with.
pub const BASE: &str = "base.example {\n\trespond hi\n}\n";

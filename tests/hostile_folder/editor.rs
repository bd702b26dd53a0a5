//! An editor that opens the folder.

use std::fs;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use lsp_server::{Message, Notification, Request, RequestId};
use serde_json::{Value, json};

use crate::hostile_folder::trace::{has_strace, misdeeds, traced};
use crate::hostile_folder::{PATIENCE, SITE, fifo, folder, hostile};

/// An editor that has opened a folder, with the server under strace.
struct Editor {
    server: std::process::Child,
    output: BufReader<std::process::ChildStdout>,
    requests: i32,
    heard: Vec<Notification>,
}

impl Editor {
    fn send(&mut self, message: &Message) {
        let input = self.server.stdin.as_mut().unwrap();
        message.write(input).unwrap();
        input.flush().unwrap();
    }

    fn say(&mut self, method: &str, params: Value) {
        self.send(&Message::Notification(Notification::new(method.to_owned(), params)));
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.requests += 1;
        let id = RequestId::from(self.requests);
        self.send(&Message::Request(Request::new(id.clone(), method.to_owned(), params)));
        loop {
            match Message::read(&mut self.output).unwrap().expect("the server answers") {
                Message::Response(response) if response.id == id => {
                    return response.response_result.unwrap_or_else(|error| json!({"error": error.message}));
                }
                Message::Notification(note) => self.heard.push(note),
                other => panic!("{other:?}"),
            }
        }
    }

    /// What was reported in this way, and the findings of a file.
    fn heard(&self, method: &str) -> Vec<&Value> {
        self.heard.iter().filter(|note| note.method == method).map(|note| &note.params).collect()
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// Opens files, asks everything about them, and says goodbye.
fn edit(log: &Path, work: &Path, options: &Value, files: &[&str]) -> Editor {
    let mut server = traced(log, &["lsp"], work)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(server.stdout.take().unwrap());
    let mut editor = Editor { server, output, requests: 0, heard: Vec::new() };
    let begin = Instant::now();
    editor.ask(
        "initialize",
        json!({"processId": null, "rootUri": uri(work), "capabilities": {}, "initializationOptions": options}),
    );
    editor.say("initialized", json!({}));
    for name in files {
        let path: PathBuf = work.join(name);
        let text = fs::read_to_string(&path).unwrap();
        let document = json!({"uri": uri(&path), "languageId": "caddyfile", "version": 1, "text": text});
        editor.say("textDocument/didOpen", json!({"textDocument": document}));
        let this = json!({"uri": uri(&path)});
        for line in [0, 3, 8, 14] {
            let at = json!({"textDocument": this, "position": {"line": line, "character": 3}});
            for method in ["textDocument/hover", "textDocument/completion", "textDocument/definition"] {
                editor.ask(method, at.clone());
            }
        }
        for method in ["textDocument/documentSymbol", "textDocument/foldingRange"] {
            editor.ask(method, json!({"textDocument": this}));
        }
        editor.ask(
            "textDocument/formatting",
            json!({"textDocument": this, "options": {"tabSize": 4, "insertSpaces": false}}),
        );
        let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
        editor.ask(
            "textDocument/codeAction",
            json!({"textDocument": this, "range": range, "context": {"diagnostics": []}}),
        );
        editor.say("textDocument/didSave", json!({"textDocument": this}));
    }
    editor.ask("shutdown", Value::Null);
    editor.say("exit", Value::Null);
    editor.server.stdin = None;
    assert!(editor.server.wait().unwrap().success());
    assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
    editor
}

#[test]
fn an_editor_opens_a_hostile_folder() {
    if !has_strace() {
        return;
    }
    let folder = hostile();
    let work = folder.path().join("work");
    let log = folder.path().join("strace");
    let editor = edit(&log, &work, &json!({}), &["Caddyfile", "plain/Caddyfile"]);
    let misdeeds = misdeeds(&log);
    assert!(misdeeds.is_empty(), "{}", misdeeds.join("\n"));
    let logged = editor.heard("window/logMessage");
    assert_eq!(logged.len(), 1, "{logged:?}");
    assert!(logged[0]["message"].as_str().unwrap().contains("caddyctl.toml switches off "), "{logged:?}");
}

#[test]
fn the_editor_chooses_whether_settings_count() {
    if !has_strace() {
        return;
    }
    let folder = folder(&[("work/Caddyfile", SITE), ("work/caddyctl.toml", "[lint]\nignore = [\"S\"]\n")]);
    let work = folder.path().join("work");
    let log = folder.path().join("strace");
    let has_security = |editor: &Editor| {
        let published = editor.heard("textDocument/publishDiagnostics");
        published.iter().any(|published| published.to_string().contains("\"code\":\"S0"))
    };
    let editor = edit(&log, &work, &json!({}), &["Caddyfile"]);
    assert!(!has_security(&editor));
    for options in [json!({"isolated": true}), json!({"caddyctl": {"isolated": true}})] {
        let editor = edit(&log, &work, &options, &["Caddyfile"]);
        assert!(has_security(&editor));
        assert!(editor.heard("window/logMessage").is_empty());
    }
    // Settings that cannot be used are reported once, without their text, and all rules apply.
    fs::write(work.join("caddyctl.toml"), "root:TOPSECRET\n").unwrap();
    let editor = edit(&log, &work, &json!({}), &["Caddyfile"]);
    let shown = editor.heard("window/showMessage");
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].to_string().contains("caddyctl.toml: line 1, column "), "{shown:?}");
    assert!(!shown[0].to_string().contains("TOPSECRET") && has_security(&editor));
    fs::remove_file(work.join("caddyctl.toml")).unwrap();
    fifo(&work.join("caddyctl.toml"));
    let editor = edit(&log, &work, &json!({}), &["Caddyfile"]);
    assert!(has_security(&editor) && editor.heard("window/showMessage").len() == 1);
}

/// An editor formats when it saves, and does not look at what changes.
#[test]
fn the_editor_gets_no_layout_that_means_something_else() {
    if !has_strace() {
        return;
    }
    let folder = folder(&[("work/Caddyfile", "a.test {\nredir x} {\n}\n")]);
    let work = folder.path().join("work");
    let editor = edit(&folder.path().join("strace"), &work, &json!({}), &["Caddyfile"]);
    let shown = editor.heard("window/showMessage");
    assert!(shown.len() == 1 && shown[0].to_string().contains(": not formatted: "), "{shown:?}");
}

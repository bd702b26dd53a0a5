//! `caddyctl lsp` as an editor meets it: the shipped program, spoken to in the protocol.

use std::io::{BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use lsp_server::{Message, Notification, Request, RequestId};
use serde_json::{Value, json};

struct Editor {
    server: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    folder: tempfile::TempDir,
    requests: i32,
    /// What was published about files, in order, and not asked for yet.
    published: Vec<Value>,
}

impl Editor {
    fn start(files: &[(&str, &str)], encodings: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let mut server = Command::new(env!("CARGO_BIN_EXE_caddyctl"))
            .arg("lsp")
            .current_dir(folder.path())
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = server.stdin.take();
        let output = BufReader::new(server.stdout.take().unwrap());
        let mut editor = Self { server, input, output, folder, requests: 0, published: Vec::new() };
        let general = json!({"positionEncodings": encodings});
        let hello = editor.ask(
            "initialize",
            json!({"processId": null, "rootUri": null, "capabilities": {"general": general}}),
        );
        assert_eq!(hello["serverInfo"]["name"], "caddyctl");
        assert_eq!(hello["capabilities"]["positionEncoding"], encodings.first().copied().unwrap_or("utf-16"));
        editor.say("initialized", json!({}));
        editor
    }

    fn send(&mut self, message: &Message) {
        let input = self.input.as_mut().unwrap();
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
                Message::Notification(note) => self.published.push(note.params),
                other => panic!("{other:?}"),
            }
        }
    }

    /// What was last published about `name`, after the server has taken in everything.
    fn findings(&mut self, name: &str) -> Vec<Value> {
        let uri = self.uri(name);
        loop {
            if let Some(at) = self.published.iter().rposition(|published| published["uri"] == uri) {
                let published = self.published.drain(..=at).next_back().unwrap();
                return published["diagnostics"].as_array().unwrap().clone();
            }
            match Message::read(&mut self.output).unwrap().expect("the server speaks") {
                Message::Notification(note) => self.published.push(note.params),
                other => panic!("{other:?}"),
            }
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn uri(&self, name: &str) -> String {
        format!("file://{}", self.path(name).display())
    }

    fn open(&mut self, name: &str, text: &str) {
        let document = json!({"uri": self.uri(name), "languageId": "caddyfile", "version": 1, "text": text});
        self.say("textDocument/didOpen", json!({"textDocument": document}));
    }

    fn at(&self, name: &str, line: u32, character: u32) -> Value {
        json!({"textDocument": {"uri": self.uri(name)}, "position": {"line": line, "character": character}})
    }

    fn end(mut self) -> i32 {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.say("exit", Value::Null);
        self.input = None;
        self.server.wait().unwrap().code().unwrap()
    }
}

fn codes(findings: &[Value]) -> Vec<&str> {
    findings.iter().map(|found| found["code"].as_str().unwrap()).collect()
}

const BAD: &str = "example.com {\n\trespond \"ü𝄞\" 200 extra\n\treverse_prox localhost:8080\n}\n";

#[test]
fn faults_come_and_go_as_one_types() {
    let mut editor = Editor::start(&[], &[]);
    editor.open("Caddyfile", BAD);
    let found = editor.findings("Caddyfile");
    assert_eq!(codes(&found), ["E0301", "E0201"]);
    // The umlaut is one half of UTF-16, the clef two.
    assert_eq!(
        found[0]["range"],
        json!({"start": {"line": 1, "character": 19}, "end": {"line": 1, "character": 24}})
    );
    assert!(found[1]["message"].as_str().unwrap().contains("did you mean `reverse_proxy`?"));

    let changes = json!([
        {"range": {"start": {"line": 2, "character": 13}, "end": {"line": 2, "character": 13}}, "text": "y"},
        {"range": {"start": {"line": 1, "character": 18}, "end": {"line": 1, "character": 24}}, "text": ""},
    ]);
    let document = json!({"uri": editor.uri("Caddyfile"), "version": 2});
    editor.say("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    let found = editor.findings("Caddyfile");
    // `respond` beats the proxy, which is a lint finding and no fault.
    assert!(found.iter().all(|found| found["severity"] != 1), "{found:?}");

    editor.say("textDocument/didClose", json!({"textDocument": {"uri": editor.uri("Caddyfile")}}));
    assert!(editor.findings("Caddyfile").is_empty());
    assert_eq!(editor.end(), 0);
}

#[test]
fn bytes_are_counted_where_the_editor_can() {
    let mut editor = Editor::start(&[], &["utf-8"]);
    editor.open("Caddyfile", BAD);
    assert_eq!(editor.findings("Caddyfile")[0]["range"]["start"], json!({"line": 1, "character": 22}));
    assert_eq!(editor.end(), 0);
}

#[test]
fn an_imported_file_is_judged_where_it_is_imported() {
    let main = "(common) {\n\tencode\n}\n\nimport sites/*.conf\n";
    let site = "example.com {\n\timport common\n\trespnd 1\n}\n";
    let mut editor = Editor::start(&[("Caddyfile", main), ("sites/a.conf", site)], &[]);
    editor.open("sites/a.conf", site);
    let found = editor.findings("sites/a.conf");
    assert_eq!(codes(&found), ["E0201"], "{found:?}");
    let trail = &found[0]["relatedInformation"][0];
    assert_eq!(trail["location"]["uri"], editor.uri("Caddyfile"));
    assert_eq!(trail["location"]["range"]["start"]["line"], 4);

    let place = editor.at("sites/a.conf", 1, 10);
    let definition = editor.ask("textDocument/definition", place);
    assert_eq!(definition["uri"], editor.uri("Caddyfile"));
    assert_eq!(definition["range"]["start"]["line"], 0);
    let place = editor.at("sites/a.conf", 1, 8);
    let offers = editor.ask("textDocument/completion", place);
    assert_eq!(offers[0]["label"], "common", "{offers}");
    assert_eq!(editor.end(), 0);
}

#[test]
fn edits_are_offered_and_fix() {
    let mut editor = Editor::start(&[], &[]);
    editor.open("Caddyfile", "example.com {\n\treverse_prox localhost:8080\n}\n");
    let range = json!({"start": {"line": 1, "character": 3}, "end": {"line": 1, "character": 9}});
    let uri = editor.uri("Caddyfile");
    let actions = editor.ask(
        "textDocument/codeAction",
        json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": []}}),
    );
    let quick = &actions[0];
    assert_eq!(quick["title"], "Did you mean `reverse_proxy`?");
    let edit = &quick["edit"]["changes"][&uri][0];
    assert_eq!(edit["newText"], "y");
    assert_eq!(edit["range"]["start"], json!({"line": 1, "character": 13}));
    assert_eq!(quick["diagnostics"][0]["code"], "E0201");

    editor.open("Caddyfile", "example.com {\n\thandle / {\n\t\trespond 1\n\t}\n}\n");
    let actions = editor.ask(
        "textDocument/codeAction",
        json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": []}}),
    );
    let titles: Vec<_> =
        actions.as_array().unwrap().iter().map(|action| action["title"].as_str().unwrap()).collect();
    assert!(titles.contains(&"Allow C001 (handle-exact-root) here"), "{titles:?}");
    assert_eq!(editor.end(), 0);
}

#[test]
fn words_are_completed_explained_and_laid_out() {
    let mut editor = Editor::start(&[], &[]);
    editor.open("Caddyfile", "example.com {\n  respond \"a\"\n\n}\n");
    let place = editor.at("Caddyfile", 2, 0);
    let offers = editor.ask("textDocument/completion", place);
    let proxy =
        offers.as_array().unwrap().iter().find(|offer| offer["label"] == "reverse_proxy").unwrap().clone();
    let whole = editor.ask("completionItem/resolve", proxy);
    assert!(whole["documentation"]["value"].as_str().unwrap().contains("lb_policy"), "{whole}");
    let place = editor.at("Caddyfile", 1, 4);
    let hover = editor.ask("textDocument/hover", place);
    assert!(hover["contents"]["value"].as_str().unwrap().starts_with("# respond: directive"), "{hover}");
    let document = json!({"uri": editor.uri("Caddyfile")});
    let options = json!({"tabSize": 4, "insertSpaces": false});
    let edits = editor.ask("textDocument/formatting", json!({"textDocument": document, "options": options}));
    assert_eq!(edits[0]["newText"], "\trespond \"a\"");
    let symbols = editor.ask("textDocument/documentSymbol", json!({"textDocument": document}));
    assert_eq!(symbols[0]["name"], "example.com");
    let folds = editor.ask("textDocument/foldingRange", json!({"textDocument": document}));
    assert_eq!(folds, json!([{"startLine": 0, "endLine": 2}]));
    assert_eq!(editor.ask("textDocument/rename", json!({}))["error"], "textDocument/rename is not supported");
    assert_eq!(editor.end(), 0);
}

/// An editor that is killed leaves no server behind.
#[test]
fn a_server_without_an_editor_ends() {
    let mut editor = Editor::start(&[], &[]);
    editor.input = None;
    assert_eq!(editor.server.wait().unwrap().code(), Some(1));
    let mut editor = Editor::start(&[], &[]);
    editor.ask("shutdown", Value::Null);
    editor.input = None;
    assert_eq!(editor.server.wait().unwrap().code(), Some(0), "it said goodbye");
    let with = |input: Stdio| {
        let output = Command::new(env!("CARGO_BIN_EXE_caddyctl")).arg("lsp").stdin(input).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(with(Stdio::null()), (Some(1), String::new()));
    let folder = tempfile::tempdir().unwrap();
    let nonsense = folder.path().join("nonsense");
    std::fs::write(&nonsense, "Content-Length: x\r\n\r\n").unwrap();
    let (status, error) = with(std::fs::File::open(nonsense).unwrap().into());
    assert!(status == Some(2) && error.contains("protocol error"), "{status:?} {error}");
}

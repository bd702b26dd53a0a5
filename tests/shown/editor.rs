//! The language server, asked about hostile texts.

use std::process::{Command, Stdio};

use lsp_server::{Message, Notification, Request};
use serde_json::{Value, json};

use crate::shown::judge::Judge;

/// Opens `text` in the language server and asks about each word of it; all Markdown is rendered, all other texts are
/// lines for people.
pub fn editor(judge: &Judge, name: &str, text: &str) {
    let folder = tempfile::tempdir().unwrap();
    let uri = format!("file://{}/Caddyfile", folder.path().display());
    let mut server = Command::new(env!("CARGO_BIN_EXE_caddyctl"))
        .arg("lsp")
        .current_dir(folder.path())
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = server.stdin.take().unwrap();
    let mut output = std::io::BufReader::new(server.stdout.take().unwrap());
    let document = json!({"uri": uri});
    let mut asked = vec![("initialize", json!({"processId": null, "rootUri": null, "capabilities": {}}))];
    for (number, line) in text.lines().enumerate() {
        for (at, _) in line.match_indices(['@', '(', 't', '{', '$']).take(3) {
            let character = line[..at].encode_utf16().count() + 1;
            let position = json!({"line": number, "character": character});
            asked.push(("textDocument/hover", json!({"textDocument": document, "position": position})));
        }
        if line.starts_with("\trespond ") || line.starts_with("import ") {
            let position = json!({"line": number, "character": line.find(' ').unwrap() + 1});
            asked.push(("textDocument/hover", json!({"textDocument": document, "position": position})));
            asked.push(("textDocument/completion", json!({"textDocument": document, "position": position})));
        }
    }
    let all = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9999, "character": 0}});
    asked.push(("textDocument/documentSymbol", json!({"textDocument": document})));
    let context = json!({"diagnostics": []});
    asked.push((
        "textDocument/codeAction",
        json!({"textDocument": document, "range": all, "context": context}),
    ));
    asked.push(("shutdown", Value::Null));
    let last = asked.len();
    let opened = json!({"textDocument": {"uri": uri, "languageId": "caddyfile", "version": 1, "text": text}});
    std::thread::scope(|threads| {
        threads.spawn(move || {
            for (number, (method, params)) in asked.into_iter().enumerate() {
                let id = i32::try_from(number + 1).unwrap().into();
                Message::Request(Request::new(id, method.to_owned(), params)).write(&mut input).unwrap();
                if number == 0 {
                    for (method, params) in
                        [("initialized", json!({})), ("textDocument/didOpen", opened.clone())]
                    {
                        let note = Notification::new(method.to_owned(), params);
                        Message::Notification(note).write(&mut input).unwrap();
                    }
                }
            }
            Message::Notification(Notification::new("exit".to_owned(), Value::Null))
                .write(&mut input)
                .unwrap();
        });
        let mut answers = 0;
        while let Some(message) = Message::read(&mut output).unwrap() {
            match message {
                Message::Response(answer) => {
                    answers += 1;
                    printed(judge, name, "", &answer.response_result.unwrap_or_default());
                }
                Message::Notification(note) => printed(judge, name, "", &note.params),
                Message::Request(request) => printed(judge, name, "", &request.params),
            }
        }
        assert_eq!(answers, last, "{name}: everything is answered");
    });
    server.wait().unwrap();
}

/// Judges all texts in `value` that an editor shows.
fn printed(judge: &Judge, name: &str, key: &str, value: &Value) {
    match value {
        Value::Object(fields) if fields.get("kind") == Some(&"markdown".into()) => {
            let text = fields["value"].as_str().unwrap();
            judge.hidden(name, text, false);
            let document = json!({"kind": "markdown", "name": format!("hover of {name}"), "text": text});
            judge.documents.lock().unwrap().push(document);
        }
        Value::Object(fields) => fields.iter().for_each(|(key, value)| printed(judge, name, key, value)),
        Value::Array(values) => values.iter().for_each(|value| printed(judge, name, key, value)),
        Value::String(text) if matches!(key, "message" | "name" | "label" | "detail" | "title") => {
            judge.hidden(name, text, false);
            if key != "message" && text.contains('\n') {
                judge.problem(name, &format!("{key} of several lines: {text:?}"));
            }
        }
        _ => {}
    }
}

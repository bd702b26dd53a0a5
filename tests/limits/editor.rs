//! The language server with the same texts.

use super::{chain, folder, nested, result, site};

/// What the language server answers to an editor that opens `text` and asks about it.
fn served(text: &str) -> String {
    let folder = folder(text);
    let uri = format!("file://{}/Caddyfile", folder.path().display());
    let document = serde_json::json!({ "uri": uri });
    let ask = |id: u32, method: &str| {
        let params = serde_json::json!({
            "textDocument": document, "position": { "line": 1, "character": 2 },
            "options": { "tabSize": 4, "insertSpaces": false },
        });
        serde_json::json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
    };
    let opened = serde_json::json!({ "uri": uri, "languageId": "caddyfile", "version": 1, "text": text });
    let messages = [
        serde_json::json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "capabilities": {} } }),
        serde_json::json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }),
        serde_json::json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": opened } }),
        ask(2, "textDocument/documentSymbol"),
        ask(3, "textDocument/completion"),
        ask(4, "textDocument/hover"),
        ask(5, "textDocument/formatting"),
        ask(6, "textDocument/foldingRange"),
        serde_json::json!({ "jsonrpc": "2.0", "id": 7, "method": "shutdown" }),
        serde_json::json!({ "jsonrpc": "2.0", "method": "exit" }),
    ];
    let input: String = messages
        .iter()
        .map(ToString::to_string)
        .map(|m| format!("Content-Length: {}\r\n\r\n{m}", m.len()))
        .collect();
    let (status, output) = result(folder.path(), &["lsp"], &input);
    assert_eq!(status, 0, "{}", &output[..output.len().min(500)]);
    output
}

#[test]
fn the_language_server() {
    let twice = chain(24, "import @\nimport @", "respond x") + &site("import s24");
    assert!(served(&twice).contains("imports expand to more than 400,000 words"));
    let joined = chain(34, "import @ {args[0]}{args[0]}", "respond {args[0]}") + &site("import s34 ab");
    assert!(served(&joined).contains("bytes of text"));
    served(&nested(6_000, "handle", "respond x"));
    assert!(served(&site(&"a".repeat(90_000))).len() < 400_000);
    served(&"{".repeat(100_000));
    served(&site(&"x\n".repeat(10_000)));
}

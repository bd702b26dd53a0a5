//! The conversation with one editor.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use caddyctl_host::{Disk, work_tree};
use caddyctl_language::Version;
use caddyctl_language::source::{Env, Loader, shown};
use caddyctl_language::syntax::fmt;
use caddyctl_language::version::UnknownVersion;
use gen_lsp_types as lsp;
use lsp::{PublishDiagnosticsParams, ServerCapabilities, TextDocumentPositionParams, TextEdit, Uri};
use lsp_server::{Connection, ErrorCode, Message, Notification, ProtocolError, Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::analysis::Analysis;
use super::documents::{Documents, path_of, uri_of};
use super::encoding::Encoding;
use super::published::diagnostic;
use super::{actions, answers};
use crate::cli::fmt::meaning;
use crate::cli::with::{For, OfBuild, Plugins};

/// What the command line asks for.
pub struct Wishes {
    /// Whether no `caddyctl.toml` counts. The editor can say so as well, in its initialization options or later in
    /// `caddyctl` of its configuration.
    pub isolated: bool,
    /// The version whose reading counts, and the plugins. The editor can name another version, and more plugins.
    pub plugins: Plugins,
    /// Of files outside the project of a Caddyfile only those below these folders are quoted.
    pub allowed: Vec<PathBuf>,
}

/// Serves the editor until it says goodbye; `false` when it went away without a word.
pub fn serve(connection: &Connection, disk: Disk, env: Env, wishes: Wishes) -> Result<bool, ProtocolError> {
    let Wishes { isolated, plugins, allowed } = wishes;
    let (id, hello) = connection.initialize_start()?;
    let hello: lsp::InitializeParams = serde_json::from_value(hello).unwrap_or_default();
    let options = hello.initialization_options.clone().unwrap_or_default();
    let wanted = wants_isolated(&options);
    let version = wants_version(&options);
    let (program, refused) = match wants_program(&options, &workspace(&hello, disk.base())) {
        Ok(program) => (program, None),
        Err(why) => (None, Some(why)),
    };
    let build = match program.filter(|_| !plugins.build.is_named()) {
        Some(program) => OfBuild::of(program),
        None => plugins.build.clone(),
    };
    let offered =
        hello.capabilities.general.and_then(|general| general.position_encodings).unwrap_or_default();
    let encoding = Encoding::choose(&offered);
    let answer = lsp::InitializeResult {
        capabilities: capabilities(encoding),
        server_info: Some(lsp::ServerInfo {
            name: "caddyctl".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    };
    connection.initialize_finish(id, serde_json::to_value(answer).unwrap_or_default())?;
    let mut server = Server {
        connection,
        documents: Documents::new(disk, encoding, allowed),
        env,
        isolated: wanted.unwrap_or(isolated),
        plugins: plugins.with_build(build),
        with: plugins.packages.with,
        shown: BTreeSet::new(),
        analysis: Analysis::default(),
        is_stale: false,
        published: BTreeSet::new(),
    };
    server.choose_version(version);
    server.take_packages(&options);
    if let Some(why) = refused {
        server.say("window/showMessage", 2, &why);
    }
    server.listen()
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(
            lsp::TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(lsp::TextDocumentSyncKind::Incremental),
                save: Some(true.into()),
                ..lsp::TextDocumentSyncOptions::default()
            }
            .into(),
        ),
        completion_provider: Some(lsp::CompletionOptions {
            resolve_provider: Some(true),
            trigger_characters: Some(["{", "@", "("].map(str::to_owned).into()),
            ..lsp::CompletionOptions::default()
        }),
        hover_provider: Some(true.into()),
        definition_provider: Some(true.into()),
        document_symbol_provider: Some(true.into()),
        folding_range_provider: Some(true.into()),
        document_formatting_provider: Some(true.into()),
        code_action_provider: Some(
            lsp::CodeActionOptions {
                code_action_kinds: Some(vec![
                    lsp::CodeActionKind::QuickFix,
                    lsp::CodeActionKind::SourceFixAll,
                ]),
                ..lsp::CodeActionOptions::default()
            }
            .into(),
        ),
        ..ServerCapabilities::default()
    }
}

/// The most findings of one file that the editor is sent: it draws all of them.
const MOST_PUBLISHED: usize = 1_000;

struct Server<'c> {
    connection: &'c Connection,
    documents: Documents,
    env: Env,
    /// Whether no `caddyctl.toml` counts.
    isolated: bool,
    /// The version and the plugins of the command line and of the editor.
    plugins: Plugins,
    /// The packages of the command line.
    with: Vec<String>,
    /// The messages about settings.
    shown: BTreeSet<String>,
    analysis: Analysis,
    /// Whether files have changed since the analysis.
    is_stale: bool,
    /// The files for which findings have been published.
    published: BTreeSet<PathBuf>,
}

impl Server<'_> {
    fn listen(&mut self) -> Result<bool, ProtocolError> {
        loop {
            // Findings are published when nothing waits, so that fast typing is not kept up by every letter.
            if self.is_stale && self.connection.receiver.is_empty() {
                self.publish();
            }
            let Ok(message) = self.connection.receiver.recv() else { return Ok(false) };
            match message {
                Message::Request(request) => {
                    // After `shutdown` an editor may be gone before it has sent `exit`; it has shut down.
                    if self.connection.handle_shutdown(&request).unwrap_or(true) {
                        return Ok(true);
                    }
                    let answer = self.answer(request);
                    self.send(Message::Response(answer));
                }
                Message::Notification(note) => self.note(note),
                Message::Response(_) => {}
            }
        }
    }

    fn send(&self, message: Message) {
        // An editor that is gone is noticed when nothing more can be received.
        let _ = self.connection.sender.send(message);
    }

    /// Takes in that files were opened, edited or closed.
    fn note(&mut self, note: Notification) {
        match note.method.as_str() {
            "textDocument/didOpen" => {
                if let Some(opened) = read::<lsp::DidOpenTextDocumentParams>(note.params)
                    && let Some(path) = path_of(&opened.text_document.uri)
                {
                    self.documents.open(path, opened.text_document.text);
                }
            }
            "textDocument/didChange" => {
                if let Some(changed) = read::<lsp::DidChangeTextDocumentParams>(note.params) {
                    let document = changed.text_document.text_document_identifier;
                    if let Some(path) = path_of(&document.uri) {
                        self.documents.change(&path, changed.content_changes);
                    }
                }
            }
            "textDocument/didClose" => {
                if let Some(closed) = read::<lsp::DidCloseTextDocumentParams>(note.params)
                    && let Some(path) = path_of(&closed.text_document.uri)
                {
                    self.documents.close(&path);
                }
            }
            "workspace/didChangeConfiguration" => {
                let wanted = note.params.get("settings").and_then(wants_isolated);
                self.isolated = wanted.unwrap_or(self.isolated);
                self.choose_version(note.params.get("settings").and_then(wants_version));
                if let Some(settings) = note.params.get("settings") {
                    self.take_packages(settings);
                }
            }
            // Imported files, or the rules, may be others now.
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {}
            _ => return,
        }
        self.is_stale = true;
    }

    /// Takes in the packages that settings of the editor name, if they name any.
    fn take_packages(&mut self, settings: &Value) {
        let named = of_caddyctl(settings, "with").and_then(Value::as_array);
        if let Some(named) = named {
            let named = named.iter().filter_map(Value::as_str).map(str::to_owned);
            self.plugins.packages.with = self.with.iter().cloned().chain(named).collect();
        }
    }

    /// Tells the editor what is wrong, and what is wrong no longer.
    fn publish(&mut self) {
        self.refresh();
        let open: BTreeSet<PathBuf> = self.analysis.paths().map(Path::to_owned).collect();
        let gone = self.published.difference(&open).cloned();
        for path in gone.chain(open.iter().cloned()).collect::<Vec<_>>() {
            let findings = self.analysis.findings(&path);
            let diagnostics: Vec<_> = findings
                .into_iter()
                .take(MOST_PUBLISHED)
                .map(|(compilation, found)| {
                    diagnostic(compilation, found, self.documents.base(), self.documents.encoding)
                })
                .collect();
            let is_news = !diagnostics.is_empty()
                || self.documents.text(&path).is_some()
                || self.published.contains(&path);
            if let Some(uri) = uri_of(&path).filter(|_| is_news) {
                let params = PublishDiagnosticsParams { uri, version: None, diagnostics };
                self.send(Message::Notification(Notification::new(
                    "textDocument/publishDiagnostics".to_owned(),
                    params,
                )));
            }
        }
        self.published = open;
    }

    /// Takes the version that the editor names; one that is not known is reported.
    fn choose_version(&mut self, version: Option<Result<Version, UnknownVersion>>) {
        match version {
            Some(Ok(version)) => self.plugins.caddy = For::version(Some(version)),
            Some(Err(unknown)) => {
                self.say("window/showMessage", 2, &format!("the setting `version`: {unknown}"));
            }
            None => {}
        }
    }

    fn refresh(&mut self) {
        if std::mem::take(&mut self.is_stale) {
            self.analysis = Analysis::of(&self.documents, &self.env, &self.plugins, self.isolated);
            self.report_settings();
        }
    }

    /// Says once which settings cannot be used, and which leave something out.
    fn report_settings(&mut self) {
        let unusable = self.analysis.unusable().iter().map(|text| ("window/showMessage", 2, text));
        let left_out = self.analysis.left_out().iter().map(|text| ("window/logMessage", 3, text));
        let all: Vec<_> =
            unusable.chain(left_out).map(|(how, kind, text)| (how, kind, text.clone())).collect();
        let texts = all.iter().map(|(_, _, text)| text.clone()).collect();
        for (how, kind, text) in all {
            if !self.shown.contains(&text) {
                self.say(how, kind, &text);
            }
        }
        self.shown = texts;
    }

    fn answer(&mut self, request: Request) -> Response {
        let Request { id, method, params } = request;
        let answer = match method.as_str() {
            "textDocument/completion" => self.at(params, |server, path, text, offset| {
                let (analysis, encoding) = (&server.analysis, server.documents.encoding);
                value(answers::completions(&analysis.known(path), analysis, path, text, offset, encoding))
            }),
            "completionItem/resolve" => {
                read(params).map(|item| value(answers::with_page(&self.analysis.known_anywhere(), item)))
            }
            "textDocument/hover" => self.at(params, |server, path, text, offset| {
                value(answers::hover(&server.analysis.known(path), text, offset, server.documents.encoding))
            }),
            "textDocument/definition" => self.at(params, |server, path, text, offset| {
                let (analysis, encoding) = (&server.analysis, server.documents.encoding);
                value(answers::definition(analysis, path, text, offset, encoding))
            }),
            "textDocument/documentSymbol" => read(params).map(|asked: lsp::DocumentSymbolParams| {
                self.whole(&asked.text_document.uri, |text, encoding| value(answers::symbols(text, encoding)))
            }),
            "textDocument/foldingRange" => read(params).map(|asked: lsp::FoldingRangeParams| {
                self.whole(&asked.text_document.uri, |text, encoding| value(answers::folds(text, encoding)))
            }),
            "textDocument/formatting" => read(params).map(|asked: lsp::DocumentFormattingParams| {
                let path = path_of(&asked.text_document.uri);
                path.map_or(Value::Null, |path| self.laid_out(&path))
            }),
            "textDocument/codeAction" => {
                read(params).map(|asked: lsp::CodeActionParams| self.actions(&asked))
            }
            _ => {
                let message = format!("{method} is not supported");
                return Response::new_err(id, ErrorCode::MethodNotFound as i32, message);
            }
        };
        let Some(answer) = answer else {
            let message = format!("invalid parameters of {method}");
            return Response::new_err(id, ErrorCode::InvalidParams as i32, message);
        };
        Response::new_ok(id, answer)
    }

    /// Answers what is asked about a place in an open file.
    fn at(
        &mut self,
        params: Value,
        answer: impl FnOnce(&Self, &Path, &str, usize) -> Value,
    ) -> Option<Value> {
        self.refresh_for_answer();
        let asked: TextDocumentPositionParams = read(params)?;
        let Some(path) = path_of(&asked.text_document.uri) else { return Some(Value::Null) };
        let Some(text) = self.documents.text(&path) else { return Some(Value::Null) };
        let offset = self.documents.encoding.offset(text, asked.position);
        Some(answer(self, &path, text, offset))
    }

    /// Answers what is asked about an open file.
    fn whole(&self, uri: &Uri, answer: impl FnOnce(&str, Encoding) -> Value) -> Value {
        let path = path_of(uri);
        let text = path.and_then(|path| self.documents.text(&path));
        text.map_or(Value::Null, |text| answer(text, self.documents.encoding))
    }

    /// The edit that lays out an open file, if it is not laid out and means the same then.
    fn laid_out(&self, path: &Path) -> Value {
        let Some(text) = self.documents.text(path) else { return Value::Null };
        let version = self.plugins.named(path, self.isolated).ok().flatten().unwrap_or_default();
        let formatted = String::from_utf8_lossy(&fmt::format_for(version, text.as_bytes())).into_owned();
        if formatted == text {
            return value(Vec::<TextEdit>::new());
        }
        let (known, texts) = (self.analysis.known(path), (text.as_bytes(), formatted.as_bytes()));
        if let Err(fault) = meaning::keep(&known, path, texts, &self.env, &self.documents, false) {
            self.say("window/showMessage", 2, &fault.to_string());
            return value(Vec::<TextEdit>::new());
        }
        value(vec![actions::difference(text, &formatted, self.documents.encoding)])
    }

    /// Shows or logs a text; the types are the protocol's: 2 is a warning, 3 is for information.
    fn say(&self, how: &str, kind: u8, text: &str) {
        let params = serde_json::json!({ "type": kind, "message": text });
        self.send(Message::Notification(Notification::new(how.to_owned(), params)));
    }

    fn actions(&mut self, asked: &lsp::CodeActionParams) -> Value {
        self.refresh_for_answer();
        let Some(path) = path_of(&asked.text_document.uri) else { return Value::Null };
        let Some(text) = self.documents.text(&path) else { return Value::Null };
        let encoding = self.documents.encoding;
        let wanted = encoding.bytes(text, asked.range);
        let mut offered =
            actions::actions(&self.analysis, &path, text, &wanted, self.documents.base(), encoding);
        if let Some(only) = &asked.context.only {
            offered.retain(|action| action.kind.as_ref().is_some_and(|kind| only.contains(kind)));
        }
        value(offered)
    }

    /// Answers speak of the text as it is now; findings are published as soon as nothing waits.
    fn refresh_for_answer(&mut self) {
        if self.is_stale {
            self.publish();
        }
    }
}

/// A setting of the editor, at the top or in a part `caddyctl`.
fn of_caddyctl<'s>(settings: &'s Value, name: &str) -> Option<&'s Value> {
    settings.get("caddyctl").unwrap_or(settings).get(name)
}

/// The editor's setting `isolated`.
fn wants_isolated(settings: &Value) -> Option<bool> {
    of_caddyctl(settings, "isolated")?.as_bool()
}

/// The program that the editor names for `caddy`. The folders of the workspace may contain settings for the editor, so that
/// none of their programs is run.
fn wants_program(options: &Value, workspace: &[PathBuf]) -> Result<Option<PathBuf>, String> {
    let Some(text) = of_caddyctl(options, "caddy").and_then(Value::as_str) else { return Ok(None) };
    let program = Path::new(text);
    let real = program.canonicalize().unwrap_or_else(|_| program.to_owned());
    let is_inside = workspace.iter().any(|folder| real.starts_with(folder) || program.starts_with(folder));
    if !program.is_absolute() || is_inside {
        let shown = shown::path(program);
        return Err(format!(
            "the setting `caddy` is ignored: {shown} is not an absolute path outside of the workspace"
        ));
    }
    Ok(Some(program.to_owned()))
}

/// The folders of the workspace, with the work trees that they belong to, and the one that the editor was started in.
fn workspace(hello: &lsp::InitializeParams, base: &Path) -> Vec<PathBuf> {
    let hello = serde_json::to_value(hello).unwrap_or_default();
    let folders = hello["workspaceFolders"].as_array().into_iter().flatten().map(|folder| &folder["uri"]);
    let uris = folders.chain([&hello["rootUri"]]).filter_map(|uri| read::<Uri>(uri.clone()));
    let folders = uris.filter_map(|uri| path_of(&uri)?.canonicalize().ok());
    let around = |folder: &PathBuf| work_tree::top_of(folder);
    let folders: Vec<PathBuf> = folders.map(|folder| around(&folder).unwrap_or(folder)).collect();
    let base = base.canonicalize().ok().as_ref().and_then(around);
    folders.into_iter().chain(base).collect()
}

/// The editor's setting `version`, at the top or in a part `caddyctl`.
fn wants_version(settings: &Value) -> Option<Result<Version, UnknownVersion>> {
    settings.get("caddyctl").unwrap_or(settings).get("version")?.as_str().map(Version::known)
}

fn read<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}

fn value(answer: impl Serialize) -> Value {
    serde_json::to_value(answer).unwrap_or_default()
}

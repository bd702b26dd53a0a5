//! Collects findings while the configuration is walked.

use std::cell::OnceCell;
use std::io;
use std::path::Path;

use super::facts::Facts;
use super::finding::{Finding, Message};
use super::node::Node;
use super::regexp;
use super::view::View;
use caddyctl_language::config::Document;
use caddyctl_language::diagnostics::{Code, Severity};

/// What checks a module.
pub(super) type Check = fn(&Node, &mut Checker);

/// The walk over one configuration.
pub(super) struct Checker<'a> {
    config: View<'a>,
    /// The check of a module, by its namespace and its name; `None` for what stock Caddy does not have. Modules hold modules, so
    /// that their list is handed in.
    find: fn(&str, &str) -> Option<Check>,
    /// What `config` is the settings of, if it was compiled.
    typed: Option<&'a Document>,
    pub(super) facts: Option<&'a dyn Facts>,
    findings: Vec<Finding>,
    /// Whether there is a `pki` app, once somebody asked.
    pub(super) loads_pki: OnceCell<bool>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(
        config: View<'a>,
        typed: Option<&'a Document>,
        facts: Option<&'a dyn Facts>,
        find: fn(&str, &str) -> Option<Check>,
    ) -> Self {
        Self { config, find, typed, facts, findings: Vec::new(), loads_pki: OnceCell::new() }
    }

    /// What was found; the same note is kept once.
    pub(super) fn finish(self) -> Vec<Finding> {
        let mut seen = std::collections::BTreeSet::new();
        let fresh =
            |finding: &Finding| finding.severity > Severity::Note || seen.insert(finding.message.clone());
        self.findings.into_iter().filter(fresh).collect()
    }

    /// The app `name`, wherever the walk stands.
    pub(super) fn app<'p>(&self, name: &'p str) -> Node<'a, 'p> {
        Node::app(self.config, name)
    }

    /// The global storage.
    pub(super) fn storage(&self) -> View<'a> {
        self.config.at("storage")
    }

    /// The server `name` with its routes, which are not among the settings.
    pub(super) fn with_routes<'p>(&self, name: &str, server: Node<'a, 'p>) -> Node<'a, 'p> {
        let typed = self.typed.and_then(|config| config.apps.http.as_ref()?.servers.get(name));
        match (typed, server.view()) {
            (Some(typed), View::Value(settings)) => server.seen_as(View::Server(typed, settings)),
            _ => server,
        }
    }

    fn push(&mut self, node: &Node, code: Code, severity: Severity, message: Message, help: Option<String>) {
        let (pointer, value) = (node.pointer(), node.view().as_written());
        self.findings.push(message.at(pointer, value, code, severity, help));
    }

    /// An error of a kind of its own.
    pub(super) fn error(
        &mut self,
        node: &Node,
        code: Code,
        message: impl Into<Message>,
        help: impl Into<String>,
    ) {
        let help = Some(help.into()).filter(|help| !help.is_empty());
        self.push(node, code, Severity::Error, message.into(), help);
    }

    /// Something that Caddy refuses when it provisions.
    pub(super) fn refuse(&mut self, node: &Node, message: impl Into<Message>, help: impl Into<String>) {
        self.error(node, Code::PROVISION, message, help);
    }

    /// Something that Caddy accepts and that cannot work.
    pub(super) fn warn(&mut self, node: &Node, message: impl Into<Message>, help: impl Into<String>) {
        let help = Some(help.into()).filter(|help| !help.is_empty());
        self.push(node, Code::PROVISION, Severity::Warning, message.into(), help);
    }

    /// Something about this machine that Caddy would refuse.
    pub(super) fn machine(&mut self, node: &Node, message: impl Into<Message>, help: impl Into<String>) {
        self.error(node, Code::MACHINE, message, help);
    }

    /// Something about this machine that Caddy accepts and that will not work.
    pub(super) fn machine_warning(
        &mut self,
        node: &Node,
        message: impl Into<Message>,
        help: impl Into<String>,
    ) {
        self.push(node, Code::MACHINE, Severity::Warning, message.into(), Some(help.into()));
    }

    /// Something that only the machine can tell, and that was not looked at.
    pub(super) fn unchecked(&mut self, node: &Node, what: impl std::fmt::Display) {
        self.push(node, Code::MACHINE, Severity::Note, format!("not checked here: {what}").into(), None);
    }

    /// A Go regular expression.
    pub(super) fn regexp(&mut self, node: &Node, pattern: &str) {
        if let Err(fault) = regexp::check(pattern) {
            let message = format!("`{pattern}` is not a regular expression that Caddy accepts: {fault}");
            self.error(node, Code::REGEXP, message, fault.help.unwrap_or_default());
        }
    }

    /// The contents of a file that Caddy reads when it provisions. `None` when there are none to look at; the reason is
    /// then among the findings.
    pub(super) fn read(&mut self, node: &Node, path: &str, what: &str) -> Option<Vec<u8>> {
        let Some(facts) = self.facts else {
            self.unchecked(node, format_args!("whether the {what} `{path}` can be read"));
            return None;
        };
        match facts.read(Path::new(path)) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                let message = format!("the {what} `{path}` cannot be read: {}", plain(&error));
                self.machine(node, message, "Caddy reads it when it loads the configuration");
                None
            }
        }
    }

    /// One module: an object whose field `key` names it.
    pub(super) fn module(&mut self, namespace: &str, key: &str, node: &Node) {
        if node.is_null() {
            return;
        }
        let name = node.at(key).text();
        if name.is_empty() {
            let message = format!("the module has no name in its field `{key}`");
            self.refuse(node, (message, [key]), "");
            return;
        }
        self.module_named(namespace, name, node);
    }

    /// An array of modules that are named by their field `key`.
    pub(super) fn modules(&mut self, namespace: &str, key: &str, node: &Node) {
        for item in node.items() {
            if item.is_null() {
                self.refuse(&item, "the module is `null`: a value in it could not be written as JSON", "");
            }
            self.module(namespace, key, &item);
        }
    }

    /// An object of modules by name.
    pub(super) fn module_map(&mut self, namespace: &str, node: &Node) {
        for (name, module) in node.fields() {
            if module.is_null() {
                let message = format!("`{name}` says nothing, and Caddy refuses that when it starts");
                self.refuse(&module, (message, [name]), "write what it is to match, or remove it");
                continue;
            }
            self.module_named(namespace, name, &module);
        }
    }

    /// The module `name` of a namespace.
    pub(super) fn module_named(&mut self, namespace: &str, name: &str, node: &Node) {
        let id = || if namespace.is_empty() { name.to_owned() } else { format!("{namespace}.{name}") };
        let is_here = self.facts.and_then(|facts| facts.has_module(&id()));
        match (self.find)(namespace, name) {
            _ if is_here == Some(false) => self.error(
                node,
                Code::UNKNOWN_MODULE,
                (format!("the Caddy of this machine has no module `{}`", id()), [id().as_str()]),
                "`caddy list-modules` shows which it has; after an upgrade the running one has the new ones only once it \
                 is restarted",
            ),
            None if is_here == Some(true) => {}
            Some(check) => check(node, self),
            None => self.error(
                node,
                Code::UNKNOWN_MODULE,
                (format!("stock Caddy has no module `{}`", id()), [id().as_str()]),
                "build Caddy with the plugin that brings it, or correct the name",
            ),
        }
    }
}

/// An I/O error in plain words.
pub(super) fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory => "a part of its path is not a folder".to_owned(),
        _ => error.to_string(),
    }
}

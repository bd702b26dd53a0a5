//! Collects findings while the configuration is walked.

use std::cell::OnceCell;
use std::io;
use std::path::Path;

use super::facts::Facts;
use super::finding::{Finding, Kind, Machine, Module, Provision, Regexp};
use super::node::Node;
use super::regexp;
use super::view::View;
use caddyctl_language::config::Document;
use caddyctl_language::diagnostics::Severity;
use caddyctl_language::lower::Registry;
use caddyctl_language::source::secrets::UNREAD;

/// What checks a module.
pub(super) type Check = fn(&Node, &mut Checker);

/// What checks the modules of a file, by what Caddy calls them.
pub(super) type Checks = &'static [(&'static str, Check)];

/// The walk over one configuration.
pub(super) struct Checker<'a> {
    config: View<'a>,
    /// The check of a module, by its namespace and its name; `None` for what stock Caddy does not have. Modules hold modules, so
    /// that their list is handed in.
    find: fn(&str, &str) -> Option<Check>,
    /// The words that the file may use, and the modules that they make.
    known: Option<&'a Registry>,
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
        Self { config, find, known: None, typed, facts, findings: Vec::new(), loads_pki: OnceCell::new() }
    }

    /// The same, where these words are known.
    pub(super) fn knowing(mut self, known: &'a Registry) -> Self {
        self.known = Some(known);
        self
    }

    /// What was found; the same note is kept once.
    pub(super) fn finish(self) -> Vec<Finding> {
        let mut seen = std::collections::BTreeSet::new();
        let fresh = |finding: &Finding| finding.severity() > Severity::Note || seen.insert(finding.message());
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

    /// What is found at a value.
    pub(super) fn report(&mut self, node: &Node, kind: impl Into<Kind>) {
        let (pointer, value) = (node.pointer(), node.view().as_written());
        self.findings.push(Finding { pointer, value, kind: kind.into() });
    }

    /// A Go regular expression.
    pub(super) fn regexp(&mut self, node: &Node, pattern: &str) {
        if let Err(fault) = regexp::check(pattern) {
            let (why, help) = (fault.to_string(), fault.help.unwrap_or_default());
            self.report(node, Regexp::Refused { pattern: pattern.to_owned(), why, help });
        }
    }

    /// The contents of a file that Caddy reads when it provisions. `None` when there are none to look at; the reason is
    /// then among the findings.
    pub(super) fn read(&mut self, node: &Node, path: &str, what: &str) -> Option<Vec<u8>> {
        let Some(facts) = self.facts else {
            self.report(node, Machine::FileUnknown { what: what.to_owned(), path: path.to_owned() });
            return None;
        };
        match facts.read(Path::new(path)) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                let (what, path) = (what.to_owned(), path.to_owned());
                self.report(node, Machine::FileUnread { what, path, why: plain(&error) });
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
            self.report(node, Provision::NoModule { key: key.to_owned() });
            return;
        }
        self.module_named(namespace, name, node);
    }

    /// An array of modules that are named by their field `key`.
    pub(super) fn modules(&mut self, namespace: &str, key: &str, node: &Node) {
        for item in node.items() {
            if item.is_null() {
                self.report(&item, Provision::NullModule);
            }
            self.module(namespace, key, &item);
        }
    }

    /// An object of modules by name.
    pub(super) fn module_map(&mut self, namespace: &str, node: &Node) {
        for (name, module) in node.fields() {
            if module.is_null() {
                self.report(&module, Provision::EmptyModule { name: name.to_owned() });
                continue;
            }
            self.module_named(namespace, name, &module);
        }
    }

    /// The module `name` of a namespace.
    pub(super) fn module_named(&mut self, namespace: &str, name: &str, node: &Node) {
        // What it is made of, only its plugin knows.
        if !node.at(UNREAD).is_null() {
            return;
        }
        let id = || if namespace.is_empty() { name.to_owned() } else { format!("{namespace}.{name}") };
        let is_here = self.facts.and_then(|facts| facts.has_module(&id()));
        match (self.find)(namespace, name) {
            _ if is_here == Some(false) => self.report(node, Module::NotHere { id: id() }),
            None if is_here == Some(true) => {}
            None if self.known.is_some_and(|known| known.has_module(&id())) => {}
            Some(check) => check(node, self),
            None => self.report(node, Module::NotStock { id: id() }),
        }
    }
}

/// An I/O error in plain words.
pub(super) fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory => "a part of its path is not a folder".to_owned(),
        _ => error.to_string(),
    }
}

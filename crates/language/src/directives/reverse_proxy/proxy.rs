//! A proxy while its words are read. `php_fastcgi` and `forward_auth` start from one with something in it.

use super::rows::ROWS;
use super::upstream::{Ranges, Upstreams};
use crate::config::{Fields, Module, Value};
use crate::diagnostics::Code;
use crate::directives::handle_response::ResponseHandlers;
use crate::lower::{Directive, Scope};
use crate::modules::header_ops::HeaderOps;
use crate::modules::transport::{self, http};
use crate::spec::{Additions, Cursor, Parsed, age, arguments, conflict, read_row};
use crate::syntax::Word;
use crate::version::Change;

/// A proxy while its words are read.
#[derive(Debug, Default)]
pub(in crate::directives) struct Proxy<'a> {
    /// The handler's fields, as far as they are known.
    pub fields: Fields,
    /// What is done with the fields of requests.
    pub request: HeaderOps,
    /// What is done with answers.
    pub responses: ResponseHandlers<'a>,
    response: HeaderOps,
    upstreams: Upstreams,
    /// The `transport` line and what it says.
    transport: Option<(Word, Module)>,
}

impl<'a> Proxy<'a> {
    /// Reads the upstreams and the block of `directive`, whose name is the current word.
    pub(crate) fn read(&mut self, cursor: &mut Cursor<'a>, scope: &mut Scope, directive: &Directive) {
        self.read_upstreams(&cursor.args(), scope);
        let level = cursor.nesting();
        while cursor.next_block(level) {
            if let Err(fault) = self.read_line(cursor, scope, directive) {
                scope.report(fault);
                // What is left of the line and its block is no line of its own.
                cursor.segment();
                while cursor.nesting() > level + 1 && cursor.next_block(level) {}
            }
        }
    }

    fn read_upstreams(&mut self, words: &[Word], scope: &mut Scope) {
        let mut ranges = Ranges { most: scope.loader.limits().ports, made: scope.state.ports };
        let version = scope.state.version();
        for word in words {
            let port = word.text.rsplit(':').next().unwrap_or_default();
            let is_range =
                port.contains('-') && port.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
            if is_range && !version.has(Change::UpstreamPortRanges) {
                let since = Change::UpstreamPortRanges.since();
                scope.report(age::form(word, version, "ranges of ports", since, "write each upstream"));
                continue;
            }
            if let Err(fault) = self.upstreams.push(word, &mut ranges, version) {
                scope.report(fault);
            }
        }
        scope.state.ports = ranges.made;
    }

    /// Reads the line whose first word is the current one.
    fn read_line(&mut self, cursor: &mut Cursor<'a>, scope: &mut Scope, directive: &Directive) -> Parsed<()> {
        let name = cursor.word().clone();
        if name.text.starts_with('@') {
            return self.responses.define(&mut cursor.nested());
        }
        match name.text.as_str() {
            "to" => {
                let words = cursor.args();
                if words.is_empty() {
                    return Err(cursor.missing(&name, "at least one upstream"));
                }
                self.read_upstreams(&words, scope);
            }
            "header_up" => header(cursor, &mut self.request)?,
            "header_down" => header(cursor, &mut self.response)?,
            "transport" => self.read_transport(cursor)?,
            "handle_response" => self.responses.handle(cursor),
            "replace_status" => self.responses.replace_status(cursor)?,
            known if ROWS.iter().any(|row| row.name == known && !known.starts_with('@')) => {
                if known == "health_path" {
                    scope.warn(
                        Code::DEPRECATED,
                        &name,
                        "`health_path` is the old name of `health_uri`",
                        "write `health_uri`, which takes a query too",
                    );
                }
                read_row(cursor, &directive.name, ROWS, &mut self.fields)?;
            }
            _ => return Err(cursor.unknown(&directive.name, directive.rows.iter().map(|row| &*row.name))),
        }
        Ok(())
    }

    fn read_transport(&mut self, cursor: &mut Cursor) -> Parsed<()> {
        let name = cursor.word().clone();
        if self.fields.contains_key("transport") {
            return Err(conflict::fastcgi_transport(&name));
        }
        self.transport = Some((name, transport::NAMESPACE.read_arg(cursor)?));
        Ok(())
    }

    /// The handler's fields. Everything that depends on all lines is found out here.
    pub(crate) fn finish(mut self, scope: &mut Scope) -> Fields {
        if let Err(fault) = self.finish_transport(scope) {
            scope.report(fault);
        }
        if let Some(upstreams) = self.upstreams.to_value() {
            self.fields.insert("upstreams", upstreams);
        }
        let mut headers = Fields::new();
        for (key, ops) in [("request", self.request), ("response", self.response)] {
            if !ops.is_empty() {
                headers.insert(key, ops.into_fields());
            }
        }
        if !headers.is_empty() {
            self.fields.insert("headers", headers);
        }
        if let Some(handlers) = self.responses.finish(scope) {
            self.fields.insert("handle_response", handlers);
        }
        self.fields
    }

    /// What the scheme of the upstreams asks of the transport.
    fn finish_transport(&mut self, scope: &Scope) -> Parsed<()> {
        let (scheme, place) = self.upstreams.scheme();
        let (given, mut transport) = match self.transport.take() {
            Some((word, transport)) => (Some(word), transport),
            None if matches!(scheme, "https" | "h2c") => (None, bare_http()),
            None => return Ok(()),
        };
        let place = given.as_ref().or(place).cloned().unwrap_or_default();
        if transport.get("protocol").is_some_and(|protocol| protocol == "http") {
            match scheme {
                "https" if !http::is_tls(&transport) => http::enable_tls(&mut transport),
                "http" if http::is_tls(&transport) => {
                    return Err(conflict::tls_to_http(&place));
                }
                "h2c" => http::enable_h2c(&mut transport),
                _ => {}
            }
        } else if scheme == "https" {
            let added = scope.state.additions.as_deref();
            let named = transport.get("protocol").and_then(Value::as_str).unwrap_or_default();
            let declared = Additions::find(added, &transport::NAMESPACE, named);
            if let Some(declared) = declared.filter(|declared| !declared.https.is_empty()) {
                transport.extend(declared.https.iter().cloned());
                self.fields.insert("transport", transport);
                return Ok(());
            }
            return Err(conflict::https_without_tls(&place));
        }
        // The default transport need not be named.
        if transport != bare_http() {
            self.fields.insert("transport", transport);
        }
        Ok(())
    }
}

fn bare_http() -> Module {
    std::iter::once(("protocol".to_owned(), Value::from("http"))).collect()
}

/// `header_up` and `header_down`: a field, and at most a value and a replacement.
fn header(cursor: &mut Cursor, ops: &mut HeaderOps) -> Parsed<()> {
    let name = cursor.word().clone();
    let words = cursor.args();
    let [field, rest @ ..] = words.as_slice() else {
        return Err(cursor.missing(&name, "the name of a header field"));
    };
    if let Some(fourth) = rest.get(2) {
        let what = "a field, a value and a replacement";
        return Err(arguments::surplus_text(fourth, &name.text, what, "value"));
    }
    let value = rest.first().map_or("", |word| word.text.as_str());
    ops.apply(field, &field.text, value, rest.get(1).map(|word| word.text.as_str()))
}

//! What `reverse_proxy` and `intercept` do with answers: the lines `@name`, `handle_response` and `replace_status`
//! (docs: "`reverse_proxy`", "Intercepting responses").

use std::collections::BTreeMap;

use ecow::EcoString;

use crate::config::{Fields, Value, weak};
use crate::diagnostics::Code;
use crate::lower::Scope;
use crate::modules::response_matcher;
use crate::spec::{Cursor, Fault, Parsed, Suggestions, arguments};
use crate::syntax::Word;

/// The response matchers and handlers of one directive.
#[derive(Debug, Default)]
pub(super) struct ResponseHandlers<'a> {
    /// By their names with `@`; `None` for one that is at fault.
    matchers: BTreeMap<EcoString, Option<Fields>>,
    handlers: Vec<Fields>,
    suggestions: Suggestions,
    /// The `handle_response` lines, which are lowered after everything else.
    bodies: Vec<Cursor<'a>>,
}

impl<'a> ResponseHandlers<'a> {
    /// Adds a handler.
    pub(super) fn push(&mut self, handler: Fields) {
        self.handlers.push(handler);
    }

    /// Defines the response matcher whose name is the current word.
    pub(super) fn define(&mut self, cursor: &mut Cursor) -> Parsed<()> {
        let name = cursor.word().clone();
        if self.matchers.contains_key(&name.text) {
            return Err(Fault::new(
                Code::MATCHER,
                &name,
                format!("the response matcher `{}` is defined twice", name.text),
            )
            .help("join them in one block, or choose another name"));
        }
        let read = response_matcher::read(cursor);
        self.matchers.insert(name.text, read.as_ref().ok().cloned());
        read.map(drop)
    }

    /// Keeps a `handle_response` line and its block for later.
    pub(super) fn handle(&mut self, cursor: &mut Cursor<'a>) {
        self.bodies.push(cursor.nested());
    }

    /// Reads a `replace_status` line. Its matcher must be defined before.
    pub(super) fn replace_status(&mut self, cursor: &mut Cursor) -> Parsed<()> {
        let name = cursor.word().clone();
        let mut handler = Fields::new();
        let words = cursor.args();
        let status = match words.as_slice() {
            [status] => status,
            [matcher, status] => {
                self.put_matcher(&mut handler, matcher)?;
                status
            }
            [_, _, third, ..] => {
                return Err(arguments::surplus(third, "replace_status", "a response matcher and a status"));
            }
            [] => return Err(cursor.missing(&name, "a status, such as `404`")),
        };
        // An empty block passes.
        let level = cursor.nesting();
        if cursor.next_block(level) {
            let help = "write `handle_response` to run directives";
            return Err(arguments::no_block(&name, "replace_status", help));
        }
        if !status.text.is_empty() {
            handler.insert("status_code", weak(&status.text));
        }
        self.handlers.push(handler);
        Ok(())
    }

    fn put_matcher(&mut self, handler: &mut Fields, word: &Word) -> Parsed<()> {
        if !word.text.starts_with('@') {
            return Err(Fault::new(
                Code::MATCHER,
                word,
                format!("`{}` is not a response matcher", word.text),
            )
            .help("expected a name that begins with `@`"));
        }
        let Some(matcher) = self.matchers.get(&word.text) else {
            let fault = Fault::new(Code::MATCHER, word, format!("unknown response matcher `{}`", word.text));
            let near = self.suggestions.near(&word.text, self.matchers.keys().map(EcoString::as_str));
            return Err(match near {
                Some(near) => fault.suggest(word, Some(near)),
                None => fault
                    .help(format!("define it in this block, above: `{} status 5xx`", word.text))
                    .help("request matchers, from outside this block, do not match responses"),
            });
        };
        if let Some(matcher) = matcher {
            handler.insert("match", matcher.clone());
        }
        Ok(())
    }

    /// Lowers the `handle_response` lines, and gives all handlers, those without matcher last; `None` if there are
    /// none.
    pub(super) fn finish(mut self, scope: &mut Scope) -> Option<Value> {
        for body in std::mem::take(&mut self.bodies) {
            match self.lower(body, scope) {
                Ok(handler) => self.handlers.push(handler),
                Err(fault) => scope.report(fault),
            }
        }
        let (with, without): (Vec<_>, Vec<_>) =
            self.handlers.into_iter().partition(|handler| handler.contains_key("match"));
        let all: Vec<_> = with.into_iter().chain(without).map(Value::Object).collect();
        (!all.is_empty()).then_some(Value::from(all))
    }

    fn lower(&mut self, mut body: Cursor<'a>, scope: &mut Scope) -> Parsed<Fields> {
        let mut handler = Fields::new();
        match body.args().as_slice() {
            [] => {}
            [matcher] => self.put_matcher(&mut handler, matcher)?,
            [_, second, ..] => {
                return Err(arguments::second_response_matcher(second));
            }
        }
        let routes = scope.nested_routes(&mut body.nested())?;
        if !routes.is_empty() {
            let routes: Value = routes.into_iter().map(crate::config::Route::into_value).collect();
            handler.insert("routes", routes);
        }
        Ok(handler)
    }
}

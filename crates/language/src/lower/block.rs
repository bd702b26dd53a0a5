//! Lowers directives: those of a site, and those inside `handle`, `route` and their like.

use std::sync::Arc;

use ecow::EcoString;

use super::directive::{Directive, Place, Shape};
use super::routes;
use super::scope::{Directed, Lowered, Scope};
use crate::config::{Fields, Handler, Route};
use crate::diagnostics::Code;
use crate::matchers;
use crate::spec::{Cursor, Fault, Parsed, age, arguments, opaque, read_block};
use crate::syntax::Word;

impl Scope<'_> {
    /// Lowers the directives of the block that opens on the current line. The current word is the directive that the
    /// block belongs to, whose arguments have been read.
    pub(crate) fn lower_block(&mut self, cursor: &mut Cursor) -> Vec<Directed> {
        let mut segments = Vec::new();
        let level = cursor.nesting();
        while cursor.next_block(level) {
            segments.push(cursor.segment());
        }
        self.lower_segments(&segments, Place::Nested, true)
    }

    /// Lowers directives, after the matchers that are defined among them.
    pub(crate) fn lower_segments<S: AsRef<[Word]>>(
        &mut self,
        segments: &[S],
        place: Place,
        has_braces: bool,
    ) -> Vec<Directed> {
        let defined = self.define_matchers(segments);
        let directives = Arc::clone(&self.directives);
        let mut all = Vec::with_capacity(segments.len());
        for segment in segments.iter().map(AsRef::as_ref).filter(|segment| !is_matcher(segment)) {
            let Some(name) = segment.first() else { continue };
            let Some(directive) = directives.find(&name.text) else {
                let fault = (self.unknown)(&directives, segment, place, has_braces);
                self.report(fault);
                continue;
            };
            match self.lower_directive(directive, segment) {
                Ok(lowered) => {
                    let (span, frame) = (name.span, name.frame);
                    all.extend(lowered.into_iter().map(|lowered| Directed {
                        directive: directive.place(),
                        span,
                        frame,
                        lowered,
                    }));
                }
                Err(fault) => self.report(fault),
            }
        }
        for name in defined {
            self.matchers.remove(&name);
        }
        all
    }

    /// Lowers one directive from all its words.
    pub(crate) fn lower_directive(&mut self, directive: &Directive, words: &[Word]) -> Parsed<Vec<Lowered>> {
        let mut cursor = self.state.cursor(words);
        age::check_lines(&cursor, age::DIRECTIVE, &directive.name, &directive.rows)?;
        let lowered = self.lower_words(directive, &mut cursor);
        for fault in cursor.take_faults() {
            self.report(fault);
        }
        lowered
    }

    fn lower_words(&mut self, directive: &Directive, cursor: &mut Cursor) -> Parsed<Vec<Lowered>> {
        match &directive.shape {
            Shape::Handler(lower) => {
                let matcher = self.take_matcher(cursor);
                cursor.next();
                let handler = lower(cursor, self)?;
                let route = Route { matchers: matcher.into_iter().collect(), ..Route::of(handler) };
                Ok(vec![Lowered::Route(route)])
            }
            Shape::Config(lower) => {
                cursor.next();
                lower(cursor, self)
            }
            Shape::Declared(lower) => {
                let matcher = self.take_matcher(cursor);
                cursor.next();
                lower(cursor, matcher, self)
            }
            Shape::Opaque(handler, owner) => {
                let matcher = self.take_defined_matcher(cursor);
                cursor.next();
                let word = cursor.word().clone();
                self.report(opaque::note(&word, owner));
                let handler = Handler::module(handler, opaque::kept(cursor), word.span);
                let route = Route { matchers: matcher.into_iter().collect(), ..Route::of(handler) };
                Ok(vec![Lowered::Route(route)])
            }
            Shape::Table => {
                let matcher = self.take_matcher(cursor);
                cursor.next();
                let name = cursor.word().clone();
                cursor.no_args()?;
                let mut fields = Fields::new();
                read_block(cursor, &directive.name, &directive.rows, &mut fields)?;
                let handler = Handler::module(&directive.name, fields, name.span);
                let route = Route { matchers: matcher.into_iter().collect(), ..Route::of(handler) };
                Ok(vec![Lowered::Route(route)])
            }
        }
    }

    /// Reads the matcher definitions among `segments` into this scope, and gives the names that they define.
    fn define_matchers<S: AsRef<[Word]>>(&mut self, segments: &[S]) -> Vec<EcoString> {
        let mut defined = Vec::new();
        for segment in segments.iter().map(AsRef::as_ref).filter(|segment| is_matcher(segment)) {
            let name = &segment[0];
            if self.matchers.contains_key(&name.text) {
                self.report(
                    Fault::new(Code::MATCHER, name, format!("the matcher `{}` is defined twice", name.text))
                        .help("a matcher of an outer block cannot be defined again; choose another name"),
                );
                continue;
            }
            let mut cursor = self.state.cursor(segment);
            let read = matchers::define(&mut cursor);
            for fault in cursor.take_faults() {
                self.report(fault);
            }
            let set = match read {
                Ok(set) => Some(set),
                Err(fault) => {
                    self.report(fault);
                    None
                }
            };
            self.matchers.insert(name.text.clone(), set);
            defined.push(name.text.clone());
        }
        defined
    }

    /// Lowers everything that follows the current word, on whose line only a block may open. The current word is the
    /// directive, or its last argument.
    pub(crate) fn lower_nested(&mut self, cursor: &mut Cursor) -> Parsed<Vec<Directed>> {
        let mut all = Vec::new();
        loop {
            if cursor.next_arg() {
                return Err(arguments::not_a_matcher(cursor.word()));
            }
            let mut more = self.lower_block(cursor);
            if all.is_empty() {
                all = more;
            } else {
                all.append(&mut more);
            }
            if !cursor.next() {
                return Ok(all);
            }
        }
    }

    /// The routes of the block behind the current word, sorted and grouped; see [`Self::lower_nested`].
    pub(crate) fn nested_routes(&mut self, cursor: &mut Cursor) -> Parsed<Vec<Route>> {
        let items = self.lower_nested(cursor)?;
        Ok(self.build_routes(items, true))
    }

    /// The routes of the block that opens on the current line, sorted and grouped.
    pub(crate) fn subroute(&mut self, cursor: &mut Cursor) -> Vec<Route> {
        let items = self.lower_block(cursor);
        self.build_routes(items, true)
    }

    /// Makes routes of what directives gave. `sorted` is off only for `route`, which keeps the order of the file.
    pub(crate) fn build_routes(&mut self, items: Vec<Directed>, sorted: bool) -> Vec<Route> {
        routes::build(items, sorted, self.options, self.state)
    }
}

fn is_matcher(segment: &[Word]) -> bool {
    segment.first().is_some_and(|name| name.text.starts_with('@'))
}

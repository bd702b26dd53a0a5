//! `header`: changes the fields of answers (docs: "header").

use crate::config::{Fields, Handler, MatcherSet, Route};
use crate::lower::{Directive, Lowered, Scope};
use crate::modules::header_ops::ResponseHeaderOps;
use crate::modules::response_matcher;
use crate::source::Span;
use crate::spec::age;
use crate::spec::{Changes, Cursor, HandlerModule, Kind, List, Parsed, Row, Shown, arguments};
use crate::syntax::Word;
use crate::version::Change;

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::config(
    "header",
    "[+|-|?|>]<field> [<value>|<pattern> [<replacement>]] or { ... }",
    "Changes the header fields of responses",
    lower,
)
.rows(ROWS)
.example("header -Server")
.makes(&HANDLER)
.known_by(&[]);

/// The handler.
pub(super) static HANDLER: HandlerModule = HandlerModule {
    changes: Changes::Headers("request"),
    shows: &[Shown::Headers],
    ..HandlerModule::new("headers")
};

const ROWS: &[Row] = &[
    Row::new("defer", "", Kind::Own, "Changes the fields only when the response is written"),
    Row::new("match", "...", Kind::Block(List::Static(response_matcher::ROWS)), "Only responses that match"),
];

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Vec<Lowered>> {
    let matcher = scope.take_matcher(cursor);
    cursor.next();
    let span = cursor.word().span;
    let mut ops = ResponseHeaderOps::default();
    // Defaults (`?`) have a condition of their own, and so a handler of their own: since 2.11.8 each of them, before all of
    // a block together.
    let each_alone = scope.state.version().has(Change::HeaderDefaultsAlone);
    let mut defaults: Vec<ResponseHeaderOps> = Vec::new();
    let mut matcher_of_response: Option<(Word, Fields)> = None;
    let has_match = scope.state.version().has(Change::HeaderMatch);
    let mut on_line = cursor.next_arg();
    if on_line {
        let field = cursor.owned();
        if each_alone && field.starts_with('?') {
            defaults.push(ResponseHeaderOps::default());
        }
        apply(cursor, &field, defaults.last_mut().unwrap_or(&mut ops))?;
        // Before 2.8.4, Caddy passes over a fourth word, and reads the block behind it.
        let version = cursor.version();
        if !version.has(Change::LineWordsCount) && cursor.next_arg() {
            if cursor.next_arg() {
                return Err(age::not_modelled(cursor.word(), version, "words behind a replacement"));
            }
            on_line = false;
        }
    }
    cursor.block(|cursor| {
        match cursor.text() {
            "defer" => ops.deferred = true,
            "match" if has_match => {
                let word = cursor.word().clone();
                let matcher = response_matcher::read(&mut cursor.nested())?;
                if each_alone {
                    matcher_of_response = Some((word, matcher));
                } else {
                    ops.require(matcher);
                }
            }
            _ if on_line => {
                return Err(arguments::fields_in_two_places(cursor.word()));
            }
            text => {
                // A colon behind the field is a habit from elsewhere.
                let field = text.strip_suffix(':').unwrap_or(text).to_owned();
                if !field.starts_with('?') {
                    return apply(cursor, &field, &mut ops);
                }
                if each_alone || defaults.is_empty() {
                    defaults.push(ResponseHeaderOps::default());
                }
                apply(cursor, &field, defaults.last_mut().unwrap_or(&mut ops))?;
            }
        }
        Ok(())
    })?;
    if let Some((word, matcher)) = matcher_of_response {
        for default in &mut defaults {
            default.require_too(&word, &matcher)?;
        }
        ops.require(matcher);
    }
    let given = std::iter::once(ops).chain(defaults).filter(|ops| !ops.is_empty());
    Ok(given.map(|ops| Lowered::Route(route(ops, matcher.clone(), span))).collect())
}

/// Reads the value and the replacement behind a field, which is the current word. Words behind those are not looked at.
fn apply(cursor: &mut Cursor, field: &str, ops: &mut ResponseHeaderOps) -> Parsed<()> {
    let place = cursor.word().clone();
    let value = cursor.arg().unwrap_or_default();
    let replacement = cursor.arg();
    // Before 2.8.4, `>` is part of the name, and an empty replacement is none.
    if !cursor.version().has(Change::ReplacementsWait) {
        let replacement = replacement.filter(|replacement| !replacement.is_empty());
        if field.starts_with('>') {
            ops.ops.apply_as_written(field, &value, replacement.as_deref());
            return Ok(());
        }
        return ops.apply(&place, field, &value, replacement.as_deref());
    }
    ops.apply(&place, field, &value, replacement.as_deref())
}

fn route(ops: ResponseHeaderOps, matcher: Option<MatcherSet>, span: Span) -> Route {
    let mut fields = Fields::new();
    fields.insert("response", ops.into_fields());
    Route { matchers: matcher.into_iter().collect(), ..Route::of(Handler::module("headers", fields, span)) }
}

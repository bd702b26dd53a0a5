//! `rewrite`: changes the request's URI (docs: "rewrite").

use super::root::matcher_and_value;
use crate::config::{Fields, Handler, Route};
use crate::lower::{Directive, Exclusive, Lowered, Matcher, Scope};
use crate::spec::{Changes, Cursor, HandlerModule, Parsed, Shown, Sign};

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::config("rewrite", "<to>", "Changes the request's URI inside Caddy, without a redirect", lower)
        .example("rewrite * /index.html")
        .matcher(Matcher::BeforeValue)
        .exclusive(Exclusive::EvenAlone)
        .apart()
        .makes(&HANDLER)
        .known_by(&[Sign::Has("/uri"), Sign::Lacks("/strip_path_prefix")]);

/// The handler.
pub(super) static HANDLER: HandlerModule =
    HandlerModule { changes: Changes::Path, shows: &[Shown::Rewrite], ..HandlerModule::new("rewrite") };

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Vec<Lowered>> {
    let name = cursor.word().clone();
    let (matcher, uri) = matcher_and_value(cursor, scope, "a URI").map_err(|fault| {
        if cursor.clone().next_block(cursor.nesting()) {
            return fault.help("Caddy 1 had a block of `rewrite` with `to`; write `try_files {path} /index.html`, or `rewrite @matcher /new`");
        }
        fault
    })?;
    let mut fields = Fields::new();
    if !uri.is_empty() {
        fields.insert("uri", uri);
    }
    let handler = Handler::module("rewrite", fields, name.span);
    Ok(vec![Lowered::Route(Route { matchers: matcher.into_iter().collect(), ..Route::of(handler) })])
}

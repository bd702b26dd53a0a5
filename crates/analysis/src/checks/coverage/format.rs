//! The report on coverage, in each form of output.

mod html;

pub use html::html;

use serde_json::{Value, json as object};

use super::Coverage;
use crate::diff::Side;
use crate::requests::{Part, PartKind};
use crate::routes::variables;
use caddyctl_language::source::secrets;
use caddyctl_language::source::shown::{line, markdown};
use caddyctl_language::source::variables::{Mode, Variables};

/// The kinds of parts, in the order of reports.
const KINDS: [PartKind; 3] = [PartKind::Route, PartKind::Matcher, PartKind::Handler];

fn kind(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Route => "route",
        PartKind::Matcher => "matcher",
        PartKind::Handler => "handler",
    }
}

/// What a part does, without secrets and values of the environment.
fn words(part: &Part, variables: &Variables) -> String {
    secrets::hide_within(&variables.hide_distinct(&part.words, Mode::Sentence))
}

/// The file and line of a part.
fn place(part: &Part, side: &Side) -> Option<(String, usize)> {
    let at = side.place(part.place.span)?;
    Some((at.file.strip_prefix("./").unwrap_or(&at.file).to_owned(), at.line))
}

/// The place of a part in words; its JSON pointer if it has none.
fn place_words(part: &Part, side: &Side) -> String {
    place(part, side).map_or_else(|| part.place.pointer.clone(), |(file, line)| format!("{file}:{line}"))
}

/// `7 of 9 routes`, and so on.
fn counts(coverage: &Coverage) -> String {
    let one = |of: PartKind| {
        let (reached, all) = coverage.count(of);
        format!("{reached} of {all} {}s", kind(of))
    };
    KINDS.map(one).join(", ")
}

/// Lines of text.
pub fn text(coverage: &Coverage, side: &Side) -> String {
    let variables = variables(&side.sources);
    let mut out = format!("coverage   {:.1} %: {}\n", coverage.percent(), counts(coverage));
    for part in coverage.missing() {
        let at = place_words(part, side);
        out += &format!("uncovered  {}: {} {}\n", line(&at), kind(part.kind), line(&words(part, &variables)));
    }
    out
}

/// A JSON object with all parts.
pub fn json(coverage: &Coverage, side: &Side) -> Value {
    let variables = variables(&side.sources);
    let part = |(part, is_covered): &(Part, bool)| {
        let mut one = object!({
            "kind": kind(part.kind),
            "pointer": part.place.pointer,
            "words": words(part, &variables),
            "covered": is_covered,
        });
        if let Some((file, line)) = place(part, side) {
            one["file"] = file.into();
            one["line"] = line.into();
        }
        one
    };
    let count = |of: PartKind| {
        let (reached, all) = coverage.count(of);
        object!({ "covered": reached, "all": all })
    };
    object!({
        "version": 1,
        "percent": coverage.percent(),
        "routes": count(PartKind::Route),
        "matchers": count(PartKind::Matcher),
        "handlers": count(PartKind::Handler),
        "parts": coverage.parts.iter().map(part).collect::<Vec<_>>(),
    })
}

/// A table in Markdown of what is not covered.
pub fn markdown(coverage: &Coverage, side: &Side) -> String {
    let variables = variables(&side.sources);
    let mut out = format!("Coverage: {:.1} % ({})\n", coverage.percent(), counts(coverage));
    let missing = coverage.missing();
    if missing.is_empty() {
        return out;
    }
    out += "\n| not covered | kind | location |\n|---|---|---|\n";
    for part in missing {
        out += &format!(
            "| {} | {} | {} |\n",
            markdown::cell_code(&words(part, &variables)),
            kind(part.kind),
            markdown::cell_code(&place_words(part, side))
        );
    }
    out
}

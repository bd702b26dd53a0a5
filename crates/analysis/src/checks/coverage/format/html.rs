//! A page with the Caddyfile: green lines are covered, red ones are not, amber ones in part. Nothing is loaded from anywhere,
//! and nothing runs.

use std::collections::BTreeMap;

use super::{counts, kind, place, place_words, words};
use crate::checks::coverage::Coverage;
use crate::diff::Side;
use crate::routes::variables;
use caddyctl_language::source::secrets;
use caddyctl_language::source::shown::markup::escaped;
use caddyctl_language::source::shown::source_line;

const STYLE: &str = include_str!("page.css");

/// Whether what begins on a line is covered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Colour {
    Covered,
    Partial,
    Missing,
}

impl Colour {
    fn class(self) -> &'static str {
        match self {
            Self::Covered => "yes",
            Self::Partial => "part",
            Self::Missing => "no",
        }
    }
}

/// The page.
pub fn html(coverage: &Coverage, side: &Side) -> String {
    let variables = variables(&side.sources);
    let title = escaped(&side.name);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>Coverage of {title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>Coverage of {title}</h1>\n<p>{:.1} %: {}</p>\n\
         <p><span class=\"yes\">covered</span> <span class=\"part\">covered in part</span> \
         <span class=\"no\">not covered</span></p>\n",
        coverage.percent(),
        counts(coverage)
    );
    let missing = coverage.missing();
    if !missing.is_empty() {
        out += "<h2>Not covered</h2>\n<ul>\n";
        for part in missing {
            out += &format!(
                "<li>{} <code>{}</code> {}</li>\n",
                kind(part.kind),
                escaped(&words(part, &variables)),
                escaped(&place_words(part, side))
            );
        }
        out += "</ul>\n";
    }
    let mut lines: BTreeMap<(String, usize), Colour> = BTreeMap::new();
    for (part, is_reached) in &coverage.parts {
        let Some(at) = place(part, side) else { continue };
        let own = if *is_reached { Colour::Covered } else { Colour::Missing };
        let merge = |old: &mut Colour| {
            if *old != own {
                *old = Colour::Partial;
            }
        };
        lines.entry(at).and_modify(merge).or_insert(own);
    }
    for (_, file) in side.sources.iter() {
        let name = file.shown();
        let name = name.strip_prefix("./").unwrap_or(name);
        out += &format!("<h2>{}</h2>\n", escaped(name));
        if file.is_outside() {
            out += "<p>This file is outside the project; its text is not shown.</p>\n";
            continue;
        }
        out += "<div class=\"file\">";
        for (number, text) in secrets::hide_lines(file.text()).iter().enumerate() {
            let class = lines.get(&(name.to_owned(), number + 1)).map_or("", |colour| colour.class());
            let shown = tabs(&source_line(text));
            out += &format!("<span class=\"line {class}\"><small>{}</small>{shown}</span>\n", number + 1);
        }
        out += "</div>\n";
    }
    out + "</body>\n</html>\n"
}

/// A line in HTML, with its tabs.
fn tabs(line: &str) -> String {
    line.split('\t').map(escaped).collect::<Vec<_>>().join("\t")
}

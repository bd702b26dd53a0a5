//! The page of one word, as Markdown that reads well on a terminal too.

use super::entry::{DIRECTIVE, Entry, MATCHER, OPTION, Use, find, uses};
use crate::lower::Registry;
use crate::spec::{Additions, Kind, Row, Text};

/// A page about everything that is called `name`; `None` when no table declares it.
pub fn page(directives: &Registry, name: &str) -> Option<String> {
    let mut parts: Vec<String> =
        find(directives, name).iter().map(|entry| entry_page(directives, entry)).collect();
    let uses = uses(directives, name);
    if !uses.is_empty() {
        parts.push(subdirective(directives, name, &uses));
    }
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// The page of one entry.
pub fn entry_page(directives: &Registry, entry: &Entry) -> String {
    let mut page = format!("# {}: {}\n\n{}.\n\n    {}\n", entry.name, entry.what, entry.doc, entry.syntax());
    if let Some(order) = order(directives, entry) {
        page += &format!("\n{order}\n");
    }
    if !entry.rows.is_empty() {
        page += &format!("\n## In its block\n\n{}", list(directives, entry.rows, 1));
    }
    if let Some(file) = example(entry) {
        page += &format!("\n## Example\n\n```caddyfile\n{file}```\n");
    }
    page
}

/// Where the directive stands in the order in which handlers run.
fn order(directives: &Registry, entry: &Entry) -> Option<String> {
    if entry.what != DIRECTIVE {
        return None;
    }
    let order = directives.order();
    let Some(at) = order.iter().position(|name| *name == *entry.name) else {
        return Some(
            "It is allowed directly in a site block, but not in the block of another directive.".to_owned(),
        );
    };
    let before = order[..at].last().map(|name| format!("after `{name}`"));
    let after = order.get(at + 1).map(|name| format!("before `{name}`"));
    let place: Vec<String> = before.into_iter().chain(after).collect();
    Some(format!(
        "It runs {}, wherever you write it. The global option `order` changes this.",
        place.join(" and ")
    ))
}

/// The example of an entry as a whole file, which compiles; modules have none.
pub fn example(entry: &Entry) -> Option<String> {
    let text = entry.example?;
    Some(match entry.what {
        OPTION => format!("{{\n{}}}\n", indented(text)),
        MATCHER => {
            format!("example.com {{\n{}\trespond @example 204\n}}\n", indented(&format!("@example {text}")))
        }
        _ if text.starts_with("&(") => format!("{text}\n"),
        _ => format!("example.com {{\n{}}}\n", indented(text)),
    })
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("\t{line}\n")).collect()
}

/// The page of one subdirective.
pub fn row_page(directives: &Registry, row: &Row) -> String {
    format!("# {}: subdirective\n\n{}", row.name, list(directives, std::slice::from_ref(row), 1))
}

/// The page of a subdirective: one part for each way in which it is read.
fn subdirective(directives: &Registry, name: &str, uses: &[Use]) -> String {
    let mut listed: Vec<(&Row, Vec<String>)> = Vec::new();
    for Use { entry, row } in uses {
        let place = format!("`{}` ({})", entry.name, entry.what);
        match listed.iter_mut().find(|(known, _)| (&known.args, &known.doc) == (&row.args, &row.doc)) {
            Some((_, places)) if places.contains(&place) => {}
            Some((_, places)) => places.push(place),
            None => listed.push((row, vec![place])),
        }
    }
    let parts = listed.iter().map(|(row, places)| {
        format!(
            "\nIn the block of {}:\n\n{}",
            places.join(", "),
            list(directives, std::slice::from_ref(row), 1)
        )
    });
    format!("# {name}: subdirective\n{}", parts.collect::<String>())
}

/// A line for each row, its help below it, and what can stand in its block.
fn list(directives: &Registry, rows: &[Row], indent: usize) -> String {
    let margin = "    ".repeat(indent);
    let mut text = String::new();
    for row in rows {
        text += &format!("{margin}{}", row.syntax());
        text += &format!("\n{margin}    {}\n", row.doc);
        text += &match &row.kind {
            Kind::Module(namespace) => Additions::among(directives.additions(), namespace)
                .map(|module| format!("{margin}        {}\n", module.syntax()))
                .collect(),
            Kind::Word(words) => {
                let words: Vec<&str> = words.iter().map(Text::as_str).collect();
                format!("{margin}        {}\n", words.join(" | "))
            }
            _ => list(directives, row.block(), indent + 2),
        };
    }
    text
}

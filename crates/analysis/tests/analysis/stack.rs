//! What is nested is read with the stack of the thread: a thread with 1 MiB carries the default limits, and deeper input ends
//! in an error, never in an overflow. Measured in a build without optimisation, whose frames are the largest.

use caddyctl_analysis::check::{self, check_json};
use caddyctl_analysis::diff::format::Paint;
use caddyctl_analysis::diff::{Show, Side, compare, format, patch};
use caddyctl_analysis::editor;
use caddyctl_analysis::lint;
use caddyctl_analysis::routes::{self, Table};
use caddyctl_language::compile::compile;
use caddyctl_language::config;
use caddyctl_language::diagnostics::render::{Report, full};
use caddyctl_language::directives;
use caddyctl_language::source::limits::SMALLEST_STACK;
use caddyctl_language::source::{Env, Limits, Memory};
use caddyctl_language::syntax::fmt;

/// A text that is nested so many levels deep.
type Shape = fn(usize) -> String;

/// Caddyfiles, by what is nested in them.
const CADDYFILES: &[(&str, Shape)] = &[
    ("handle", |levels| blocks("", "handle", "respond hi", levels)),
    ("handle with a matcher", |levels| blocks("", "handle /a/*", "respond hi", levels)),
    ("handle_path", |levels| blocks("", "handle_path /a/*", "respond hi", levels)),
    ("route", |levels| blocks("", "route", "respond hi", levels)),
    ("handle_response", |levels| {
        let open = "reverse_proxy b {\nhandle_response {\n".repeat(levels / 2);
        format!("a {{\n{open}respond hi\n{}}}\n", "}\n}\n".repeat(levels / 2))
    }),
    ("not", |levels| blocks("@m ", "not", "path /a", levels)),
    ("snippets that import snippets", |levels| {
        let snippets: String = (0..levels).map(|n| format!("(s{n}) {{\n\timport s{}\n}}\n", n + 1)).collect();
        format!("(s{levels}) {{\n\trespond hi\n}}\n{snippets}a {{\n\timport s0\n}}\n")
    }),
    ("brackets of CEL", |levels| cel("(", "1 == 1", ")", levels)),
    ("lists of CEL", |levels| cel("[", "1", "]", levels)),
    ("calls of CEL", |levels| cel("size(", "'a'", ")", levels)),
    ("elements of CEL", |levels| cel("a[", "1", "]", levels)),
    ("maps of CEL", |levels| cel("{1: ", "1", "}", levels)),
    ("choices of CEL", |levels| cel("true ? 1 : ", "2", "", levels)),
    ("sums of CEL", |levels| cel("1 + ", "2", "", levels)),
    ("negations of CEL", |levels| cel("!(", "true", ")", levels)),
    ("groups of regular expressions", |levels| {
        format!("a {{\n@m path_regexp {}a{}\nrespond @m hi\n}}\n", "(".repeat(levels), ")".repeat(levels))
    }),
    ("open braces", |levels| "{\n".repeat(levels)),
    ("unknown blocks", |levels| blocks("", "nothing", "here", levels)),
];

/// JSON, by what is nested in it.
const JSON: &[(&str, Shape)] = &[
    ("arrays", |levels| "[".repeat(levels) + &"]".repeat(levels)),
    ("objects", |levels| "{\"a\":".repeat(levels) + "1" + &"}".repeat(levels)),
    ("subroutes", |levels| {
        let open = r#"{"handler":"subroute","routes":[{"handle":["#.repeat(levels / 4);
        let routes = format!("{open}{}", "]}]}".repeat(levels / 4));
        format!(r#"{{"apps":{{"http":{{"servers":{{"s":{{"routes":[{{"handle":[{routes}]}}]}}}}}}}}}}"#)
    }),
    ("matchers", |levels| {
        let open = r#"{"not":["#.repeat(levels / 2);
        let sets = format!("{open}{}", "]}".repeat(levels / 2));
        format!(r#"{{"apps":{{"http":{{"servers":{{"s":{{"routes":[{{"match":[{sets}]}}]}}}}}}}}}}"#)
    }),
];

fn blocks(first: &str, head: &str, inner: &str, levels: usize) -> String {
    let open = format!("{head} {{\n").repeat(levels);
    format!("a.example {{\n{first}{open}{inner}\n{}}}\n", "}\n".repeat(levels))
}

fn cel(open: &str, inner: &str, close: &str, levels: usize) -> String {
    let expression = format!("{}{inner}{}", open.repeat(levels), close.repeat(levels));
    format!("a {{\n@m expression `{expression}`\nrespond @m hi\n}}\n")
}

/// All that is done with a Caddyfile.
fn use_caddyfile(text: &str) {
    let (env, files) = (Env::empty(), Memory::new("/srv"));
    let compilation = compile("Caddyfile", text.as_bytes(), &env, &files);
    fmt::format(text.as_bytes());
    editor::outline(text);
    editor::hover(directives::stock(), text, text.len() / 2);
    editor::complete(directives::stock(), text, text.len() / 2, &[]);
    editor::definition(text, text.len() / 2);
    let mut found = compilation.diagnostics.clone();
    found.extend(check::of(&compilation, None));
    found.extend(lint::lint(&compilation, |_| true));
    full::render(&[Report { sources: &compilation.sources, diagnostics: &found }], false);
    if let Some(side) = Side::compiled("old", compilation) {
        use_side(&side);
    }
}

fn use_side(side: &Side) {
    let table = Table::new(side.tree());
    routes::format::json(&table, &side.sources);
    let new = Side::json("new", serde_json::json!([side.whole()]));
    format::text(&compare(side, &new, Show { secrets: false }), Paint::Plain);
    patch::patch(&side.whole(), &new.whole());
}

fn use_json(value: serde_json::Value) {
    check_json(&value, None);
    use_side(&Side::json("old", value));
}

fn read_json(text: &str) {
    if let Ok(value) = config::read(text.as_bytes(), Limits::default().json_levels()) {
        use_json(value);
    }
}

/// The variable that names the one shape to try.
const SHAPE: &str = "CADDYCTL_SHAPE";

/// Runs this test again for each shape, since an overflow ends the process.
#[test]
fn deep_input_ends_in_an_error() {
    if let Ok(shape) = std::env::var(SHAPE) {
        let alone = move || {
            let limits = Limits::default();
            for (_, text) in CADDYFILES.iter().filter(|(name, _)| *name == shape) {
                [limits.depth - 2, limits.depth, 250, 50_000]
                    .map(text)
                    .iter()
                    .for_each(|text| use_caddyfile(text));
            }
            for (_, text) in JSON.iter().filter(|(name, _)| *name == shape) {
                [limits.json_levels() - 12, 50_000].map(text).iter().for_each(|text| read_json(text));
            }
        };
        std::thread::Builder::new().stack_size(SMALLEST_STACK).spawn(alone).unwrap().join().unwrap();
        return;
    }
    let program = std::env::current_exe().unwrap();
    let shapes = CADDYFILES.iter().chain(JSON).map(|(name, _)| name);
    let wrong: Vec<_> = shapes
        .filter(|shape| {
            let mut command = std::process::Command::new(&program);
            command.args(["--exact", "stack::deep_input_ends_in_an_error"]).env(SHAPE, shape);
            !command.output().unwrap().status.success()
        })
        .collect();
    assert!(wrong.is_empty(), "the stack overflows with {wrong:?}");
}

#[test]
fn the_default_limit_is_enough_for_what_people_write() {
    let text = blocks("", "handle", "respond hi", Limits::default().depth - 2);
    let compilation = compile("Caddyfile", text.as_bytes(), &Env::empty(), &Memory::new("/srv"));
    assert!(compilation.is_ok(), "{:?}", compilation.diagnostics);
    let text = blocks("", "handle", "respond hi", Limits::default().depth);
    let compilation = compile("Caddyfile", text.as_bytes(), &Env::empty(), &Memory::new("/srv"));
    let messages: Vec<_> = compilation.diagnostics.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(messages, ["blocks are nested deeper than 64 levels"]);
}

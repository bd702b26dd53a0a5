//! What an editor is sent, text in, text out: each file of `tests/editor` has one or more parts, `#?` marking the question
//! (`complete`, `hover`, `definition`, `outline`) and `‸` the cursor. Beside it stands the answer;
//! `CADDYCTL_BLESS=1 ./test editor::` writes it anew.

use crate::support::bless;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use caddyctl_analysis::editor::{self, Sort, Symbol, Target};
use caddyctl_language::directives;

const CURSOR: char = '‸';

/// The answer to a part: its first line names the question, the rest is the text.
fn answer(part: &str) -> String {
    let (question, marked) = part.split_once('\n').unwrap_or((part, ""));
    let offset = marked.find(CURSOR).unwrap_or(0);
    let text = marked.replace(CURSOR, "");
    let mut out = String::new();
    match question.trim() {
        "complete" => {
            for offer in editor::complete(directives::stock(), &text, offset, &["from-elsewhere".to_owned()])
            {
                let page = editor::page_of(directives::stock(), &offer.text, &offer.detail);
                let is_declared = matches!(offer.sort, Sort::Word | Sort::Module) && offer.text != "import";
                assert_eq!(page.is_some(), is_declared, "{offer:?}");
                let _ = writeln!(
                    out,
                    "{:?} {} | {} | {:?}",
                    offer.sort, offer.text, offer.detail, &text[offer.replaces]
                );
            }
        }
        "hover" => match editor::hover(directives::stock(), &text, offset) {
            Some(output) => {
                let _ = writeln!(out, "of {:?}:\n{}", &text[output.word], output.text.trim_end());
            }
            None => out.push_str("nothing\n"),
        },
        "definition" => {
            let _ = match editor::definition(&text, offset) {
                Some(Target::Here(bytes)) => writeln!(
                    out,
                    "line {}: {:?}",
                    text[..bytes.start].matches('\n').count() + 1,
                    &text[bytes]
                ),
                Some(Target::Import(name)) => writeln!(out, "elsewhere: {name}"),
                None => writeln!(out, "nothing"),
            };
        }
        "outline" => write_outline(&editor::outline(&text), &text, 0, &mut out),
        other => panic!("unknown question `{other}`"),
    }
    out
}

fn write_outline(symbols: &[Symbol], text: &str, depth: usize, out: &mut String) {
    for symbol in symbols {
        let lines = text[symbol.whole.clone()].matches('\n').count() + 1;
        let _ = writeln!(out, "{}{:?} {} ({lines} lines)", "  ".repeat(depth), symbol.kind, symbol.name);
        write_outline(&symbol.inside, text, depth + 1, out);
    }
}

#[test]
fn each_is_answered_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/editor");
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|extension| extension == "caddyfile"));
    names.sort();
    assert!(names.len() >= 4, "{names:?}");
    let mut wrong = String::new();
    for path in names {
        let text = fs::read_to_string(&path).unwrap();
        let mut out = String::new();
        for part in text.split("#? ").skip(1) {
            let _ = write!(out, "#? {part}=>\n{}\n", answer(part));
        }
        let expected = path.with_extension("txt");
        if bless::blessing() {
            fs::write(&expected, &out).unwrap();
        }
        let known = fs::read_to_string(&expected).unwrap_or_default();
        if known != out {
            let _ = writeln!(wrong, "{}:\n{out}", path.display());
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// At no place of any text of the corpus of errors does anything panic.
#[test]
fn every_place_of_every_text_has_an_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    let mut asked = 0;
    for kind in fs::read_dir(folder).unwrap() {
        let kind = kind.unwrap().path();
        let Ok(files) = fs::read_dir(kind) else { continue };
        for file in files {
            let Ok(text) = fs::read_to_string(file.unwrap().path()) else { continue };
            for (offset, _) in text.char_indices().step_by(53).chain([(text.len(), ' ')]) {
                asked += editor::complete(directives::stock(), &text, offset, &[]).len();
                asked += usize::from(editor::hover(directives::stock(), &text, offset).is_some());
                asked += usize::from(editor::definition(&text, offset).is_some());
            }
        }
    }
    assert!(asked > 5_000, "only {asked} answers");
}

//! No input makes the compiler or the formatter panic, hang or run out of stack.

use crate::support::caddy::compile;
use caddyctl_host::Bounded;
use caddyctl_language::source::{Env, Limits, Memory};
use caddyctl_language::syntax::fmt;
use proptest::prelude::*;

fn run(text: &[u8]) -> Option<Vec<u8>> {
    let compilation = compile("Caddyfile", text, &Env::empty(), &Memory::new("/srv"));
    assert_eq!(
        compilation.is_ok(),
        !compilation.diagnostics.iter().any(caddyctl_language::diagnostics::Diagnostic::is_error),
        "a refusal says why"
    );
    for found in &compilation.diagnostics {
        // Every place lies in its text.
        if let Some(label) = &found.primary {
            let _ = compilation.sources.place(label.span);
            assert!(label.span.end as usize <= compilation.sources.file(label.span.file).text().len());
        }
    }
    compilation.json()
}

#[test]
fn ten_thousand_nested_blocks() {
    let run = || std::thread::Builder::new().stack_size(STACK).spawn(deeply_nested).unwrap().join();
    run().unwrap();
}

/// The stack of the program (bytes).
const STACK: usize = 512 * 1024 * 1024;

fn deeply_nested() {
    let depth = 10_000;
    let files = Memory::new("/srv");
    let run = |text: &[u8]| {
        let loader = Bounded::by_limits(&files, Limits::default().with_stack(STACK));
        compile("Caddyfile", text, &Env::empty(), &loader).json()
    };
    let text = format!(":80 {{\n{}respond x\n{}}}\n", "handle {\n".repeat(depth), "}\n".repeat(depth));
    let json = run(text.as_bytes()).expect("Caddy accepts it");
    assert_eq!(json.windows(8).filter(|window| window == b"subroute").count(), depth);
    // One brace less, and the file is refused.
    let text = text.replacen("}\n", "", 2);
    assert_eq!(run(text.as_bytes()), None);
    let _ = fmt::format(text.as_bytes());
}

#[test]
fn very_long_words_and_lines() {
    let long = "x".repeat(3_000_000);
    let json = run(format!(":80 {{\n\trespond {long}\n}}\n").as_bytes()).expect("Caddy accepts it");
    assert!(json.len() > long.len());
    run(format!(":80 {{\n\trespond \"{long}\n}}\n").as_bytes());
    run(format!(":80 {{\n\trespond <<END\n{long}\n").as_bytes());
    run(format!(":80 {{\n{}\n", "{".repeat(100_000)).as_bytes());
    run("import x\n".repeat(2000).as_bytes());
}

#[test]
fn imports_that_grow() {
    // Each snippet imports the one before it twice.
    let mut text = "(s0) {\n\trespond x\n}\n".to_owned();
    for i in 1..12 {
        text += &format!("(s{i}) {{\n\timport s{0}\n\timport s{0}\n}}\n", i - 1);
    }
    text += ":80 {\n\timport s11\n}\n";
    assert!(run(text.as_bytes()).is_some());
    assert!(run(b"(a) {\n\timport a\n}\n:80 {\n\timport a\n}\n").is_none());
}

/// Pieces that matter to the language, and a few that matter to nobody.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "{",
            "}",
            "{}",
            "\n",
            " ",
            "\t",
            "\r\n",
            "\"",
            "`",
            "\\",
            "#",
            "<<E",
            "E",
            "import",
            "(s)",
            "&(r)",
            "(s){",
            "&(r){",
            "example.com{",
            "@m",
            "{$X}",
            "{$X:y}",
            "{args[0]}",
            "{args[:]}",
            "{block}",
            "{blocks.a}",
            "example.com",
            ":80",
            "http://",
            ",",
            "respond",
            "handle",
            "route",
            "tls",
            "internal",
            "reverse_proxy",
            "header",
            "log",
            "{host}",
            "*",
            "/a",
            "-",
            "\u{feff}",
            "\u{a0}",
            "é",
            "🦀",
            "\0",
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,6}",
        any::<char>().prop_map(String::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_words(pieces in prop::collection::vec(piece(), 0..60), blanks in prop::collection::vec(any::<bool>(), 60)) {
        let text: String = pieces.iter().zip(&blanks).map(|(piece, blank)| format!("{piece}{}", if *blank { " " } else { "" })).collect();
        run(text.as_bytes());
        let _ = fmt::format(text.as_bytes());
        let _ = fmt::first_difference(text.as_bytes());
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        run(&bytes);
        let _ = fmt::format(&bytes);
    }
}

//! Short texts that stand for gigabytes, and what is nested more deeply than a stack: each ends soon, in little memory, with
//! its result or with an error that names the limit.
//!
//! The program runs with 900 MB of address space, of which its stack takes 512, and with 20 seconds of processor time, where
//! it needs a tenth of that in a build without optimisation.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

mod depth;
mod editor;
mod files;

const PROGRAM: &str = env!("CARGO_BIN_EXE_caddyctl");

/// Runs the program in `folder` within the limits.
fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    // The language server has several stacks, of which only what is used takes memory.
    let space = if arguments[0] == "lsp" { 2_500_000 } else { 900_000 };
    let mut child = Command::new("sh")
        .args(["-c", &format!("ulimit -v {space}; ulimit -t 20; ulimit -c 0; exec \"$@\""), "sh", PROGRAM])
        .args(arguments)
        .current_dir(folder)
        .env("X", "x".repeat(100_000))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// The exit status, and all that was printed. A run that was killed or that panicked is no result.
fn result(folder: &Path, arguments: &[&str], input: &str) -> (i32, String) {
    let output = run(folder, arguments, input);
    let printed =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let start: String = printed.chars().take(500).collect();
    let status = output.status.code();
    assert!(status.is_some_and(|status| status < 3), "{arguments:?}: {}: {start}", output.status);
    (status.unwrap_or_default(), printed)
}

/// A folder with `text` as its Caddyfile.
fn folder(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Caddyfile"), text).unwrap();
    fs::write(folder.path().join("small"), "a.example {\n\trespond x\n}\n").unwrap();
    folder
}

const ALL: &[&[&str]] = &[
    &["adapt"],
    &["validate"],
    &["validate", "--format", "sarif"],
    &["routes"],
    &["routes", "--format", "html"],
    &["diff", "small", "Caddyfile"],
    &["diff", "Caddyfile", "small", "--format", "markdown"],
];

/// Every command refuses `text` with `message`.
fn all_refuse(text: &str, message: &str) {
    let folder = folder(text);
    for arguments in ALL {
        let (status, printed) = result(folder.path(), arguments, "");
        assert!(
            status > 0 && printed.contains(message),
            "{arguments:?}: {}",
            &printed[..printed.len().min(500)]
        );
    }
}

#[test]
fn products() {
    let words =
        |number: usize, word: fn(usize) -> String| (0..number).map(word).collect::<Vec<_>>().join(" ");
    let hosts = words(2_000, |number| format!("a{number}.example,"));
    let addresses = words(2_000, |number| format!("10.0.{}.{}", number / 250, number % 250));
    all_refuse(
        &format!("{hosts} z {{\nbind {addresses}\n}}\n"),
        "on each of their listeners are more than 200,000",
    );
    let sites: String = (0..2_000).map(|number| format!("a{number}.example {{\n}}\n")).collect();
    let binds = format!("{{\ndefault_bind {addresses}\n}}\n{sites}");
    all_refuse(&binds, "on each of their listeners are more than 200,000");
    let ports = words(2_000, |number| format!("a.example:{},", number + 1));
    let routes: String = (0..2_000).map(|number| format!("respond /{number} x\n")).collect();
    let message = "the handlers of sites on each of their listeners are more than 200,000";
    all_refuse(&format!("{ports} z {{\n{routes}}}\n"), message);
    let logs: String = (0..2_000).map(|number| format!("log l{number}\n")).collect();
    all_refuse(&format!("{hosts} z {{\n{logs}}}\n"), "in each of their logs are more than 200,000");
    let paths = words(5_000, |number| format!("/{number}"));
    let uses = "respond @m x\n".repeat(1_000);
    all_refuse(
        &site(&format!("@m path {paths}\n{uses}")),
        "the matchers that are used have more than 200,000",
    );
    let destinations = words(2_000, |number| format!("{{d{number}}}"));
    let lines: String = (0..2_000).map(|number| format!("{number} y\n")).collect();
    let map = format!("map {{host}} {destinations} {{\n{lines}}}");
    all_refuse(&site(&map), "with an output for each destination have more than 200,000");
}

/// Every command takes `text`, and says something of less than `most` bytes.
fn all_take(text: &str, most: usize) {
    let folder = folder(text);
    for arguments in ALL {
        let (status, printed) = result(folder.path(), arguments, "");
        let is_difference = arguments[0] == "diff" && status == 1;
        assert!(status == 0 || is_difference, "{arguments:?}: {}", &printed[..printed.len().min(500)]);
        // SARIF carries the pages of all rules, about 180 kB.
        let most = if arguments.contains(&"sarif") { most + 190_000 } else { most };
        assert!(printed.len() < most, "{arguments:?}: {} bytes", printed.len());
    }
}

/// A site with `body`.
fn site(body: &str) -> String {
    format!("a.example {{\n{body}\n}}\n")
}

/// Snippets `s0`, which is `last`, to `sN`, each of which is `body` with the name before it for `@`.
fn chain(number: usize, body: &str, last: &str) -> String {
    let mut out = format!("(s0) {{\n{last}\n}}\n");
    for index in 1..=number {
        out += &format!("(s{index}) {{\n{}\n}}\n", body.replace('@', &format!("s{}", index - 1)));
    }
    out
}

#[test]
fn imports_that_multiply_words() {
    let twice = chain(24, "import @\nimport @", "respond x") + &site("import s24");
    all_refuse(&twice, "imports expand to more than 400,000 words");
    let nothing = chain(30, "import @\nimport @", "") + &site("import s30");
    all_refuse(&nothing, "imports expand to more than 400,000 words");
    let arguments = chain(26, "import @ {args[:]} {args[:]}", "respond {args[0]}") + &site("import s26 x");
    all_refuse(&arguments, "imports expand to more than 400,000 words");
    let block = chain(26, "import @ {\n{block}\n{block}\n}", "{block}") + &site("import s26 {\nrespond x\n}");
    all_refuse(&block, "imports expand to more than 400,000 words");
    let named = "import @ {\nx {\n{blocks.x}\n{blocks.x}\n}\n}";
    let named = chain(26, named, "{blocks.x}") + &site("import s26 {\nx {\nrespond x\n}\n}");
    all_refuse(&named, "imports expand to more than 400,000 words");
}

#[test]
fn imports_that_multiply_text() {
    let joined = chain(34, "import @ {args[0]}{args[0]}", "respond {args[0]}") + &site("import s34 ab");
    all_refuse(&joined, "imports expand to more than 16,777,216 bytes of text");
    let one_word = format!("(s) {{\nrespond {}\n}}\n", "{args[0]}".repeat(5_000));
    all_refuse(&(one_word + &site(&format!("import s {}", "a".repeat(50_000)))), "bytes of text");
    let long = format!("(s) {{\nrespond {}\n}}\n", "x".repeat(50_000));
    all_refuse(&(long + &site(&"import s\n".repeat(4_000))), "bytes of text");
}

#[test]
fn files_that_multiply_words() {
    let folder = folder(&site(&"import many\n".repeat(2_000)));
    fs::write(folder.path().join("many"), "header a b\n".repeat(1_000)).unwrap();
    let (status, printed) = result(folder.path(), &["adapt"], "");
    assert!(status == 1 && printed.contains("imports expand to more than 400,000 words"));
    assert!(printed.contains("Caddyfile:") && printed.contains("--raise-limits"), "{printed}");
}

#[test]
fn a_flag_raises_the_limits() {
    let folder = folder(&(chain(16, "import @\nimport @", "header a b") + &site("import s16")));
    assert_eq!(result(folder.path(), &["adapt"], "").0, 1);
    let (status, printed) = result(folder.path(), &["adapt", "--raise-limits", "3"], "");
    assert_eq!(status, 0, "{}", &printed[..printed.len().min(500)]);
    assert_eq!(result(folder.path(), &["adapt", "--raise-limits", "0"], "").0, 2);
}

#[test]
fn a_large_text_may_bring_more() {
    let many = |number| format!("site{number}.example.com {{\n\timport common\n}}\n");
    let common = format!("(common) {{\n{}}}\n", "\theader a b\n".repeat(60));
    let text = common + &(0..4_000).map(many).collect::<String>();
    let folder = folder(&text);
    assert_eq!(result(folder.path(), &["adapt"], "").0, 0);
}

#[test]
fn values_of_variables() {
    all_refuse(
        &site(&format!("respond \"{}\"", "{$X}".repeat(20_000))),
        "the values of variables make this file too long",
    );
    let folder = folder(&site("import other"));
    fs::write(folder.path().join("other"), "respond {$X}\n".repeat(5_000)).unwrap();
    let (status, printed) = result(folder.path(), &["validate"], "");
    assert!(status == 1 && printed.contains("too long") && printed.contains("--> other:"), "{printed}");
}

#[test]
fn ranges_of_ports() {
    let many: String =
        (0..200).map(|number| format!("reverse_proxy /{number} h{number}:1-65535\n")).collect();
    all_refuse(&site(&many), "port ranges give more than 100,000 upstreams");
    let to: String = (0..200).map(|number| format!("to h{number}:1-65535\n")).collect();
    all_refuse(&site(&format!("reverse_proxy {{\n{to}}}")), "port ranges give more than 100,000 upstreams");
    let folder = folder(&site("reverse_proxy a:1-65535\nreverse_proxy /x b:1-65535"));
    assert_eq!(result(folder.path(), &["adapt"], "").0, 1);
    assert_eq!(result(folder.path(), &["adapt", "--raise-limits", "2"], "").0, 0);
    all_take(&site("reverse_proxy a:1-65535"), 40_000_000);
}

fn nested(levels: usize, opening: &str, inside: &str) -> String {
    site(&format!("{}{inside}\n{}", format!("{opening} {{\n").repeat(levels), "}\n".repeat(levels)))
}

#[test]
fn nested_blocks() {
    all_take(&nested(500, "handle", "respond x"), 100_000);
    all_take(&nested(6_000, "handle", "respond x"), 2_000_000);
    all_take(&nested(2_000, "route", "respond x"), 2_000_000);
}

#[test]
fn nested_blocks_with_matchers_and_handlers() {
    all_take(&nested(500, "handle /a*", "respond x"), 2_000_000);
    let each = format!("{}{}", "handle /a* {\nrespond /b x\n".repeat(3_000), "}\n".repeat(3_000));
    let folder = folder(&site(&each));
    assert_eq!(result(folder.path(), &["adapt"], "").0, 0);
    for arguments in [&["routes"][..], &["diff", "small", "Caddyfile"]] {
        let (status, printed) = result(folder.path(), arguments, "");
        assert_eq!(status, 2);
        assert!(printed.contains("Caddyfile:1: the table of routes would have more than "), "{printed}");
        assert!(printed.contains("--raise-limits"), "{printed}");
    }
}

#[test]
fn named_routes_that_invoke_each_other_twice() {
    let route = |number: usize| match number.checked_sub(1) {
        Some(before) => format!("&(r{number}) {{\ninvoke r{before}\ninvoke r{before}\n}}\n"),
        None => "&(r0) {\nrespond x\n}\n".to_owned(),
    };
    let text = (0..30).map(route).collect::<String>() + &site("invoke r29");
    let folder = folder(&text);
    assert_eq!(result(folder.path(), &["validate"], "").0, 0);
    for arguments in [&["routes"][..], &["diff", "small", "Caddyfile"]] {
        result(folder.path(), arguments, "");
    }
}

#[test]
fn long_words_in_messages() {
    let word = "a".repeat(90_000);
    let texts = [
        site(&word),
        site(&format!("respond @{word} x")),
        site(&format!("reverse_proxy {word}:x")),
        site(&format!("import {word}")),
        site(&format!("basic_auth {word}")),
        format!("{word}:x {{\n}}\n"),
        format!("ftp://{word} {{\n}}\n"),
        format!("({word}) {{\n}}\n({word}) {{\n}}\n"),
        site(&format!("@m path_regexp ({word}\nrespond @m x")),
        site(&format!("@m expression `{word}(`\nrespond @m x")),
        site(&format!("tls {{\ndns {word}\n}}")),
        site(&format!("encode {word}")),
    ];
    // SARIF carries the pages of all rules.
    let small = folder(&site("respond x"));
    let pages = result(small.path(), &["validate", "--format", "sarif"], "").1.len();
    for text in texts {
        let folder = folder(&text);
        for format in ["full", "concise", "json", "github", "gitlab", "junit", "rdjson", "sarif"] {
            let (status, printed) = result(folder.path(), &["validate", "--format", format], "");
            let start: String = text.chars().take(30).collect();
            let most = 40_000 + if format == "sarif" { pages } else { 0 };
            // Caddy takes the port `x`, so that one of them is no error.
            assert!(status < 2 && printed.len() < most, "{start}: {format}: {} bytes", printed.len());
        }
    }
}

#[test]
fn characters_without_end() {
    let texts = [
        "{".repeat(100_000),
        "{\n".repeat(15_000),
        "a {\n".repeat(25_000),
        "}\n".repeat(15_000),
        "\"".repeat(100_000),
        "\"\n".repeat(20_000),
        "`".repeat(99_999),
        "\\".repeat(100_000),
        "\\\n".repeat(50_000),
        "{$X:".repeat(25_000),
        "<<A\n".repeat(25_000),
        ",".repeat(100_000),
        "a, ".repeat(30_000),
        "\0".repeat(100_000),
        site(&format!("@m {}path /x\nrespond @m x", "not ".repeat(20_000))),
        site(&format!("import {}", "*".repeat(90_000))),
        format!("(s) {{\nrespond \"{}\"\n}}\n{}", "{ab".repeat(30_000) + "}", site("import s x")),
    ];
    for text in texts {
        let folder = folder(&text);
        for arguments in
            [&["adapt"][..], &["validate"], &["fmt", "Caddyfile"], &["diff", "small", "Caddyfile"]]
        {
            result(folder.path(), arguments, "");
        }
    }
}

#[test]
fn faults_that_imports_repeat() {
    let text = chain(15, "import @\nimport @", "respnd x\nheader a {args[5]}") + &site("import s15");
    let folder = folder(&text);
    for arguments in [&["adapt"][..], &["validate"], &["validate", "--format", "json"]] {
        let (status, printed) = result(folder.path(), arguments, "");
        assert!(status == 1 && printed.len() < 1_000_000, "{} bytes", printed.len());
    }
}

#[test]
fn each_route_prints_a_long_matcher() {
    let paths: String = (0..4_000).map(|number| format!(" /{number}")).collect();
    let routes: String = (0..2_000).map(|number| format!("respond /{number} x\n")).collect();
    let fields: String = (0..4_000).map(|number| format!("a{number} b\n")).collect();
    for directive in [format!("handle @m {{\n{routes}}}"), format!("header @m {{\n{fields}}}")] {
        let folder = folder(&site(&format!("@m path{paths}\n{directive}")));
        assert_eq!(result(folder.path(), &["validate"], "").0, 0);
        for arguments in [&["routes"][..], &["diff", "small", "Caddyfile"]] {
            let (status, printed) = result(folder.path(), arguments, "");
            assert!(status == 2 && printed.contains("values of a matcher around it"), "{printed}");
        }
    }
}

#[test]
fn all_routes_of_a_site_change() {
    let text = |what: &str| -> String {
        (0..1_000).map(|number| format!("{what} /{}{number} x\n", &what[..1])).collect()
    };
    for (old, new) in [("respond", "redir"), ("php_fastcgi", "respond"), ("header", "rewrite")] {
        let folder = folder(&site(&text(old)));
        fs::write(folder.path().join("other"), site(&text(new))).unwrap();
        assert_eq!(result(folder.path(), &["diff", "other", "Caddyfile"], "").0, 1);
    }
}

#[test]
fn words_that_are_looked_at_from_each_of_their_letters() {
    all_take(&site(&format!("respond {}", "{".repeat(90_000))), 200_000);
    let protocols = format!("@m protocol {}\nrespond @m x", "http ".repeat(18_000));
    let folder = folder(&site(&protocols));
    assert_eq!(result(folder.path(), &["validate"], "").0, 1);
}

#[test]
fn what_is_not_compared_is_reported() {
    let paths = |number: usize| (0..40).map(|path| format!(" /{number}/{path}/*")).collect::<String>();
    let route = |number| format!("@m{number} path{}\nrespond @m{number} x\n", paths(number));
    let routes: String = (0..400).map(route).collect();
    let folder = folder(&site(&routes));
    for arguments in [&["routes"][..], &["diff", "small", "Caddyfile"]] {
        let (_, printed) = result(folder.path(), arguments, "");
        assert!(printed.contains("note: too many matchers to compare all of them"), "{arguments:?}");
    }
}

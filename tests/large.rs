//! Caddyfiles with hundreds of sites: the real Caddy's bytes, wherever the names stand that are numbered over the whole
//! file, and all errors and findings.

use crate::support::caddy;
use crate::support::caddy::compile;

use std::fmt::Write as _;
use std::fs;

use caddyctl_analysis::lint::{all, lint};
use caddyctl_host::Disk;
use caddyctl_language::diagnostics::Diagnostic;
use caddyctl_language::source::{Env, Memory};

const SITES: usize = 700;

/// What a site is padded with, so that the file is large.
const PADDING: &str =
    "\theader X-Padding \"a value that makes this site as long as sites usually are, or nearly so\"\n";

fn file(site: impl Fn(usize) -> String) -> String {
    let mut text =
        "(common) {\n\tencode gzip\n\t{args[0]} {args[1]}\n}\n&(named) {\n\trespond named\n}\n".to_owned();
    for number in 0..SITES {
        let _ = write!(text, "s{number}.example.com {{\n{PADDING}{}}}\n", site(number));
    }
    text
}

fn numbered(number: usize) -> String {
    let certificate = number % 7;
    format!(
        "\tlog\n\tlog {{\n\t\toutput file /tmp/{number}.log\n\t}}\n\ttls c{certificate}.pem k{certificate}.pem\n\thandle /a {{\n\t\thandle /b {{\n\t\t\trespond 1\n\t\t}}\n\t\thandle {{\n\t\t\trespond 2\n\t\t}}\n\t}}\n\trewrite /c /d\n"
    )
}

fn plain(number: usize) -> String {
    format!(
        "\timport common reverse_proxy 10.0.0.1:{}\n\thandle /x {{\n\t\tinvoke named\n\t}}\n",
        1000 + number
    )
}

#[test]
fn the_bytes_of_caddy() {
    type Where = fn(usize) -> bool;
    let wheres: [(&str, Where); 6] = [
        ("nowhere", |_| false),
        ("everywhere", |_| true),
        ("first", |number| number < 10),
        ("last", |number| number > SITES - 10),
        ("both ends", |number| !(10..SITES - 10).contains(&number)),
        ("here and there", |number| number % 97 == 5),
    ];
    for (name, is_numbered) in wheres {
        let text = file(|number| if is_numbered(number) { numbered(number) } else { plain(number) });
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Caddyfile"), &text).unwrap();
        let ours = compile("./Caddyfile", text.as_bytes(), &Env::empty(), &Disk::new(folder.path()));
        let theirs = caddy::adapt(folder.path(), &[]).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
        let ours = ours.json().unwrap_or_else(|| panic!("{name}: {:?}", ours.diagnostics));
        assert!(ours == theirs.trim_ascii_end(), "{name}: other bytes than Caddy's");
    }
}

#[test]
fn all_errors() {
    for has_numbers in [false, true] {
        let text = file(|number| match number {
            3 | 650 => "\trespnd early\n".to_owned(),
            690 => "\timport common file_servr browse\n".to_owned(),
            _ if has_numbers && number % 50 == 0 => numbered(number),
            _ => plain(number),
        });
        let compilation = compile("Caddyfile", text.as_bytes(), &Env::empty(), &Memory::new("/"));
        let found: Vec<_> = compilation
            .diagnostics
            .iter()
            .filter(|fault| fault.is_error())
            .map(|fault| (fault.message.as_str(), fault.trail.len()))
            .collect();
        let expected = [
            ("unknown directive `file_servr`", 1),
            ("unknown directive `respnd`", 0),
            ("unknown directive `respnd`", 0),
        ];
        let mut sorted = found.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, expected, "numbers: {has_numbers}");
    }
}

/// All rules together find what each of them finds alone.
#[test]
fn the_findings_of_each_rule() {
    let text = file(|number| match number % 3 {
        0 => numbered(number),
        1 => format!(
            "\thandle_path /api* {{\n\t\treverse_proxy https://0.0.0.0:{number}\n\t}}\n\theader X-XSS-Protection 1\n"
        ),
        _ => plain(number),
    });
    let compilation = compile("Caddyfile", text.as_bytes(), &Env::empty(), &Memory::new("/"));
    assert!(compilation.is_ok());
    let written = |found: Vec<Diagnostic>| {
        let mut all: Vec<_> = found.iter().map(|found| format!("{found:?}")).collect();
        all.sort_unstable();
        all
    };
    let together = written(lint(&compilation, |_| true));
    let apart = all().flat_map(|rule| lint(&compilation, |other| other.code == rule.code)).collect();
    assert!(together.len() > SITES / 2, "{} findings", together.len());
    assert_eq!(together, written(apart));
}

//! A session reports about each version of a text what a new one would report.

use caddyctl_analysis::session::Session;
use caddyctl_language::source::{Env, Memory};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Lines that stand in sites: sound ones, faults of each stage, and those that other sites meet.
const LINES: &[&str] = &[
    "respond hello",
    "respond 404 hello",
    "respnd hello",
    "reverse_proxy localhost:8080",
    "reverse_proxy 0.0.0.0:80",
    "reverse_proxy localhost:1-9",
    "header Field: value",
    "handle / {\n\t\trespond x\n\t}",
    "@x path_regexp (",
    "@y path /y*",
    "respond @y y",
    "respond @none z",
    "redir https://{host}{uri}",
    "redir https://b.example{uri}",
    "basic_auth {\n\t\tme notahash\n\t}",
    "import common",
    "import common again",
    "import none",
    "import lines.conf",
    "invoke shared",
    "tls internal",
    "tls {\n\t\tprotocols tls1.9\n\t}",
    "log {\n\t\toutput file /var/log/a.log\n\t}",
    "log {\n\t\toutput file {$UNSET}.log\n\t}",
    "bind 127.0.0.1",
    "encode gzip",
    "reverse_proxy localhost:1 {\n\t\tflush_interval -1\n\t}",
    "# caddyctl: allow S a reason",
    "respond \"open",
    "respond `open",
    "respond <<END\n\ttext\n\tEND",
    "}",
    "{",
    "",
];

const HEADS: &[&str] = &[
    "a.example",
    "b.example",
    "http://b.example",
    "c.example, d.example",
    "*.e.example",
    ":8080",
    "a.example:8443",
    "localhost",
];

const DEFINITIONS: &str =
    "(common) {\n\t@in path /in*\n\theader X-A {args[0]}\n}\n&(shared) {\n\trespond s\n}\n";

const OPTIONS: &[&str] =
    &["", "{\n\temail a@example.com\n}\n", "{\n\tauto_https off\n}\n", "{\n\tgrace_period 3s\n}\n"];

prop_compose! {
    fn site()(head in select(HEADS), lines in prop::collection::vec(select(LINES), 0..5)) -> String {
        format!("{head} {{\n{}}}\n", lines.iter().map(|line| format!("\t{line}\n")).collect::<String>())
    }
}

const SOUND: &[&str] =
    &["respond hello", "reverse_proxy 0.0.0.0:80", "import common x", "header Field: value", "encode gzip"];

/// Mostly sites that compile, so that there is something to carry over.
fn sound_site() -> impl Strategy<Value = String> {
    (0..40_u32, prop::collection::vec(select(SOUND), 1..4)).prop_map(|(number, lines)| {
        let lines: String = lines.iter().map(|line| format!("\t{line}\n")).collect();
        format!("s{number}.example {{\n{lines}}}\n")
    })
}

const TYPED: &[char] = &['x', '{', '}', '"', '\n', ' ', '#', 'é'];

/// What is done to a text.
#[derive(Clone, Debug)]
enum Edit {
    /// A line takes the place of another.
    Line(Index, &'static str),
    /// A line comes before another.
    Insert(Index, &'static str),
    /// A line goes.
    Delete(Index),
    /// A character is typed.
    Type(Index, char),
    /// A character goes.
    Erase(Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        3 => (any::<Index>(), select(LINES)).prop_map(|(at, line)| Edit::Line(at, line)),
        3 => (any::<Index>(), select(LINES)).prop_map(|(at, line)| Edit::Insert(at, line)),
        2 => any::<Index>().prop_map(Edit::Delete),
        2 => (any::<Index>(), select(TYPED))
            .prop_map(|(at, typed)| Edit::Type(at, typed)),
        1 => any::<Index>().prop_map(Edit::Erase),
    ]
}

impl Edit {
    fn apply(&self, text: &str) -> String {
        if text.is_empty() {
            return "a.example\n".to_owned();
        }
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let chars: Vec<char> = text.chars().collect();
        let typed = |from: usize, to: usize, new: Option<char>| {
            chars[..from].iter().copied().chain(new).chain(chars[to..].iter().copied()).collect::<String>()
        };
        match self {
            Self::Line(at, line) => {
                let at = at.index(lines.len());
                lines[at] = format!("\t{line}");
            }
            Self::Insert(at, line) => lines.insert(at.index(lines.len()), format!("\t{line}")),
            Self::Delete(at) => drop(lines.remove(at.index(lines.len()))),
            Self::Type(at, new) => {
                let at = at.index(chars.len());
                return typed(at, at, Some(*new));
            }
            Self::Erase(at) => {
                let at = at.index(chars.len());
                return typed(at, at + 1, None);
            }
        }
        lines.into_iter().map(|line| line + "\n").collect()
    }
}

fn disk() -> Memory {
    let mut disk = Memory::new("");
    disk.add("lines.conf", "header X-B b\nrespond 404 swapped\n");
    disk
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn each_version_is_reported_as_if_it_were_the_first(
        options in select(OPTIONS),
        sites in prop::collection::vec(prop_oneof![6 => sound_site(), 1 => site()], 1..6),
        edits in prop::collection::vec(edit(), 1..8),
    ) {
        let (env, disk) = (Env::empty(), disk());
        let mut text = format!("{options}{DEFINITIONS}{}", sites.concat());
        let mut session = Session::new("Caddyfile", &env, &disk);
        session.update(&text);
        for edit in edits {
            text = edit.apply(&text);
            let found = session.update(&text);
            let wanted = Session::new("Caddyfile", &env, &disk).update(&text);
            prop_assert_eq!(&found.diagnostics, &wanted.diagnostics, "after {:?}:\n{}", edit, text);
            prop_assert_eq!(found.sources.iter().next().map(|(_, file)| file.text().to_owned()), Some(text.clone()));
        }
    }
}

/// A line of the last site is typed, character by character.
#[test]
fn what_is_typed_into_a_site_changes_what_is_found_there() {
    let (env, disk) = (Env::empty(), disk());
    let site =
        |number: usize, lines: &str| format!("s{number}.example {{\n\theader Field: value\n{lines}}}\n");
    let others: String = (0..5).map(|number| site(number, "\trespond x\n")).collect();
    let mut session = Session::new("Caddyfile", &env, &disk);
    let mut counts = Vec::new();
    for length in 0.."respond 404 hello".len() {
        let typed = &"respond 404 hello"[..length];
        let text = format!("{others}{}{}", site(6, &format!("\t{typed}\n")), site(7, "\trespond y\n"));
        let found = session.update(&text);
        let wanted = Session::new("Caddyfile", &env, &disk).update(&text);
        assert_eq!(found.diagnostics, wanted.diagnostics, "{typed}");
        counts.push(found.diagnostics.len());
    }
    assert!(counts.windows(2).any(|pair| pair[0] != pair[1]), "{counts:?}");
}

/// A line at fault leaves the rest of its site in force, and another site may contradict that.
/// Where the last block is not closed, the warning depends on the whole text: with an error anywhere, it is left out.
#[test]
fn a_file_that_ends_inside_a_block_is_reported_as_a_whole() {
    let (env, disk) = (Env::empty(), disk());
    let open = "b.example {\n\trespond y\n\tbasic_auth {\n\t\tme x\n\t}\n";
    let mut session = Session::new("Caddyfile", &env, &disk);
    let warned = session.update(&format!("a.example {{\n\trespond x\n}}\n{open}"));
    assert!(warned.diagnostics.iter().any(|found| found.code.id == "E0003"), "{:?}", warned.diagnostics);
    let text = format!("a.example {{\n\txrespond x\n}}\n{open}");
    let (found, wanted) = (session.update(&text), Session::new("Caddyfile", &env, &disk).update(&text));
    assert_eq!(found.diagnostics, wanted.diagnostics);
}

#[test]
fn a_site_with_a_fault_is_still_compared_with_the_others() {
    let (env, disk) = (Env::empty(), disk());
    let other = "s1.example:8443 {\n\trespond x\n}\n";
    let mut session = Session::new("Caddyfile", &env, &disk);
    session.update(&format!("s1.example {{\n\trespond x\n}}\n{other}"));
    let text = format!("s1.example {{\n\trespnd x\n\ttls internal\n}}\n{other}");
    let found = session.update(&text);
    let wanted = Session::new("Caddyfile", &env, &disk).update(&text);
    assert_eq!(wanted.diagnostics.len(), 2, "{:?}", wanted.diagnostics);
    assert_eq!(found.diagnostics, wanted.diagnostics);
}

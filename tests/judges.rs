//! Files that are composed from the definitions of plugins, compiled here and by builds of Caddy that have these plugins: the
//! same bytes, or a refusal from both. `tests/judges/set-up` makes the builds; a build that is not there is listed as left out.
//!
//! A long run: `CADDYCTL_FILES=5000 CADDYCTL_SEED=1 cargo test --test all -- judges:: --nocapture`.

#![allow(clippy::print_stdout, reason = "scores are what a reader of the log looks for")]

use crate::support::caddy::of_version;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use caddyctl_language::compile::compile_with;
use caddyctl_language::lower::Registry;
use caddyctl_language::plugins::{self, Request};
use caddyctl_language::source::{Env, Memory};
use toml::{Table, Value};

use crate::generate::{Random, VARIABLES};
use crate::support::judge::Judge;

/// The packages of each build that have definitions with rows.
const BUILDS: &[(&str, &[&str])] = &[
    (
        "dns",
        &[
            "github.com/aksdb/caddy-cgi/v2",
            "github.com/caddy-dns/acmedns",
            "github.com/caddy-dns/cloudflare",
            "github.com/caddy-dns/duckdns",
            "github.com/caddy-dns/route53",
            "github.com/mholt/caddy-ratelimit",
        ],
    ),
    (
        "apps",
        &[
            "github.com/caddyserver/cache-handler",
            "github.com/dunglas/mercure/caddy",
            "github.com/pberkel/caddy-storage-redis",
        ],
    ),
];

/// The files of a usual run.
const USUAL: u64 = 300;

/// What composes files from one definition.
struct Composer {
    random: Random,
    shared: BTreeMap<String, Vec<Table>>,
}

fn tables(table: &Table, key: &str) -> Vec<Table> {
    let list = table.get(key).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|item| item.as_table().cloned()).collect()
}

fn text<'t>(table: &'t Table, key: &str) -> &'t str {
    table.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn names(table: &Table) -> Vec<String> {
    let all = table.get("words").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    all.chain(table.get("word").and_then(Value::as_str)).map(str::to_owned).collect()
}

impl Composer {
    fn new(seed: u64, file: &Table) -> Self {
        let shared = tables(file, "rows")
            .into_iter()
            .map(|rows| (text(&rows, "name").to_owned(), tables(&rows, "rows")));
        Self { random: Random::new(seed), shared: shared.collect() }
    }

    fn one<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        (!all.is_empty()).then(|| all[self.random.below(all.len())].clone())
    }

    /// A whole file with a word of the definition.
    fn file(&mut self, definition: &Table) -> String {
        let kinds = ["directive", "option", "matcher", "module"];
        let words: Vec<(&str, Table)> = kinds
            .iter()
            .flat_map(|kind| tables(definition, kind).into_iter().map(|word| (*kind, word)))
            .collect();
        let usable = |(kind, word): &(&str, Table)| {
            !word.contains_key("opaque") && (*kind != "module" || place_of(text(word, "slot")).is_some())
        };
        let words: Vec<_> = words.into_iter().filter(usable).collect();
        let Some((kind, word)) = self.one(&words) else { return String::new() };
        let name = text(&word, "name").to_owned();
        let count = if self.random.one_in(8) { 2 } else { 1 };
        let written: Vec<String> = (0..count).map(|_| self.word(&name, &word)).collect();
        match kind {
            "directive" => {
                let matcher = if self.random.one_in(4) { " /x*" } else { "" };
                let lines = written.iter().map(|line| format!("{name}{matcher}{}\n", &line[name.len()..]));
                let lines: String = lines.collect();
                match self.random.below(3) {
                    0 => format!(":80 {{\nroute {{\n{lines}}}\n}}\n"),
                    1 => format!(":80 {{\n{lines}respond hi\n}}\n"),
                    _ => format!(":80 {{\nhandle /y {{\n{lines}}}\n}}\n"),
                }
            }
            "option" => format!("{{\n{}\n}}\n:80 {{\nrespond hi\n}}\n", written.join("\n")),
            "matcher" => format!(":80 {{\n@m {}\nrespond @m hi\n}}\n", written[0]),
            _ => {
                let (before, after) = place_of(text(&word, "slot")).unwrap_or_default();
                format!("{before}{}\n{after}", written[0])
            }
        }
    }

    /// A word with its values and its block.
    fn word(&mut self, name: &str, body: &Table) -> String {
        let mut line = name.to_owned();
        for arg in tables(body, "args") {
            if (arg.contains_key("optional") && self.random.one_in(2)) || self.random.one_in(12) {
                break;
            }
            let value = self.values(&arg);
            line += &value;
        }
        line += self.further();
        let mut rows = tables(body, "rows");
        for of in
            body.get("rows_of").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
        {
            rows.extend(self.shared.get(of).cloned().unwrap_or_default());
        }
        if !self.random.one_in(8) && (!rows.is_empty() || self.random.one_in(6)) {
            line += &self.block(&rows, 0);
        }
        line
    }

    /// A block with some of the rows, in any order.
    fn block(&mut self, rows: &[Table], depth: usize) -> String {
        let mut block = " {\n".to_owned();
        for _ in 0..self.random.below(5) {
            if self.random.one_in(20) {
                block += "nosuch x\n";
                continue;
            }
            let Some(row) = self.one(rows) else { continue };
            let line = self.row(&row, depth);
            block += &line;
            block.push('\n');
        }
        block + "}"
    }

    fn row(&mut self, row: &Table, depth: usize) -> String {
        let mut line = self.one(&names(row)).unwrap_or_default();
        let mut rows = tables(row, "rows");
        for of in row.get("rows_of").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
        {
            rows.extend(self.shared.get(of).cloned().unwrap_or_default());
        }
        let kind = text(row, "is");
        let has_body =
            matches!(kind, "block" | "map" | "objects" | "values") || (kind == "lines" && !rows.is_empty());
        if !has_body {
            if !self.random.one_in(10) {
                line += &self.values(row);
            }
            line += self.further();
            return line;
        }
        if kind == "map" {
            line += &format!(" n{}", self.random.below(2));
        }
        for arg in tables(row, "args") {
            if self.random.one_in(4) {
                break;
            }
            line += &self.values(&arg);
        }
        line += self.further();
        if kind == "lines" {
            line += " {\n";
            for number in 0..self.random.below(3) {
                line += &format!("k{number}{}\n", self.block(&rows, depth + 1));
            }
            return line + "}";
        }
        if kind != "values" && depth < 6 && !self.random.one_in(6) {
            line += &self.block(&rows, depth + 1);
        }
        line
    }

    /// Words behind a value, now and then.
    fn further(&mut self) -> &'static str {
        match self.random.below(14) {
            0 => " more",
            1 => " \"\"",
            _ => "",
        }
    }

    /// The values of a row, which are mostly of its kind.
    fn values(&mut self, row: &Table) -> String {
        let of: Vec<String> = row
            .get("of")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        let count = match text(row, "is") {
            "flag" => usize::from(self.random.one_in(10)),
            "list" => self.random.below(4),
            "entry" => 2,
            _ => 1,
        };
        let map: Vec<String> = row
            .get("map")
            .and_then(Value::as_table)
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect();
        let mut out = String::new();
        for _ in 0..count {
            let value = if !of.is_empty() && !self.random.one_in(6) {
                self.one(&of)
            } else if !map.is_empty() && self.random.one_in(2) {
                self.one(&map)
            } else {
                let kind = row.get("of").and_then(Value::as_str).unwrap_or_else(|| text(row, "is"));
                Some(self.value(kind))
            };
            out.push(' ');
            out += &value.unwrap_or_default();
        }
        match text(row, "is") {
            "matchers" => " {\nmethod GET\n}".to_owned(),
            "cache_settings" => self.settings(),
            "module" => self.module(row),
            "items" if self.random.one_in(3) => " {\na\nb\n}".to_owned(),
            "lines" => " {\na b\nc d\n}".to_owned(),
            _ => out,
        }
    }

    fn settings(&mut self) -> String {
        let values = ["1", "x", "1.5", "true", "\"\"", "10s", "a b"];
        let lines: String =
            (0..self.random.below(4)).map(|n| format!("Key{n} {}\n", self.random.pick(&values))).collect();
        format!(" {{\n{lines}}}")
    }

    fn module(&mut self, row: &Table) -> String {
        match text(row, "slot") {
            "caddy.storage" => " file_system /tmp/x".to_owned(),
            "http.handlers.mercure" => {
                self.random.pick(&[" local", " bolt {\npath /tmp/x\n}", " bolt"]).to_owned()
            }
            _ => " nosuch".to_owned(),
        }
    }

    fn value(&mut self, kind: &str) -> String {
        let values: &[&str] = match kind {
            "integer" | "unsigned" => &["0", "1", "25", "-3", "x", "\"\"", "1.5", "7"],
            "number" => &["0", "0.5", "2", "-1", "x", "\"\""],
            "boolean" => &["true", "false", "1", "0", "t", "F", "TRUE", "yes", "\"\""],
            "size" => &["0", "1kb", "2MiB", "100", "x", "\"\""],
            "duration" | "go_duration" | "go_duration_or_seconds" => {
                &["0", "1m", "10s", "2d", "90", "-1s", "x", "\"\"", "1h30m"]
            }
            _ => &["a", "b", "0", "\"\"", "{env.X}", "{$ONE}", "\"a b\"", "127.0.0.1", "true", "/tmp/x"],
        };
        (*self.random.pick(values)).to_owned()
    }
}

/// What is before and after a module in a file.
fn place_of(slot: &str) -> Option<(&'static str, &'static str)> {
    Some(match slot {
        "dns.providers" => ("example.com {\ntls {\ndns ", "}\nrespond hi\n}\n"),
        "caddy.storage" => ("{\nstorage ", "}\n:80 {\nrespond hi\n}\n"),
        _ => return None,
    })
}

/// The program, where the set-up puts it.
fn program(build: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/judges").join(build);
    path.is_file().then_some(path)
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// How the two differ, or nothing.
fn disagreement(judge: &Judge, registry: &std::sync::Arc<Registry>, text: &str) -> Option<String> {
    let env: Env = VARIABLES.iter().copied().collect();
    let registry = &of_version(registry);
    let ours = compile_with(registry, "Caddyfile", text.as_bytes(), &env, &Memory::new("/"));
    let errors = || {
        let errors = ours.diagnostics.iter().filter(|found| found.is_error());
        errors.map(|error| error.message.clone()).collect::<Vec<_>>().join("; ")
    };
    match (ours.json(), judge.adapt(text)) {
        (Some(ours), Ok(theirs)) if ours == theirs => None,
        (Some(ours), Ok(theirs)) => Some(format!(
            "other bytes\n  ours  {}\n  Caddy {}",
            String::from_utf8_lossy(&ours),
            String::from_utf8_lossy(&theirs)
        )),
        (Some(_), Err(error)) => Some(format!("accepted, and Caddy refuses it: {error}")),
        (None, Ok(_)) => Some(format!("refused, and Caddy accepts it: {}", errors())),
        (None, Err(_)) => None,
    }
}

/// Compares files of one build.
fn compare(build: &str) {
    let Some(path) = program(build) else {
        println!("left out: there is no target/judges/{build}; tests/judges/set-up makes it");
        return;
    };
    let packages = BUILDS.iter().find(|(name, _)| *name == build).map_or(&[][..], |(_, packages)| *packages);
    let requests: Vec<Request> = packages.iter().map(|package| Request::parse(package)).collect();
    let registry = plugins::choose(&requests, &[], None).unwrap().registry;
    let judge = Judge::start(&path);
    let (files, seed) = (number("CADDYCTL_FILES").unwrap_or(USUAL), number("CADDYCTL_SEED").unwrap_or(1));
    let (mut accepted, mut wrong) = (0, Vec::new());
    for number in 0..files {
        let package = packages[usize::try_from(number).unwrap() % packages.len()];
        let definition: Table = plugins::shipped(package).unwrap().parse().unwrap();
        let text =
            Composer::new(seed.wrapping_mul(1_000_003).wrapping_add(number), &definition).file(&definition);
        accepted += u64::from(judge.adapt(&text).is_ok());
        if let Some(how) = disagreement(&judge, &registry, &text) {
            wrong.push(format!("{package}\n{text}{how}\n"));
        }
    }
    println!("{build}: {} of {files} files agree; {accepted} are accepted", files - wrong.len() as u64);
    let shown: String = wrong.iter().take(12).cloned().collect();
    assert!(wrong.is_empty(), "{} files differ:\n{shown}", wrong.len());
    assert!(accepted * 4 > files, "only {accepted} of {files} files are accepted");
}

#[test]
fn dns_and_small_plugins() {
    compare("dns");
}

#[test]
fn plugins_with_apps() {
    compare("apps");
}

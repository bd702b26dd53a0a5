//! What fuzzing starts from: the Caddyfiles, JSON and certificates of the other tests and of the examples, the examples of
//! the tables, and a few texts for what has no files there.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use caddyctl_language::reference;
use caddyctl_language::spec::Row;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::files;
use super::generate::caddyfile;
use super::hostile::TEXTS;

/// An input, and where it comes from.
pub type Seed = (String, Vec<u8>);

/// Longer files are not used: fuzzing them is slow and finds nothing that shorter ones do not.
const LONGEST: usize = 4096;

/// The seeds of a target; `root` is the repository.
pub fn of(target: &str, root: &Path) -> Vec<Seed> {
    match target {
        "archive" => archives(),
        "cel" => values(root, &["expr"]),
        "certificates" => certificates(root),
        "checks" => {
            texts(CHECKS).into_iter().chain(named(root, &|path| path.ends_with("checks.toml"))).collect()
        }
        "diff" => pairs(root),
        "environment" => texts(ENVIRONMENTS),
        "json" => named(root, &|path| has_end(path, "json")),
        "positions" => edited(root),
        "records" => texts(RECORDS),
        "regexp" => values(root, &["pattern", "regexp", "find"]),
        "settings" => texts(SETTINGS),
        "unit_file" => texts(UNITS).into_iter().chain(named(root, &|path| has_end(path, "conf"))).collect(),
        _ => caddyfiles(root),
    }
}

/// The words of the language, as a dictionary of libFuzzer.
pub fn dictionary() -> String {
    let mut words = BTreeSet::new();
    for entry in reference::all() {
        words.insert(entry.name.to_owned());
        words.extend(
            entry
                .syntax()
                .split_whitespace()
                .filter(|word| word.starts_with(char::is_alphanumeric))
                .map(str::to_owned),
        );
        add_rows(entry.rows, &mut words);
    }
    words.extend(PIECES.iter().map(|piece| (*piece).to_owned()));
    // libFuzzer takes visible ASCII, and all other bytes as `\xNN`.
    let quoted = |word: &str| -> String {
        let one = |byte: u8| match byte {
            b'\\' | b'"' => format!("\\{}", char::from(byte)),
            b' '..=b'~' => char::from(byte).to_string(),
            _ => format!("\\x{byte:02x}"),
        };
        word.bytes().map(one).collect()
    };
    words.into_iter().map(|word| format!("\"{}\"\n", quoted(&word))).collect()
}

fn add_rows(rows: &[Row], words: &mut BTreeSet<String>) {
    for row in rows {
        words.insert(row.name.to_string());
        add_rows(row.block(), words);
    }
}

/// What stands between the words.
const PIECES: &[&str] = &[
    " {\n",
    "\n}\n",
    "{\n\t",
    "@a",
    "@a {\n",
    "*",
    "/a*",
    ":80",
    ":443",
    "a.example",
    "*.b.example",
    "https://",
    "http://",
    "import ",
    "(s) {\n",
    "import s",
    "{args[0]}",
    "{args[:]}",
    "{block}",
    "{blocks.a}",
    "&(r) {\n",
    "invoke r",
    "{$A}",
    "{$CANARY}",
    "{$A:b}",
    "{env.A}",
    "{host}",
    "{path}",
    "{query.a}",
    "<<E\n",
    "\nE\n",
    "`",
    "\\\"",
    "# caddyctl: allow S044\n",
    ">>> env\nA=b\n",
    ">>> new\n",
    ">>> a.caddyfile\n",
    ">>> 0:0-1:0\n",
    "import a.caddyfile",
    "import *.caddyfile",
    "10s",
    "10MiB",
    "127.0.0.1/8",
    "localhost:8080",
    "unix//a",
    "h2c://",
    "\u{feff}",
    "\r\n",
    "\u{1f980}",
];

const CHECKS: &[&str] = &[
    "root:x1y2z3a4b5:0\n",
    "[[check]]\nurl = \"https://a.example\"\nhunter2hunter2 = \"hunter3hunter3\"\nstatus = \"hunter4hunter4\"\n",
    "address = \"127.0.0.1\"\n[[check]]\nurl = \"https://a.example/x?y\"\nstatus = [200, 204]\ncontains = \"x\"\n",
    "[[check]]\nurl = \"http://a.example\"\nname = \"a\"\nmethod = \"POST\"\nbody = \"b\"\nredirect = \"https://a.example/\"\n\
     status = 308\nseconds = 3\nretries = 2\n[check.headers]\nHost = \"b\"\n[check.expect_headers]\nServer = \"Caddy\"\n",
    "[[check]]\nurl = \"wss://a.example/ws\"\nwebsocket = \"hello\"\ntls_name = \"b\"\nupstream = \"unix//run/app.sock\"\n",
];

const SETTINGS: &[&str] = &[
    "[lint]\nselect = [\"C\", \"S044\"]\nignore = [\"handle-exact-root\", \"W0001\"]\n",
    "[lint.severity]\nC = \"note\"\nC001 = \"error\"\n[lint.per-path]\nvendor = [\"C001\"]\n\"a/[b-c]*/?\" = [\"C\"]\n",
    "[lint]\nselect = \"hunter2hunter2\"\n",
    "root:x1y2z3a4b5:0\n",
    "[lint]\nignore = [\"hunter2hunter2\"]\nhunter2hunter2 = 1\n",
    "[other]\nx = 1\n[[y]]\nz = 1979-05-27T07:32:00Z\n",
];

const ENVIRONMENTS: &[&str] = &[
    "# no\n\nA=1\nexport B=two words \nA=3\n",
    "A=x\ty # z\nC=\nD=a=b\nE='it''s'\nF=\"a\\\"b\"\nG=\"one\n  two\\\"\nB=1",
    "Environment=A=b \"C=d e\" F\\ =g\nEnvironmentFiles=/etc/env (ignore_errors=yes)\nUnsetEnvironment=A\nMainPID=7\n\
     ExecStart={ path=/usr/bin/caddy ; argv[]=/usr/bin/caddy run --config /etc/caddy/Caddyfile --envfile=/a,/b ; }\n",
    "A=1\0B=2\0\0=\0",
];

const UNITS: &[&str] = &[
    "[Unit]\nUpholds=caddy-watchdog.service\n\n[Service]\n# why\nRestart=always\nRestartSec=2s\nLimitNOFILE=1048576\n",
    "[Service]\nExecStartPre=+/bin/sh -c \\\n; in between\n  true\nUser = root\r\n [Install]\nWantedBy=\0torn\n[x",
];

const RECORDS: &[&str] = &[
    r#"{"id":"20261130T080000Z-1a2b","phase":"loading","started":"2026-11-30T08:00:00Z","admin":["unix//run/caddy/admin.sock",
    "localhost:2019"],"moved":null,"old_config":null,"new_config":"00ff","entries":[{"role":"caddyfile",
    "target":"/etc/caddy/Caddyfile","next":"/etc/caddy/.next","prev":"/etc/caddy/.prev","old":null,"new":"ab","in_place":true}],
    "pointer":{"copies":["/a","/b"],"digest":"cd"},"staging":["/etc/caddy/x"],"created":[],"daemon_reload":false,
    "companion":true,"restart":false,"confirm_until":"2026-11-30T08:05:00Z","confirm_by":null}"#,
    r#"{"number":3,"id":"20261130T080000Z-1a2b","when":"2026-11-30T08:00:00Z","who":"root","config":"00ff","revision":"1a2b3c",
    "source":"/srv/site","outcome":"deployed","files":[{"path":"/etc/caddy/Caddyfile","role":"caddyfile","digest":"ab"},
    {"path":"/etc/systemd/system/caddy.service.d/override.conf","role":"drop-in","digest":null}]}"#,
    r#"{"id":"x","when":"","who":"","config":"","revision":null,"outcome":"undone","files":[]}"#,
];

/// Letters of several bytes, blanks that are none in ASCII, and marks that join the letter before, next to names of secrets.
const SECRETS: &[&str] = &[
    "a.example {\n\theader X-Token\u{f6} tok\u{e9}n\u{f6}\n\theader\u{a0}Authorization\u{a0}\"Bearer\u{a0}\u{e4}bc\"\n\
     \trespond \"token\u{f6}=a&token=\u{f6}&pa\u{df}word: \u{1f980}\"\n}\n",
    ":80 {\n\tbasic_auth {\n\t\tb\u{f6}b\u{a0}p\u{e4}ss\n\t\te\u{301} $2a$14$\u{301}\n\t}\n\tvars secre\u{301}t \u{301}x\n\
     \trewrite * /x?to\u{301}ken=a\u{301}&api_key=\u{a0}\n\theader Set-Cookie \"si\u{301}d=\u{e4};lang=\u{f6}\"\n}\n",
    "a.example {\n\tredir https://\u{fc}ser:p\u{e4}ss@h\u{f6}st/\u{a0}\n\treverse_proxy {$CANARY}\u{f6}:80 {\n\t\theader_up Cookie\u{3000}a=\u{e9}\n\t}\n\
     \t@e expression `{header.X-T\u{f6}ken} == \"\u{e9}\u{301}\" && {header.X-Token} == '\u{f6}'`\n\trespond @e {$DB_PASSWORD:\u{f6}}\n}\n",
    "a.example {\n\trespond \u{f6}{$CANARY}\u{301}\n\theader X \u{a0}{$CANARY}\u{a0}\n\tmap {header.X-Api-Key} {t\u{f6}ken} {\n\t\t\u{e9} \u{f6}\n\
     \t}\n\trespond /pem <<\u{f6}\n-----BEGIN PRIVATE KEY-----\n\u{e9}\u{301}\n\u{f6}\n\tlog {\n\t\tformat filter {\n\t\t\tAuthoriz\u{e4}tion delete\n\t\t}\n\t}\n}\n",
];

fn texts(all: &[&str]) -> Vec<Seed> {
    all.iter().map(|text| (format!("{text:?}"), text.as_bytes().to_vec())).collect()
}

fn has_end(path: &Path, end: &str) -> bool {
    path.extension().is_some_and(|extension| extension == end)
}

/// The files whose paths `is_wanted`.
fn named(root: &Path, is_wanted: &dyn Fn(&Path) -> bool) -> Vec<Seed> {
    let folders = ["tests", "examples", "src", "benches"].map(|folder| root.join(folder));
    let all = folders.iter().flat_map(|folder| files(folder));
    all.chain([root.join("Caddyfile"), root.join("checks.toml")])
        .filter(|path| is_wanted(path))
        .filter_map(|path| Some((path.display().to_string(), fs::read(&path).ok()?)))
        .filter(|(_, bytes)| bytes.len() <= LONGEST)
        .collect()
}

/// The Caddyfiles of tests and examples, the examples of the tables, and generated ones.
fn caddyfiles(root: &Path) -> Vec<Seed> {
    let mut all = named(root, &|path| path.ends_with("Caddyfile") || has_end(path, "caddyfile"));
    let examples = reference::all().filter_map(|entry| reference::example(&entry));
    all.extend(examples.map(|text| (format!("{text:?}"), text.into_bytes())));
    all.extend((0..100).map(|seed| (format!("generated from {seed}"), caddyfile(seed).into_bytes())));
    all.extend(texts(&[
        "import a.caddyfile x\nimport sites/*\n>>> a.caddyfile\n{args[0]}.example {\n\trespond {$B}\n}\n>>> sites/b\n:80\n\
         >>> env\nB=c\n",
        "{$CANARY}.example {\n\trespond /{$CANARY} {$CANARY}\n\theader X-A \"a {$CANARY} b\"\n\troot /srv/{$CANARY}\n\
         \treverse_proxy {$CANARY}:80 {\n\t\theader_up Authorization {$CANARY}\n\t}\n}\n",
        "(s) {\n\t{block}\n\t{blocks.a}\n}\n:80 {\n\timport s {\n\t\ta {\n\t\t\trespond x\n\t\t}\n\t}\n}\n",
    ]));
    all.extend(SECRETS.iter().map(|text| ((*text).to_owned(), text.as_bytes().to_vec())));
    all.extend(TEXTS.iter().flat_map(|text| hostile(text)));
    all.retain(|(_, bytes)| bytes.len() <= LONGEST);
    all
}

/// A Caddyfile with a text in many places, and one with a fault at it.
fn hostile(text: &str) -> [Seed; 2] {
    let quoted = format!("\"{}\"", text.replace('"', "\\\""));
    let sound =
        format!("\trespond /a {quoted}\n\theader X {quoted}\n\tlog {{\n\t\toutput file {quoted}\n\t}}\n");
    let faulty = format!("\t@m path {quoted}\n\t{quoted} {quoted}\n");
    [sound.clone(), sound + &faulty]
        .map(|lines| (text.to_owned(), format!("a.example {{\n{lines}}}\n").into_bytes()))
}

/// The two sides of each comparison of `tests/diff`.
fn pairs(root: &Path) -> Vec<Seed> {
    let mut all = Vec::new();
    for old in named(root, &|path| path.file_stem().is_some_and(|stem| stem == "old")) {
        let path = old.0.replace("old.caddyfile", "new.caddyfile").replace("old.json", "new.json");
        let Ok(new) = fs::read(&path) else { continue };
        all.push((path, [old.1, b"\n>>> new\n".to_vec(), new].concat()));
    }
    all.extend(texts(&[
        "{$CANARY}.a {\n\trespond {$CANARY}\n\tredir /x https://{$CANARY}/x\n}\n>>> new\n{$CANARY}.b {\n\trespond x{$CANARY}\n\
         \tredir /{$CANARY} https://x/\n\theader A {$CANARY}\n\tbasic_auth {\n\t\tu {$CANARY}\n\t}\n}\n",
        "a.example {\n\trespond {$CANARY}\u{f6}\n}\n>>> new\n\u{f6}.{$CANARY} {\n\trespond \u{f6}{$CANARY}\u{301}\n\
         \theader X-T\u{f6}ken \u{a0}{$CANARY}\n\treverse_proxy {$CANARY}\u{e9}:1-3\n}\n",
        ":80 {\n\troot /srv\n}\n>>> new\n{\n\temail {$CANARY}@x\n}\n:80 {\n\troot /{$CANARY}\n\tlog {\n\t\toutput file /{$CANARY}\n\
         \t}\n\treverse_proxy {$CANARY}:1\n}\n",
    ]));
    all
}

/// Each Caddyfile with two edits.
fn edited(root: &Path) -> Vec<Seed> {
    let edits: [&[u8]; 3] = [
        b"\n>>> 1:1-1:4\nx\xf0\x9f\xa6\x80\n>>> 2:0-2:0\n\ttls internal\n",
        b"\n>>> 1:0-2:0\n>>> 0:3-0:2\n\xc3\xa9{",
        b"\n>>> 3:2\nrespond y\n>>> 99:0\n}\n",
    ];
    let texts = caddyfiles(root).into_iter().enumerate();
    texts.map(|(number, (name, text))| (name, [&text, edits[number % 3]].concat())).collect()
}

/// The texts under these keys of the JSON of all tests.
fn values(root: &Path, keys: &[&str]) -> Vec<Seed> {
    let mut found = BTreeSet::new();
    let folders = [root.join("tests"), root.join("examples")];
    for path in folders.iter().flat_map(|folder| files(folder)) {
        if path.extension().is_some_and(|end| end == "json")
            && let Ok(value) = serde_json::from_slice(&fs::read(&path).unwrap_or_default())
        {
            collect(&value, keys, &mut found);
        }
    }
    found.into_iter().map(|text| (text.clone(), text.into_bytes())).collect()
}

fn collect(value: &Value, keys: &[&str], found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if let (true, Some(text)) = (keys.contains(&key.as_str()), value.as_str()) {
                    found.insert(text.to_owned());
                }
                collect(value, keys, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, keys, found)),
        _ => {}
    }
}

/// Each certificate of the tests with the key next to it, as PEM and as DER.
fn certificates(root: &Path) -> Vec<Seed> {
    let mut all = Vec::new();
    for (name, pem) in named(root, &|path| has_end(path, "crt") || has_end(path, "pem")) {
        let text = String::from_utf8_lossy(&pem).into_owned();
        let coded: String = text.lines().filter(|line| !line.starts_with('-')).map(str::trim).collect();
        if let Ok(der) = BASE64.decode(&coded) {
            all.push((name.clone(), der));
        }
        all.push((name.clone(), coded.into_bytes()));
        let key = fs::read(Path::new(&name).with_file_name("key.pem")).unwrap_or_default();
        all.push((name, [pem, b"\n>>> key\n".to_vec(), key].concat()));
    }
    all
}

/// A tree as `.tar` and as `.tar.gz`, with the kinds of entries that an archive may have.
fn archives() -> Vec<Seed> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut add = |kind: tar::EntryType, path: &str, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        if kind.is_symlink() {
            header.set_link_name("Caddyfile").unwrap();
        }
        builder.append_data(&mut header, path, bytes).unwrap();
    };
    add(tar::EntryType::Directory, "site/", b"");
    add(tar::EntryType::Regular, "site/Caddyfile", b"import sites/*\n");
    add(tar::EntryType::Regular, &format!("site/sites/{}", "x".repeat(150)), b":80\n");
    add(tar::EntryType::Symlink, "site/link", b"");
    let plain = builder.into_inner().unwrap();
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&plain).unwrap();
    let packed = packed.finish().unwrap();
    vec![
        ("cut".into(), plain[..plain.len() - 1024].to_vec()),
        ("bad checksum".into(), [&packed[..packed.len() - 8], &[0; 8]].concat()),
        (".tar".into(), plain),
        (".tar.gz".into(), packed),
    ]
}

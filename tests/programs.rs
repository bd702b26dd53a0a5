//! Advisories and changes of the server, tried on an old and a new program: each file of `tests/programs` has a Caddyfile, a request,
//! and what the responses of two versions contain (`!` before what they lack). Names that end with `-remedy` show that the remedy of an
//! advisory helps on the old program. `tests/versions/set-up` puts the programs under `target/versions`.

use crate::support::caddy::compile;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use caddyctl_analysis::Side;
use caddyctl_analysis::advisories;
use caddyctl_analysis::upgrade;
use caddyctl_language::source::{Env, Memory};

/// One file.
struct Case {
    name: String,
    versions: [String; 2],
    expected: [String; 2],
    files: BTreeMap<String, String>,
    caddyfile: String,
    request: String,
}

impl Case {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let (head, rest) = text.split_once("--- Caddyfile\n").unwrap();
        let (caddyfile, request) = rest.split_once("--- request\n").unwrap();
        let of = |key: &str| -> Vec<&str> {
            head.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix(' ')).collect()
        };
        let one = |key: &str| {
            of(key).first().unwrap_or_else(|| panic!("{}: {key}", path.display())).replace("\\n", "\n")
        };
        let versions = one("versions");
        let (old, new) = versions.split_once(' ').unwrap();
        let files = of("file").into_iter().map(|line| line.split_once(' ').unwrap());
        Self {
            name: path.file_stem().unwrap().to_string_lossy().into_owned(),
            versions: [old.to_owned(), new.to_owned()],
            expected: [one("old"), one("new")],
            files: files.map(|(name, text)| (name.to_owned(), text.to_owned())).collect(),
            caddyfile: caddyfile.to_owned(),
            request: request.trim_end_matches('\n').replace("\\\\", "\\"),
        }
    }
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| Case::read(path)).collect()
}

#[test]
fn each_case_is_of_an_advisory_or_a_change() {
    for case in cases() {
        let name = case.name.trim_end_matches("-remedy");
        let versions = case.versions.clone().map(|text| text.parse().unwrap());
        let is_between =
            match (advisories::all().find(|one| one.id == name), upgrade::all().find(|one| one.name == name))
            {
                (Some(advisory), _) if advisory.fixed_in.is_none() => {
                    versions.iter().all(|version| advisory.is_in(*version))
                }
                (Some(advisory), _) => advisory.is_in(versions[0]) && !advisory.is_in(versions[1]),
                (None, Some(change)) => change.is_in(versions[0]) != change.is_in(versions[1]),
                (None, None) => false,
            };
        assert!(is_between, "{}", case.name);
    }
}

/// The edits of an advisory make the Caddyfile whose responses show that the remedy helps.
#[test]
fn edits_are_the_remedies_that_were_tried() {
    let cases = cases();
    let mut tried = 0;
    for remedy in cases.iter().filter(|case| case.name.ends_with("-remedy")) {
        let name = remedy.name.trim_end_matches("-remedy");
        let case = cases.iter().find(|case| case.name == name).unwrap();
        let compilation = compile(
            "Caddyfile",
            case.caddyfile.replace("UP", "80").as_bytes(),
            &Env::empty(),
            &Memory::new("/"),
        );
        let sources = compilation.sources.clone();
        let Some(side) = Side::compiled("Caddyfile", compilation) else { continue };
        let config = side.whole();
        let verdicts = advisories::of(&advisories::Subject::of_side(&side, &config), None);
        let verdict = verdicts.iter().find(|verdict| verdict.advisory.id == name).unwrap();
        if verdict.edits.is_empty() {
            continue;
        }
        let mut text = case.caddyfile.replace("UP", "80");
        for edit in verdict.edits.iter().rev() {
            assert_eq!(sources.text(edit.span), &text[edit.span.range()]);
            text.replace_range(edit.span.range(), &edit.replacement);
        }
        assert_eq!(text, remedy.caddyfile.replace("UP", "80"), "{name}");
        tried += 1;
    }
    assert!(tried >= 4, "{tried}");
}

#[test]
#[ignore = "needs the programs of target/versions; `.ci/run --full` runs it"]
fn old_and_new_programs_respond_as_described() {
    let (upstream, fastcgi) = (start(&respond_http), start(&respond_fastcgi));
    let mut failures = Vec::new();
    for case in cases() {
        for (version, expected) in case.versions.iter().zip(&case.expected) {
            let response = ask(&case, version, upstream, fastcgi).replace("\r\n", "\n");
            let is_met = match expected.strip_prefix('!') {
                Some(text) => !response.is_empty() && !response.contains(text),
                None => response.contains(expected),
            };
            if !is_met {
                failures.push(format!("{} on {version}: expected {expected:?} in\n{response}", case.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What a version responds.
fn ask(case: &Case, version: &str, upstream: u16, fastcgi: u16) -> String {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    for (name, text) in &case.files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let text = case.caddyfile.replace("UP", &upstream.to_string()).replace("FCGI", &fastcgi.to_string());
    let text =
        format!("{{\n\tadmin off\n\thttp_port {port}\n}}\n{}", text.replace("ROOT", &root.to_string_lossy()));
    let file = folder.path().join("Caddyfile");
    fs::write(&file, text).unwrap();
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/versions").join(version).join("caddy");
    let mut child = Command::new(&program)
        .args(["run", "--config"])
        .arg(&file)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", folder.path())
        .env("SECRET", "s3cret")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    let end = Instant::now() + Duration::from_secs(30);
    let mut stream = loop {
        match TcpStream::connect(("127.0.0.1", port)) {
            Ok(stream) => break stream,
            Err(error) => assert!(Instant::now() < end, "{} on {version}: {error}", case.name),
        }
        thread::sleep(Duration::from_millis(20));
    };
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let request = format!("{}\r\nConnection: close\r\n\r\n", case.request.replace('\n', "\r\n"));
    let mut response = Vec::new();
    let _ = stream.write_all(request.as_bytes());
    let _ = stream.read_to_end(&mut response);
    child.kill().unwrap();
    child.wait().unwrap();
    String::from_utf8_lossy(&response).into_owned()
}

/// Serves every connection to a new port.
fn start(serve: &'static (impl Fn(TcpStream) -> std::io::Result<()> + Sync)) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            thread::spawn(move || serve(stream.unwrap()));
        }
    });
    port
}

/// Responds with the request, and to `/auth` as a login server that sets nothing.
fn respond_http(mut stream: TcpStream) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        let count = stream.read(&mut piece)?;
        if count == 0 {
            return Ok(());
        }
        request.extend_from_slice(&piece[..count]);
    }
    if request.starts_with(b"GET /auth") {
        request = b"ok".to_vec();
    }
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        request.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&request)
}

/// Responds over `FastCGI` with the parameters, one a line.
fn respond_fastcgi(mut stream: TcpStream) -> std::io::Result<()> {
    let mut parameters = Vec::new();
    loop {
        let mut head = [0; 8];
        stream.read_exact(&mut head)?;
        let length = usize::from(u16::from_be_bytes([head[4], head[5]]));
        let mut content = vec![0; length + usize::from(head[6])];
        stream.read_exact(&mut content)?;
        match head[1] {
            4 => parameters.extend_from_slice(&content[..length]),
            5 if length == 0 => break,
            _ => {}
        }
    }
    let mut out = b"Status: 200 OK\r\nContent-Type: text/plain\r\n\r\n".to_vec();
    let mut rest = parameters.as_slice();
    while !rest.is_empty() {
        let (name, value) = (size(&mut rest), size(&mut rest));
        out.extend_from_slice(&rest[..name]);
        out.push(b'=');
        out.extend_from_slice(&rest[name..name + value]);
        out.push(b'\n');
        rest = &rest[name + value..];
    }
    let record = |kind: u8, content: &[u8]| {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[1, kind, 0, 1, length[0], length[1], 0, 0], content].concat()
    };
    stream.write_all(&[record(6, &out), record(6, &[]), record(3, &[0; 8])].concat())
}

/// The length of a name or a value: one byte, or four of which the first bit is set.
fn size(rest: &mut &[u8]) -> usize {
    let (first, more) = rest.split_first().unwrap();
    if *first < 128 {
        *rest = more;
        return usize::from(*first);
    }
    let (length, after) = rest.split_at(4);
    *rest = after;
    (u32::from_be_bytes(length.try_into().unwrap()) & 0x7fff_ffff) as usize
}

//! `caddyctl test`: the checks of a file against a Caddyfile, without Caddy and network.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use caddyctl_analysis::checks;
use serde_json::Value;
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn run(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
    command.arg("test").args(args).current_dir(folder).env_clear().env("PATH", "/usr/bin:/bin");
    command.stdin(Stdio::null()).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Runs and gives the exit status with standard output.
fn tested(caddyfile: &str, checks: &str, args: &[&str]) -> (i32, String) {
    let folder = folder(&[
        ("Caddyfile", caddyfile),
        ("checks.toml", checks),
        ("site/x.html", "a page"),
        ("site/index.html", "home"),
    ]);
    let output = run(folder.path(), args);
    (output.status.code().unwrap(), out(&output) + &err(&output))
}

const SITE: &str = "a.test {
	redir /old /new 301
	handle /api/* {
		reverse_proxy localhost:8080
	}
	handle /strip/* {
		uri strip_prefix /strip
		reverse_proxy unix//run/app.sock
	}
	handle /gone {
		abort
	}
	handle /files/* {
		uri strip_prefix /files
		root site
		file_server
	}
	handle /elsewhere/* {
		root /nowhere/at/all
		file_server
	}
	@office remote_ip 10.0.0.0/8
	respond @office \"office {time.now.unix}\"
	header X-Site a
	respond \"everybody else\" 403
}
";

#[test]
fn lines_of_routes() {
    let good = "routes = \"\"\"
GET https://a.test/api/tts -> localhost:8080
POST https://a.test/api/tts -> 127.0.0.1:8080 /api/tts
https://a.test/old?x -> 301 /new
http://a.test/old -> 308 https://a.test/old
  # a comment
https://a.test/strip/y?z -> unix//run/app.sock /y?z
https://a.test/gone -> closed
https://a.test/files/x.html -> file site/x.html
https://a.test/files/none -> 404
https://a.test/ -> 403
\"\"\"
";
    let (status, printed) = tested(SITE, good, &[]);
    assert_eq!(status, 0, "{printed}");
    assert!(printed.ends_with("9 checks: 9 passed, 0 failed, 0 not decided offline\n"), "{printed}");
    let bad = "routes = \"\"\"
https://a.test/api/tts -> localhost:8081
https://a.test/api/tts -> localhost:8080 /other
https://a.test/old -> 302 /new
https://a.test/old -> 301 /newer
https://a.test/gone -> 200
https://a.test/ -> closed
https://a.test/files/x.html -> file site/y.html
https://a.test/files/x.html -> localhost:8080
https://b.test/ -> 200
https://a.test:444/ -> 200
\"\"\"
";
    let (status, printed) = tested(SITE, bad, &[]);
    assert_eq!(status, 1, "{printed}");
    for words in [
        "upstream: expected localhost:8081, found localhost:8080\n             answered by Caddyfile:4",
        "target: expected /other, found /api/tts",
        "status: expected 302, found 301 /new\n             answered by Caddyfile:2",
        "redirect: expected /newer, found `/new`",
        "status: expected 200, found a closed connection",
        "answer: expected a closed connection, found 403 from Caddy",
        "/site/x.html\n",
        "upstream: expected localhost:8080, found 200 with the file ",
        "status: expected 200, found the TLS handshake fails",
        "status: expected 200, found nothing listens there",
        "10 checks: 0 passed, 10 failed, 0 not decided offline\n",
    ] {
        assert!(printed.contains(words), "{words}: {printed}");
    }
}

#[test]
fn checks_and_what_is_assumed() {
    let checks = "[[check]]
name = \"office\"
url = \"https://a.test/x\"
client = \"10.1.2.3\"
contains = \"office 1767323045\"
[[check]]
url = \"https://a.test/x\"
status = [401, 403]
expect_headers = { x-site = \"a\" }
[[check]]
url = \"https://a.test/api/\"
status = 418
contains = \"tea\"
upstream = \"http://localhost:8080\"
expect_headers = { x-pot = \"yes\" }
[[check]]
url = \"https://a.test/elsewhere/a.html\"
contains = \"assumed\"
[[check]]
url = \"https://a.test/elsewhere/no.html\"
status = 404
[[check]]
url = \"https://a.test/files/x.html\"
status = 404
[[upstream]]
address = \"localhost:8080\"
status = 418
headers = { X-Pot = \"yes\" }
body = \"tea\"
[facts]
time = \"2026-01-02T03:04:05Z\"
[facts.files]
\"/nowhere/at/all/elsewhere/a.html\" = \"assumed\"
\"site/x.html\" = false
";
    let (status, printed) = tested(SITE, checks, &[]);
    assert_eq!(status, 0, "{printed}");
    assert!(printed.contains("6 checks: 6 passed"), "{printed}");
    let wrong = checks.replace("\"tea\"\nupstream", "\"coffee\"\nupstream").replace("= \"a\"", "= \"b\"");
    let (status, printed) = tested(SITE, &wrong, &[]);
    assert_eq!(status, 1, "{printed}");
    assert!(
        printed.contains("body: expected `coffee` in it, found a body of 3 bytes without it"),
        "{printed}"
    );
    assert!(printed.contains("header: expected `b` in x-site, found `a`"), "{printed}");
}

#[test]
fn what_is_not_decided_offline_is_no_failure() {
    let caddyfile = "a.test {
	handle /random {
		reverse_proxy localhost:1 localhost:2
	}
	handle /guarded {
		forward_auth localhost:3 {
			uri /auth
		}
		respond in
	}
	handle /elsewhere/* {
		root /nowhere/at/all
		file_server
	}
	reverse_proxy localhost:4
}
";
    let checks = "routes = \"\"\"
https://a.test/random -> localhost:1
https://a.test/guarded -> 401
https://a.test/elsewhere/x -> 200
https://a.test/ -> 404
\"\"\"
[[check]]
url = \"wss://a.test/socket\"
websocket = true
upstream = \"localhost:4\"
[[check]]
url = \"wss://a.test/socket\"
websocket = \"echo\"
[[check]]
url = \"https://a.test/\"
status = 404
contains = \"x\"
expect_headers = { Content-Type = \"text/html\" }
[[check]]
url = \"wss://a.test/guarded\"
websocket = true
";
    let (status, printed) = tested(caddyfile, checks, &[]);
    assert_eq!(status, 0, "{printed}");
    assert!(
        printed.contains(
            "undecided  GET https://a.test/guarded -> 401: status (the answer of localhost:3 decides)"
        ),
        "{printed}"
    );
    assert!(
        printed.contains(
            "8 checks: 2 passed, 0 failed, 6 not decided offline; 9 expectations need the live site\n"
        ),
        "{printed}"
    );
}

#[test]
fn the_checks_of_this_repository_pass_offline() {
    let output = run(Path::new(ROOT), &[]);
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    assert!(out(&output).contains("9 checks: 8 passed, 0 failed, 1 not decided offline"), "{}", out(&output));
}

#[test]
fn a_malformed_part_is_named_and_the_others_run() {
    let checks = "routes = \"\"\"
https://a.test/ -> 403
https://a.test/ => 403
FETCH IT https://a.test/ -> 200
https://a.test/ -> nowhere
https://a.test/ -> 99
\"\"\"

[[check]]
url = \"https://a.test/\"
statsu = 200

[[check]]
url = \"https://a.test/\"
status = 403

[[check]]
url = \"a.test\"

[[upstream]]
address = \"localhost:1\"
status = 1000
";
    let (status, printed) = tested(SITE, checks, &[]);
    assert_eq!(status, 2, "{printed}");
    for line in [
        "3:1: expected a line such as",
        "4:1: expected a line",
        "5:1: expected an upstream",
        "6:1: expected a status code",
        "11:1: expected one of `url`",
        "17:1: expected a check that can run",
        "22:10: expected a status code from 100 to 999",
    ] {
        assert!(printed.contains(&format!("malformed  checks.toml:{line}")), "{line}: {printed}");
    }
    assert!(printed.contains("2 checks: 2 passed") && printed.ends_with("; 7 malformed\n"), "{printed}");
    for (checks, words) in [
        ("", "checks.toml contains no checks"),
        ("address = \"127.0.0.1\"\n", "checks.toml contains no checks"),
        ("[[check]]\nurl = ", "checks.toml: the checks are invalid: line 2"),
        ("nothing = 1", "expected one of `address`"),
        ("[facts]\ntime = \"noon\"\n[[check]]\nurl = \"http://a.test/\"", "expected a time in UTC"),
    ] {
        let (status, printed) = tested(SITE, checks, &[]);
        assert!(status == 2 && printed.contains(words), "{checks}: {status} {printed}");
    }
    let folder = folder(&[("Caddyfile", SITE)]);
    let missing = run(folder.path(), &[]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(err(&missing).contains("help: `caddyctl test --init"), "{}", err(&missing));
}

#[test]
fn filters_and_traces() {
    let checks = "routes = \"\"\"\nhttps://a.test/old -> 404\nhttps://a.test/ -> 403\n\"\"\"\n[[check]]\nname = \"the root\"\nurl = \"https://a.test/\"\nstatus = 403\n";
    let (status, printed) = tested(SITE, checks, &["root", "a.test/ ->"]);
    assert_eq!((status, printed.lines().count()), (0, 3), "{printed}");
    let (status, printed) = tested(SITE, checks, &["nothing like it"]);
    assert!(status == 2 && printed.contains("no check's name contains `nothing like it`"), "{printed}");
    let (status, printed) = tested(SITE, checks, &["-v"]);
    assert_eq!(status, 1);
    assert!(
        printed.contains("> GET https://a.test/old\n")
            && printed.contains("> answer 301 Moved Permanently\n"),
        "{printed}"
    );
}

#[test]
fn formats() {
    let checks = "routes = \"\"\"\nhttps://a.test/old -> 301 /new\nhttps://a.test/old -> 404\nhttps://a.test/api/x -> 200\nbroken\n\"\"\"\n";
    let form = |form: &str| tested(SITE, checks, &["--format", form]).1;
    let json: Value = serde_json::from_str(&form("json")).unwrap();
    assert_eq!(
        json["summary"],
        serde_json::json!({"checks": 3, "passed": 1, "failed": 1, "undecided": 1, "undecided_expectations": 1})
    );
    assert_eq!(json["checks"][1]["expectations"][0]["found"], "301 /new");
    assert_eq!(
        (json["checks"][1]["line"].as_u64(), json["checks"][1]["answered_by"]["line"].as_u64()),
        (Some(3), Some(2))
    );
    assert_eq!(json["malformed"][0]["line"], 5);
    let junit = form("junit");
    assert!(junit.contains("tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\""), "{junit}");
    assert!(junit.contains("<failure message=\"status: expected 404, found 301 /new\">"), "{junit}");
    let github = form("github");
    assert!(github.contains("::error file=checks.toml,line=3,title=GET https%3A//a.test/old -> 404::status: expected 404, found 301 /new%0Aanswered by Caddyfile:2\n"), "{github}");
    let tap = form("tap");
    assert!(
        tap.starts_with("TAP version 14\n1..4\nok 1 - GET https://a.test/old -> 301 /new\nnot ok 2 - "),
        "{tap}"
    );
    assert!(tap.contains("ok 3 - GET https://a.test/api/x -> 200 # SKIP not decided offline"), "{tap}");
}

#[test]
fn coverage_names_what_no_check_reaches() {
    let caddyfile = "a.test {
	@api path /api/*
	reverse_proxy @api localhost:8080
	header /x X-One 1
	reverse_proxy localhost:9090
}
b.test {
	respond b
}
";
    let checks = "routes = \"\"\"\nhttps://a.test/ -> localhost:9090\n\"\"\"\n";
    let (status, printed) = tested(caddyfile, checks, &["--coverage"]);
    assert_eq!(status, 0, "{printed}");
    for line in [
        "uncovered  Caddyfile:3: route path /api/*\n",
        "uncovered  Caddyfile:4: route path /x\n",
        "uncovered  Caddyfile:7: route host b.test\n",
    ] {
        assert!(printed.contains(line), "{line}{printed}");
    }
    let (status, printed) = tested(caddyfile, checks, &["--min-coverage", "90"]);
    assert!(status == 1 && printed.contains("less than 90 %"), "{printed}");
    let all = "routes = \"\"\"\nhttps://a.test/ -> localhost:9090\nhttps://a.test/x -> localhost:9090\nhttps://a.test/api/x -> localhost:8080\nhttps://b.test/ -> 200\n\"\"\"\n";
    let (status, printed) = tested(caddyfile, all, &["--coverage", "--min-coverage", "100"]);
    assert!(
        status == 0 && printed.contains("coverage   100.0 %") && !printed.contains("uncovered"),
        "{printed}"
    );
    let folder = folder(&[("Caddyfile", caddyfile), ("checks.toml", checks)]);
    let json = run(folder.path(), &["--coverage=json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    let parts = json["parts"].as_array().unwrap();
    let covered = parts.iter().filter(|part| part["covered"] == true).count();
    assert_eq!(
        json["routes"]["covered"].as_u64().unwrap()
            + json["matchers"]["covered"].as_u64().unwrap()
            + json["handlers"]["covered"].as_u64().unwrap(),
        covered as u64
    );
    assert!(
        parts
            .iter()
            .any(|part| part["kind"] == "handler" && part["words"] == "reverse_proxy" && part["line"] == 3)
    );
    let markdown = out(&run(folder.path(), &["--coverage=markdown"]));
    assert!(
        markdown.contains("| <code>path /x</code> | route |") || markdown.contains("| `path /x` | route |"),
        "{markdown}"
    );
    let html = out(&run(folder.path(), &["--coverage=html"]));
    assert!(html.contains("<span class=\"line no\"><small>4</small>\theader /x X-One 1</span>"), "{html}");
    assert!(
        html.contains("<span class=\"line yes\"><small>5</small>\treverse_proxy localhost:9090</span>"),
        "{html}"
    );
}

#[test]
fn a_first_file_passes_and_covers_all_routes() {
    let caddyfile = fs::read_to_string(Path::new(ROOT).join("examples/auth-server/Caddyfile")).unwrap();
    let folder = folder(&[("Caddyfile", &caddyfile)]);
    let written = run(folder.path(), &["--init"]);
    assert!(written.status.success(), "{}", err(&written));
    let text = out(&written);
    for line in ["/api/auth/x -> localhost:3001\n", "/health -> localhost:3001\n", "/ -> localhost:8080\n"] {
        assert!(text.contains(&format!("GET https://stt.fullen.dev{line}")), "{text}");
    }
    fs::write(folder.path().join("checks.toml"), &text).unwrap();
    let tested = run(folder.path(), &["--coverage"]);
    assert!(tested.status.success(), "{}{}", out(&tested), err(&tested));
    assert!(
        !out(&tested).contains("uncovered  Caddyfile") && out(&tested).contains("0 failed"),
        "{}",
        out(&tested)
    );
}

#[test]
fn the_schema_describes_what_is_read() {
    let schema: Value =
        serde_json::from_slice(&fs::read(format!("{ROOT}/docs/checks.schema.json")).unwrap()).unwrap();
    let page = fs::read_to_string(format!("{ROOT}/docs/checks.md")).unwrap();
    let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert!(checks::parse(example).is_ok(), "{:?}", checks::parse(example));
    let tables = [
        ("", &schema["properties"]),
        ("[facts]\n", &schema["properties"]["facts"]["properties"]),
        ("[[upstream]]\naddress = \"a:1\"\n", &schema["properties"]["upstream"]["items"]["properties"]),
        ("[[check]]\nurl = \"http://a/\"\n", &schema["properties"]["check"]["items"]["properties"]),
    ];
    for (head, properties) in tables {
        let error = checks::parse(&format!("{head}x = 1\n")).unwrap_err().to_string();
        let read: Vec<&str> = error.split('`').skip(1).step_by(2).collect();
        let mut described: Vec<&str> = properties.as_object().unwrap().keys().map(String::as_str).collect();
        let mut known = read.clone();
        described.sort_unstable();
        known.sort_unstable();
        assert_eq!(known, described, "{head}");
        for key in read {
            assert!(
                page.contains(&format!("`{key}`"))
                    || page.contains(&format!("`[[{key}]]`"))
                    || page.contains(&format!("`[{key}]`")),
                "docs/checks.md lacks {key}"
            );
        }
    }
}

/// A line of Caddy's access log.
fn logged(host: &str, uri: &str, status: u16) -> String {
    serde_json::json!({
        "level": "info", "logger": "http.log.access", "msg": "handled request", "status": status,
        "request": {
            "remote_ip": "198.51.100.7", "proto": "HTTP/2.0", "method": "GET", "host": host, "uri": uri,
            "headers": { "Cookie": ["REDACTED"], "User-Agent": ["x"] }, "tls": { "server_name": host },
        },
    })
    .to_string()
        + "\n"
}

fn caddyctl(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
    command.args(args).current_dir(folder).env_clear().env("PATH", "/usr/bin:/bin").stdin(Stdio::null());
    let output = command.output().unwrap();
    (output.status.code().unwrap(), out(&output), err(&output))
}

#[test]
fn traffic_of_logs() {
    let site = |old: &str, upstream: &str| {
        format!(
            "a.test {{\n\thandle /old {{\n\t\t{old}\n\t}}\n\thandle /api/* {{\n\t\treverse_proxy {upstream}\n\t}}\n\trespond 404\n}}\n"
        )
    };
    let (old, new) = (site("respond here", "localhost:1"), site("redir * /new", "localhost:2"));
    let (old, new) = (old.as_str(), new.as_str());
    let mut log = String::new();
    for number in 0..30 {
        log += &logged("a.test", &format!("/old?token=S3KR{number}"), 200);
        log += &logged("a.test", "/other", 404);
    }
    log += &logged("a.test", "/api/x", 200);
    log += "{\"level\":\"info\",\"msg\":\"serving\"}\nbroken\n";
    let common = "198.51.100.7 - - [02/Jan/2026:03:04:05 +0000] \"GET /old HTTP/1.1\" 200 5\n";
    let folder = folder(&[("old", old), ("new", new), ("access.log", &log), ("common.log", common)]);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, log.as_bytes()).unwrap();
    let bytes = gzip.finish().unwrap();
    fs::write(folder.path().join("access.log.gz"), &bytes).unwrap();
    fs::write(folder.path().join("cut.gz"), &bytes[..bytes.len() - 20]).unwrap();

    let (status, text, errors) =
        caddyctl(folder.path(), &["diff", "old", "new", "--log", "access.log", "access.log.gz"]);
    assert_eq!(status, 1, "{text}{errors}");
    for words in [
        "Traffic\n  62 of 122 requests would be answered differently\n",
        "         60  old:3 -> new:3  status 302 instead of 200\n             GET https://a.test/old?token=***\n",
        "          2  old:6 -> new:6  the upstream localhost:2 instead of the upstream localhost:1\n",
        "note: 122 requests had headers that the log hides",
        "note: 2 malformed lines were skipped",
        "note: 2 lines were not requests",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(errors.contains("warning: access.log:63: expected a line of Caddy's JSON"), "{errors}");
    assert!(!text.contains("S3KR") && !text.contains("198.51"), "{text}");
    let shown = caddyctl(folder.path(), &["diff", "old", "new", "--show-secrets", "--log", "access.log"]).1;
    assert!(shown.contains("token=S3KR0"), "{shown}");
    for form in ["markdown", "github"] {
        let shown =
            caddyctl(folder.path(), &["diff", "old", "new", "--log", "access.log", "--format", form]).1;
        assert!(shown.contains("31 of 61 requests would be answered differently"), "{shown}");
        assert!(!shown.contains("/old?"), "{shown}");
    }
    let json = caddyctl(folder.path(), &["diff", "old", "new", "--log", "access.log", "--format", "json"]).1;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (json["traffic"]["different"].as_u64(), json["traffic"]["groups"][0]["requests"].as_u64()),
        (Some(31), Some(30))
    );
    let (_, text, errors) = caddyctl(folder.path(), &["diff", "old", "new", "--log", "cut.gz"]);
    assert!(
        errors.contains("the gzip data is truncated") && text.contains("requests would be answered"),
        "{text}{errors}"
    );

    // A log without hosts needs one.
    let (_, _, errors) = caddyctl(folder.path(), &["diff", "old", "new", "--log", "common.log"]);
    assert!(errors.contains("--log-host"), "{errors}");
    let (_, text, _) = caddyctl(
        folder.path(),
        &["diff", "old", "new", "--log", "common.log", "--log-host", "https://a.test"],
    );
    assert!(text.contains("1 of 1 request "), "{text}");

    let (status, text, _) = caddyctl(folder.path(), &["trace", "--config", "new", "--log", "access.log"]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("30 of 61 requests have another status in the model"), "{text}");
    assert!(text.contains("status 200 was logged, the model has 302"), "{text}");
    assert!(text.contains("not decided: the upstream localhost:2 decides"), "{text}");
}

/// A child that is ended with the test.
struct Watching(std::process::Child);

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn watching_runs_the_checks_again_and_ends_with_the_last_status() {
    let folder = folder(&[
        ("Caddyfile", "http://a.test {\n\timport answer.caddy\n\troot * site\n\tfile_server\n}\n"),
        ("answer.caddy", "respond /x here\n"),
        ("site/page.html", "page"),
        (
            "checks.toml",
            "routes = \"\"\"\nhttp://a.test/x -> 200\nhttp://a.test/page.html -> file site/page.html\n\"\"\"\n",
        ),
    ]);
    let printed = folder.path().join("printed");
    let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
    command.args(["test", "--watch"]).current_dir(folder.path()).env_clear().env("PATH", "/usr/bin:/bin");
    let file = fs::File::create(&printed).unwrap();
    command.stdin(Stdio::null()).stderr(file.try_clone().unwrap()).stdout(file);
    let child = command.spawn().unwrap();
    let mut watching = Watching(child);
    let wait_for = |wanted: &str, times: usize| {
        let end = std::time::Instant::now() + std::time::Duration::from_mins(1);
        loop {
            let text = fs::read_to_string(&printed).unwrap();
            if text.matches(wanted).count() >= times {
                return;
            }
            assert!(std::time::Instant::now() < end, "no {times} times `{wanted}` in:\n{text}");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    };
    wait_for("2 checks: 2 passed, 0 failed", 1);
    // An import.
    fs::write(folder.path().join("answer.caddy"), "respond /x 404\n").unwrap();
    wait_for("2 checks: 1 passed, 1 failed", 1);
    // The checks.
    fs::write(
        folder.path().join("checks.toml"),
        "routes = \"\"\"\nhttp://a.test/x -> 404\nhttp://a.test/page.html -> file site/page.html\n\"\"\"\n",
    )
    .unwrap();
    wait_for("2 checks: 2 passed, 0 failed", 2);
    // A file that a request asks for.
    fs::remove_file(folder.path().join("site/page.html")).unwrap();
    wait_for("2 checks: 1 passed, 1 failed", 2);
    // An error of the Caddyfile ends nothing.
    fs::write(folder.path().join("answer.caddy"), "respnd /x 404\n").unwrap();
    wait_for("unknown directive `respnd`", 1);
    let pid = rustix::process::Pid::from_child(&watching.0);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(watching.0.wait().unwrap().code(), Some(2));
}

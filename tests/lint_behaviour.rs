//! What lint rules say, asked of the real Caddy: each file has the finding, and Caddy does what its page says.

use crate::support::answers::{self, Answer};
use crate::support::caddy::compile;

use std::path::Path;

use caddyctl_analysis::lint::lint;
use caddyctl_host::Disk;
use caddyctl_language::source::Env;

/// A file, a request to it, and what Caddy answers.
#[derive(Clone, Copy)]
struct Case {
    code: &'static str,
    text: &'static str,
    request: &'static str,
    fields: &'static [&'static str],
    answers: fn(&Answer) -> bool,
}

const fn case(
    code: &'static str,
    text: &'static str,
    request: &'static str,
    answers: fn(&Answer) -> bool,
) -> Case {
    Case { code, text, request, fields: &[], answers }
}

const fn with(fields: &'static [&'static str], case: Case) -> Case {
    Case { fields, ..case }
}

/// `ROOT` is a folder with files, `UP` the port of an upstream that answers with what it got.
const CASES: &[Case] = &[
    case(
        "S001",
        "handle_path /api/* {\n\t\t@a path /api/admin/*\n\t\trespond @a 403\n\t\treverse_proxy 127.0.0.1:UP\n\t}",
        "/api/admin/x",
        |a| a.status == 200 && a.body.contains("/admin/x"),
    ),
    case(
        "S006",
        "root ROOT\n\terror /private/* 403\n\tfile_server\n\thandle_errors {\n\t\tfile_server\n\t}",
        "/private/x.txt",
        |a| a.status == 403 && a.body == "secret",
    ),
    case(
        "S006",
        "root ROOT\n\terror /private/* 403\n\tfile_server\n\thandle_errors {\n\t\ttry_files {path} /404.html\n\t\tfile_server\n\t}",
        "/private/x.txt",
        |a| a.status == 403 && a.body == "secret",
    ),
    case(
        "S007",
        "basic_auth /admin/* {\n\t\tbob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n\t}\n\treverse_proxy 127.0.0.1:UP",
        "/admin",
        |a| a.status == 200,
    ),
    with(
        &["CF-Connecting-IP: 6.6.6.6"],
        case(
            "S008",
            "reverse_proxy 127.0.0.1:UP {\n\t\theader_up X-Real-IP {header.CF-Connecting-IP}\n\t}",
            "/",
            |a| a.body.contains("real=6.6.6.6"),
        ),
    ),
    with(
        &["X-In: {{env `HOME`}}"],
        case("S009", "templates\n\trespond \"home={header.X-In}.\"", "/", |a| {
            a.body.starts_with("home=") && !a.body.contains("{{") && a.body != "home=."
        }),
    ),
    case("C047", "header X-Frame-Options: DENY\n\trespond x", "/", |a| a.field("x-frame-options").is_empty()),
    case("C047", "reverse_proxy 127.0.0.1:UP {\n\t\theader_up X-E: f\n\t}", "/", |a| a.status == 502),
    case("C047", "reverse_proxy 127.0.0.1:UP {\n\t\theader_down X-F: g\n\t}", "/", |a| {
        a.status == 200 && a.field("x-f").is_empty()
    }),
    with(
        &["X-B: c"],
        case("C047", "@m header X-B: c\n\trespond @m yes\n\trespond no", "/", |a| a.body == "no"),
    ),
    with(
        &["X-B: c"],
        case("C047", "@m header_regexp X-B: c\n\trespond @m yes\n\trespond no", "/", |a| a.body == "no"),
    ),
    case("C081", "root ROOT\n\theader >X-Frame-Options DENY\n\tfile_server", "/none", |a| {
        a.status == 404 && a.field("x-frame-options").is_empty()
    }),
    case(
        "C082",
        "handle /api/* {\n\t\treverse_proxy 127.0.0.1:UP\n\t}\n\thandle {\n\t\theader X-Content-Type-Options nosniff\n\t\trespond x\n\t}",
        "/api/x",
        |a| a.status == 200 && a.field("x-content-type-options").is_empty(),
    ),
    case("X001", "header {\n\t\tX-A: b\n\t}\n\trespond x", "/", |a| a.field("x-a") == "b"),
    case("C048", "root = ROOT\n\tfile_server", "/index.html", |a| a.status == 404),
    case("C049", "header Content-Security-Policy default-src 'self'\n\trespond x", "/", |a| {
        a.field("content-security-policy").is_empty()
    }),
    case("C060", "@m path api/*\n\trespond @m yes\n\trespond no", "/api/x", |a| a.body == "no"),
    case("C060", "@m path /a,/b\n\trespond @m yes\n\trespond no", "/a", |a| a.body == "no"),
    case("C060", "@m path *.php$\n\trespond @m yes\n\trespond no", "/a.php", |a| a.body == "no"),
    case("C060", "@m path ^/x\n\trespond @m yes\n\trespond no", "/x", |a| a.body == "no"),
    case("C060", "@m path /x?y=1\n\trespond @m yes\n\trespond no", "/x?y=1", |a| a.body == "no"),
    case("C060", "@m path /x#y\n\trespond @m yes\n\trespond no", "/x", |a| a.body == "no"),
    case("C060", "@m path http://a.test/x\n\trespond @m yes\n\trespond no", "/x", |a| a.body == "no"),
    case("C060", "@m host https://a.test\n\trespond @m yes\n\trespond no", "/", |a| a.body == "no"),
    case("C060", "@m host a.test:80\n\trespond @m yes\n\trespond no", "/", |a| a.body == "no"),
    case("C060", "@m host a.test.\n\trespond @m yes\n\trespond no", "/", |a| a.body == "no"),
    case("C060", "@m host a.test/x\n\trespond @m yes\n\trespond no", "/x", |a| a.body == "no"),
    case("C060", "@m method GET,POST\n\trespond @m yes\n\trespond no", "/", |a| a.body == "no"),
    case("C060", "@m protocol ws\n\trespond @m yes\n\trespond no", "/", |a| a.body == "no"),
    case("C060", "@m query ?a=1\n\trespond @m yes\n\trespond no", "/?a=1", |a| a.body == "no"),
    case("C060", "@m query a=1&b=2\n\trespond @m yes\n\trespond no", "/?a=1&b=2", |a| a.body == "no"),
    case("C060", "@m path_regexp ^/{host}/\n\trespond @m yes\n\trespond no", "/a.test/", |a| a.body == "no"),
    case("C060", "@m not path admin/*\n\trespond @m yes\n\trespond no", "/admin/x", |a| a.body == "yes"),
    case("C061", "reverse_proxy 127.0.0.1:UP {\n\t\theader_up X-Real-IP {remote_addr}\n\t}", "/", |a| {
        a.body.contains("real={remote_addr}")
    }),
    case("C061", "root ROOT\n\ttry_files $uri $uri/ /index.html\n\tfile_server", "/a.txt", |a| {
        a.body == "index"
    }),
    case("C061", "rewrite * /x?{query}.replace('?','&')\n\treverse_proxy 127.0.0.1:UP", "/?a=1", |a| {
        a.status == 200
    }),
    case("C021", "vars v /Docs\n\t@v path {vars.v}/*\n\trespond @v yes\n\trespond no", "/Docs/x", |a| {
        a.body == "no"
    }),
    case("C021", "vars v /Docs\n\t@v path {vars.v}/*\n\trespond @v yes\n\trespond no", "/docs/x", |a| {
        a.body == "no"
    }),
    case("C062", "redir www.example.com{uri}", "/a", |a| a.field("location") == "www.example.com/a"),
    case(
        "C063",
        "@c path /callback\n\trewrite @c /auth{uri}\n\trespond @c one\n\trespond two",
        "/callback",
        |a| a.body == "two",
    ),
    case("C064", "handle /x/* {\n\t\thandle /y/* {\n\t\t\trespond y\n\t\t}\n\t}", "/x/y/z", |a| {
        a.body.is_empty()
    }),
    case(
        "C065",
        "root ROOT\n\t@assets path *.js\n\theader @assets Cache-Control \"max-age=31536000, immutable\"\n\ttry_files {path} /index.html\n\tfile_server",
        "/old.js",
        |a| a.body == "index" && a.field("cache-control").contains("immutable"),
    ),
    case("C067", "php_fastcgi /run/php.sock", "/index.php", |a| a.status == 200 && a.body.is_empty()),
    case("C067", "reverse_proxy localhost:1/v1", "/", |a| a.status == 502),
    case("C067", "reverse_proxy localhost:1,localhost:2", "/", |a| a.status == 502),
    case("C068", "handle /app/*\n\trespond rest", "/app/x", |a| a.body == "rest"),
    case("C068", "handle /app/*\n\thandle {\n\t\trespond rest\n\t}", "/app/x", |a| {
        a.status == 200 && a.body.is_empty()
    }),
    case("C068", "root ROOT\n\tfile_server\n\thandle_errors {\n\t\trewrite * /a.txt\n\t}", "/missing", |a| {
        a.status == 404 && a.body.is_empty()
    }),
    case("C069", "respond \"hi\" 200;", "/", |a| a.status == 500),
    case("C072", "header X-A \"abc\n\theader X-B \"def\"\n\trespond x", "/", |a| {
        a.field("x-b").is_empty() && a.field("x-a") != "abc"
    }),
    case("C080", "respond \"hi\" ok", "/", |a| a.status == 500),
];

#[test]
fn caddy_does_what_the_rules_say() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("index.html", "index"), ("a.txt", "a"), ("private/x.txt", "secret")] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let disk = Disk::new(Path::new("."));
    let upstream =
        "http://u.test, http://127.0.0.1, http://a.test {\n\trespond \"{path} real={header.X-Real-IP}\"\n}\n";
    let upstream = answers::serve(&[answers::compiled(upstream, &disk)]);
    let port = upstream.ports[0].to_string();
    let texts = CASES.iter().map(|case| {
        let text = case.text.replace("ROOT", &folder.path().to_string_lossy()).replace("UP", &port);
        format!("http://a.test {{\n\t{text}\n}}\n")
    });
    let texts: Vec<String> = texts.collect();
    let mut failures = Vec::new();
    for (case, text) in CASES.iter().zip(&texts) {
        let compilation = compile("Caddyfile", text.as_bytes(), &Env::empty(), &disk);
        if lint(&compilation, |rule| rule.code.id == case.code).is_empty() {
            failures.push(format!("{} finds nothing in\n{text}", case.code));
        }
    }
    let configs: Vec<_> = texts.iter().map(|text| answers::compiled(text, &disk)).collect();
    let served = answers::serve(&configs);
    for (number, case) in CASES.iter().enumerate() {
        let answer = served.ask(number, "a.test", case.request, case.fields);
        if !(case.answers)(&answer) {
            failures.push(format!(
                "{}: Caddy answers {answer:?} to {} in\n{}",
                case.code, case.request, texts[number]
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_is_given_twice_counts_once() {
    let disk = Disk::new(Path::new("."));
    let json = |text: &str| answers::compiled(text, &disk);
    for (twice, first, second) in [
        ("reverse_proxy x:1 {\n\tBLOCK\n}", "health_uri /a", "health_uri /b"),
        (
            "reverse_proxy x:1 {\n\tBLOCK\n}",
            "transport http {\n\ttls_insecure_skip_verify\n}",
            "transport http {\n\tread_timeout 1s\n}",
        ),
        ("reverse_proxy x:1 {\n\tBLOCK\n}", "fail_duration 1s", "fail_duration 2s"),
        ("reverse_proxy x:1 {\n\tBLOCK\n}", "flush_interval 1s", "flush_interval 2s"),
        ("file_server {\n\tBLOCK\n}", "root /a", "root /b"),
        ("file_server {\n\tBLOCK\n}", "index a", "index b"),
        ("php_fastcgi x:1 {\n\tBLOCK\n}", "root /a", "root /b"),
        ("request_body {\n\tBLOCK\n}", "max_size 1MB", "max_size 2MB"),
        ("encode gzip {\n\tBLOCK\n}", "minimum_length 1", "minimum_length 2"),
        (
            "tls internal {\n\tBLOCK\n}",
            "client_auth {\n\tmode require_and_verify\n}",
            "client_auth {\n\tmode request\n}",
        ),
        ("tls internal {\n\tBLOCK\n}", "key_type rsa2048", "key_type p256"),
    ] {
        let file = |block: &str| format!("a.test {{\n{}\n}}\n", twice.replace("BLOCK", block));
        let (both, last) = (file(&format!("{first}\n{second}")), file(second));
        let folder = tempfile::tempdir().unwrap();
        let caddy = |text: &str| {
            std::fs::write(folder.path().join("Caddyfile"), text).unwrap();
            crate::support::caddy::adapt(folder.path(), &[]).unwrap()
        };
        assert_eq!(caddy(&both), caddy(&last), "{both}");
        assert_eq!(json(&both), json(&last));
        let compilation = compile("Caddyfile", both.as_bytes(), &Env::empty(), &disk);
        assert_eq!(lint(&compilation, |rule| rule.code.id == "C071").len(), 1, "{both}");
    }
}

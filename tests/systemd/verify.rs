//! Every kind of check, against the project's own site with a certificate of Caddy's authority: those that hold, and those
//! that have to fail, with the words that say why.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::backend;
use crate::container::{boot, say};
use crate::service::caddyfile;

const CACERT: &str = "--cacert /var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt";

/// A check without its URL's site, and what is reported about it; nothing when it holds.
const CHECKS: &[(&str, &str)] = &[
    ("url = 'https://SITE/api/build_info'\nstatus = 200\ncontains = 'GET /api/build_info'", ""),
    ("url = 'https://SITE/x'\nstatus = 404", "status 200, expected 404"),
    ("url = 'https://SITE/x'\nstatus = [201, 204]", "status 200, expected one of [201, 204]"),
    ("url = 'https://SITE/x'\nstatus = [200, 204]", ""),
    ("url = 'https://SITE/x'\nmethod = 'POST'\nbody = 'hello'\ncontains = 'POST /x'", ""),
    ("url = 'https://SITE/x'\nmethod = 'DELETE'\ncontains = 'GET'", "the body does not contain `GET`"),
    ("url = 'https://SITE/auth'\nheaders = { X-Key = 'secret' }\nstatus = 202", ""),
    ("url = 'https://SITE/auth'\nstatus = 202", "status 200, expected 202"),
    ("url = 'https://SITE/x'\nexpect_headers = { Served-By = 'the project' }", ""),
    (
        "url = 'https://SITE/x'\nexpect_headers = { Served-By = 'nginx' }",
        "header Served-By is `the project's caddy`, expected `nginx` in it",
    ),
    ("url = 'http://SITE/'\nstatus = 308\nredirect = 'https://SITE/'", ""),
    (
        "url = 'http://SITE/'\nredirect = 'https://other/'",
        "redirects to `https://stt.fullen.dev/`, expected `https://other/`",
    ),
    ("url = 'wss://SITE/api/chat'\nwebsocket = true", ""),
    ("url = 'wss://SITE/api/chat'\nwebsocket = 'do you hear me'", ""),
    ("url = 'wss://SITE/no'\nwebsocket = true", "status 200, expected 101"),
    ("url = 'wss://SITE/no'\nwebsocket = true\nstatus = [101, 200]", ""),
    ("url = 'https://SITE/x'\nupstream = 'localhost:8080'", ""),
    (
        "url = 'https://SITE/no'\nupstream = 'localhost:8080'",
        "the answer is not from the upstream localhost:8080: its body is of 7 bytes, the site's another one",
    ),
    (
        "url = 'https://SITE/x'\nupstream = 'localhost:8079'",
        "the answer is not from the upstream localhost:8079: Connection refused",
    ),
    ("url = 'wss://SITE/api/chat'\nwebsocket = 'x'\nupstream = 'localhost:8080'", ""),
    ("url = 'https://127.0.0.1/x'\ntls_name = 'SITE'\nheaders = { Host = 'SITE' }", ""),
    (
        "url = 'https://SITE/x'\ntls_name = 'other.test'",
        "certificate not valid for name|has no certificate for this name",
    ),
    ("url = 'https://SITE/slow'\nseconds = 1", "no response in time"),
    ("url = 'wss://SITE/slow'\nwebsocket = true\nseconds = 1", "no response in time"),
    ("url = 'http://127.0.0.1:8079/'\nretries = 1", "refused"),
];

pub fn every_kind_of_check() {
    let container = boot("verify");
    container.inside(|| backend::start_at(8080)).join().unwrap();
    // Accepts, and never answers.
    let sleeper = "use IO::Socket::INET; $s = IO::Socket::INET->new(Listen => 9, LocalAddr => q(127.0.0.1:8078)); sleep 600";
    container.ok(&format!("systemd-run --quiet --unit sleeper perl -e '{sleeper}'"));
    let extra = "\theader Served-By \"the project's caddy\"\n\trespond /no \"no upstream at all\"\n\t@auth header X-Key secret\n\trespond @auth 202\n\
                 \thandle /slow {\n\t\treverse_proxy 127.0.0.1:8078\n\t}\n";
    container.write("Caddyfile", &caddyfile(extra));
    // The first deploy has no root certificate to trust yet.
    container.ok("caddyctl deploy");
    container.await_ok(
        "curl -sk --resolve stt.fullen.dev:443:127.0.0.1 https://stt.fullen.dev/",
        Duration::from_secs(10),
    );

    // The project's own checks, with each deploy from now on.
    let own = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("checks.toml")).unwrap();
    container.write("checks.toml", &own);
    container.write("Caddyfile", &caddyfile(&format!("{extra}\theader Version two\n")));
    container.ok(&format!("caddyctl deploy {CACERT}"));
    let verified = container.ok(&format!("caddyctl verify {CACERT}"));
    say(&format!("\n{verified}\n"));
    assert!(verified.ends_with("9 checks, 0 failed"), "{verified}");
    container.write("Caddyfile", &caddyfile("\trespond /metrics \"not the server's\"\n"));
    let undone = container.run(&format!("sed -i '/^retries/d' checks.toml; caddyctl deploy {CACERT}"));
    assert_eq!(undone.status, 1, "{}", undone.text);
    assert!(
        undone.text.contains(
            "metrics: upstream: expected localhost:8080, found 200 from Caddy (answered by Caddyfile:"
        ),
        "{}",
        undone.text
    );

    let text: String = CHECKS
        .iter()
        .map(|(check, _)| format!("[[check]]\n{}\n", check.replace("SITE", "stt.fullen.dev")))
        .collect();
    container.write("kinds.toml", &text);
    let begun = std::time::Instant::now();
    let command = format!(
        "caddyctl verify --checks kinds.toml --resolve stt.fullen.dev:443:127.0.0.1 --resolve stt.fullen.dev:80:127.0.0.1 \
                           --resolve other.test:443:127.0.0.1 {CACERT}"
    );
    let json = container.run(&format!("{command} --format json"));
    assert!(begun.elapsed() < Duration::from_secs(8), "they run side by side: {:?}", begun.elapsed());
    assert_eq!(json.status, 1, "{}", json.text);
    let outcomes: Vec<Value> = serde_json::from_str(&json.text).unwrap();
    for ((check, expected), outcome) in CHECKS.iter().zip(&outcomes) {
        let fault = outcome["fault"].as_str().unwrap_or_default();
        let is_right = if expected.is_empty() {
            fault.is_empty()
        } else {
            expected.split('|').any(|word| fault.contains(word))
        };
        assert!(is_right, "{check}: `{fault}`, expected `{expected}`");
    }
    let failed = CHECKS.iter().filter(|(_, expected)| !expected.is_empty()).count();
    let plain = container.run(&command).text;
    assert!(plain.ends_with(&format!("{} checks, {failed} failed\n", CHECKS.len())), "{plain}");
    let junit = container.run(&format!("{command} --format junit")).text;
    assert_eq!(
        (junit.matches("<testcase ").count(), junit.matches("<failure ").count()),
        (CHECKS.len(), failed),
        "{junit}"
    );

    // Without trust, and with a name that leads nowhere, both say so.
    let untrusted = container.run("caddyctl verify").text;
    assert!(untrusted.contains("the issuer of the certificate is not trusted here"), "{untrusted}");
    let unknown = container.run("sed -i /^address/d checks.toml; caddyctl verify").text;
    assert!(unknown.contains("the name stt.fullen.dev does not resolve"), "{unknown}");
    let wrong = container.run("echo 'statsu = 1' >>checks.toml; caddyctl verify");
    assert_eq!(wrong.status, 2, "{}", wrong.text);
    assert!(
        wrong.text.contains("checks.toml") && wrong.text.contains("expected one of `url`, "),
        "{}",
        wrong.text
    );
    say(&format!("verify: {} kinds of check, {failed} of them failing as they should\n", CHECKS.len()));
}

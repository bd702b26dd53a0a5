//! Generated sites and requests: the real Caddy and the model give the same answers.
//!
//! The usual run takes fixed seeds. A long run by hand:
//! `CADDYCTL_SITES=500 CADDYCTL_SEED=1 cargo test --test all trace::generated:: -- --nocapture`.

use serde_json::{Value, json};

use super::composed::{KINDS, compose};
use super::harness::Harness;
use crate::generate::random::Random;

/// Requests for each site.
const REQUESTS: usize = 40;

const PATHS: [&str; 14] = [
    "/",
    "/a",
    "/a/",
    "/a/b",
    "/A/B",
    "/ab",
    "/a/b/c.php",
    "/x.css",
    "//a",
    "/a/../b",
    "/a%2Fb",
    "/%61",
    "/b/é",
    "/a//b",
];
const QUERIES: [&str; 8] = ["", "", "", "?", "?k=v", "?k=a%20b&k=c", "?q", "?k=%zz"];
const PATTERNS: [&str; 9] = ["/a", "/a/*", "/a*", "/A/b", "/b/*", "/a%2fb", "/a/*/c.php", "//a", "/*"];

fn one<'t>(random: &mut Random, list: &[&'t str]) -> &'t str {
    list[random.below(list.len())]
}

/// A matcher in place, or none.
fn matcher(random: &mut Random) -> &'static str {
    match random.below(9) {
        0..=3 => one(random, &PATTERNS),
        8 => "@glob",
        4 => "@method",
        5 => "@query",
        6 => "@header",
        _ => "",
    }
}

fn line(random: &mut Random, depth: usize) -> String {
    let at = matcher(random);
    let text = [
        "{path}",
        "{uri}",
        "{query.k}",
        "{header.X-Id}",
        "{re.r.1}-{method}",
        "{vars.v}",
        "{http.request.host.labels.0}",
    ];
    match random.below(if depth == 0 { 14 } else { 12 }) {
        0 | 1 => format!("respond {at} \"{}\"", one(random, &text)),
        2 => format!(
            "respond {at} \"x {}\" {}",
            one(random, &text),
            one(random, &["200", "404", "418", "204"])
        ),
        3 => format!(
            "redir {} {} {}",
            if at.is_empty() { "*" } else { at },
            one(random, &["/to", "https://o.test{uri}", "/x?{query}"]),
            one(random, &["301", "302", "308", ""])
        ),
        4 => format!(
            "rewrite {} {}",
            if at.is_empty() { "*" } else { at },
            one(random, &["/a/b", "/x{path}", "/y?{query}", "?k=z", "/n{uri}"])
        ),
        5 => format!(
            "uri {at} {}",
            one(
                random,
                &[
                    "strip_prefix /a",
                    "strip_suffix b",
                    "replace a z",
                    "path_regexp /+ /",
                    "query +n 1",
                    "query -k"
                ]
            )
        ),
        6 => format!(
            "header {at} {}",
            one(random, &["X-One {path}", "+X-Two 2", "-Server", "?X-Three 3", ">X-Four 4"])
        ),
        7 => format!("vars {at} v {}", one(random, &["1", "{path}", "x{query.k}"])),
        8 => format!("request_header {at} {}", one(random, &["X-Id new", "-X-Id", "+X-Id more"])),
        9 => format!("error {at} \"no {{path}}\" {}", one(random, &["403", "404", "500"])),
        10 => format!(
            "reverse_proxy {at} 127.0.0.1:{{$B1}} {{\n{}\n}}",
            one(
                random,
                &["", "header_up X-Path {path}", "rewrite /up{uri}", "header_down +X-Down 1", "method GET"]
            )
        ),
        11 => format!("method {at} {}", one(random, &["GET", "POST"])),
        12 => format!("handle {at} {{\n{}\n}}", lines(random, depth + 1)),
        _ => format!("route {at} {{\n{}\n}}", lines(random, depth + 1)),
    }
}

fn lines(random: &mut Random, depth: usize) -> String {
    let count = 1 + random.below(4);
    (0..count).map(|_| line(random, depth)).collect::<Vec<_>>().join("\n")
}

fn site(random: &mut Random) -> String {
    let named = "@method method POST PUT\n@query query k=v\n@glob path *.php *b* *.css\n@header {\n\theader X-Id *\n\tpath_regexp r ^/(.)\n}\n";
    let errors = if random.below(3) == 0 {
        "\nhandle_errors {\nrespond \"e {err.status_code} {err.message} {path}\"\n}\n"
    } else {
        ""
    };
    let count = 2 + random.below(5);
    let body: Vec<String> = (0..count).map(|_| line(random, 0)).collect();
    format!(":{{$HTTP}} {{\n{named}{}\n{errors}}}\n", body.join("\n"))
}

fn request(random: &mut Random) -> Value {
    let method = one(random, &["GET", "GET", "GET", "POST", "HEAD", "PUT"]);
    let mut headers = Vec::new();
    if random.below(3) == 0 {
        headers.push(json!(["X-Id", one(random, &["", "7", "a b"])]));
    }
    let body = if method == "POST" { "abc" } else { "" };
    let target = format!("{}{}", one(random, &PATHS), one(random, &QUERIES));
    json!({
        "scheme": "http", "host": one(random, &["v.test", "V.test:80", "a.b.test"]), "method": method, "target": target,
        "headers": headers, "body": body,
    })
}

/// Runs a number of sites; gives how many requests there were, and the sites that differ.
fn run(one: impl Fn(&Harness, u64, usize) -> Result<(usize, Option<String>), String>) {
    let number =
        |name: &str, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (sites, seed) = (number("CADDYCTL_SITES", 16), number("CADDYCTL_SEED", 1));
    let harness = Harness::start();
    let (mut asked, mut wrong, mut refused) = (0, Vec::new(), 0);
    for offset in 0..sites {
        match one(&harness, seed + offset, usize::try_from(offset).unwrap()) {
            Ok((count, differing)) => {
                asked += count;
                wrong.extend(differing);
            }
            Err(why) => {
                println!("seed {}: {why}", seed + offset);
                refused += 1;
            }
        }
    }
    println!("{asked} requests, {refused} sites refused, {} sites differ", wrong.len());
    assert!(asked > 100, "only {asked} requests");
    assert!(refused * 4 <= sites, "{refused} of {sites} sites are refused");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn generated_sites() {
    run(|harness, seed, _| {
        let mut random = Random::new(seed);
        let caddyfile = site(&mut random);
        let requests: Vec<Value> = (0..REQUESTS).map(|_| request(&mut random)).collect();
        let folder = tempfile::tempdir().unwrap();
        let (count, differing) = harness.ask_with("", &caddyfile, &requests, folder.path(), true)?;
        let shown =
            (!differing.is_empty()).then(|| format!("seed {seed}:\n{caddyfile}{}", differing.join("\n")));
        Ok((count, shown))
    });
}

#[test]
fn composed_sites() {
    run(|harness, seed, number| {
        let site = compose(&mut Random::new(seed), number);
        let folder = tempfile::tempdir().unwrap();
        for (path, content) in &site.files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, format!("{content}\n")).unwrap();
        }
        let (count, differing) =
            harness.ask_with(&site.options, &site.caddyfile, &site.requests, folder.path(), true)?;
        let shown = (!differing.is_empty()).then(|| {
            format!(
                "seed {seed}, kind {}:\n{}\n{}{}",
                number % KINDS,
                site.options,
                site.caddyfile,
                differing.join("\n")
            )
        });
        Ok((count, shown))
    });
}

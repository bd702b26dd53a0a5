//! The first file of checks (`test --init`): the real Caddy agrees with each check in it. Examples, small sites and real Caddyfiles
//! run without TLS and with upstreams on loopback.

use crate::support::caddy::{VERSION, compile};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use caddyctl_analysis::Side;
use caddyctl_analysis::checks::{self, Case, Expected};
use caddyctl_analysis::requests::Program;
use caddyctl_host::{Disk, Machine};
use caddyctl_language::source::Env;
use serde_json::{Value, json};

use super::harness::{Harness, Running};
use crate::support::server::free_port;

/// So many of the real Caddyfiles are asked.
const REAL: usize = 40;

/// Changes a configuration so that it runs here: other ports, no TLS, no logs, upstreams of ours.
fn adapt(config: &mut Value, harness: &Harness) {
    let servers = config.pointer("/apps/http/servers").cloned().unwrap_or_default();
    let mut ports: BTreeMap<String, u16> = BTreeMap::new();
    let mut changed = serde_json::Map::new();
    for (name, mut server) in servers.as_object().cloned().unwrap_or_default() {
        let mut listen = Vec::new();
        for address in server["listen"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let port = *ports.entry(address.to_owned()).or_insert_with(free_port);
            listen.push(format!("127.0.0.1:{port}"));
        }
        server["listen"] = json!(listen);
        server["automatic_https"] = json!({ "disable": true });
        for key in ["tls_connection_policies", "logs", "listener_wrappers", "strict_sni_host"] {
            server.as_object_mut().unwrap().remove(key);
        }
        changed.insert(name, server);
    }
    let mut dials = BTreeMap::new();
    let mut servers = Value::Object(changed);
    proxies(&mut servers, harness, &mut dials);
    *config = json!({
        "admin": { "listen": format!("127.0.0.1:{}", free_port()), "config": { "persist": false } },
        "apps": { "http": { "http_port": free_port(), "https_port": free_port(), "servers": servers } },
    });
}

/// Gives every proxy upstreams of ours, which speak plain HTTP.
fn proxies(value: &mut Value, harness: &Harness, dials: &mut BTreeMap<String, String>) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|one| proxies(one, harness, dials)),
        Value::Object(fields) => {
            if fields.get("handler").is_some_and(|name| name == "reverse_proxy") {
                for key in ["transport", "health_checks"] {
                    fields.remove(key);
                }
                for upstream in
                    fields.get_mut("upstreams").and_then(Value::as_array_mut).into_iter().flatten()
                {
                    let dial = upstream["dial"].as_str().unwrap_or_default().to_owned();
                    if !dial.contains('{') {
                        let own = dials.entry(dial).or_insert_with(|| harness.upstream());
                        upstream["dial"] = json!(own);
                    }
                }
            }
            fields.values_mut().for_each(|one| proxies(one, harness, dials));
        }
        _ => {}
    }
}

/// What the real Caddy does otherwise than the check expects.
fn differs(case: &Case, harness: &Harness, folder: &Path) -> Option<String> {
    let request = &case.request;
    let headers: Vec<Value> = request.headers.iter().map(|(name, value)| json!([name, value])).collect();
    let asked = json!({
        "method": request.method, "target": request.target, "host": request.host, "headers": headers,
        "port": request.port.map(|port| port.to_string()),
    });
    let (answer, visits) = harness.exchange(&asked);
    let status = answer.as_ref().map_or(0, |answer| answer["status"].as_u64().unwrap());
    let wrong = case.expected.iter().find(|expected| match expected {
        Expected::Status(all) => !all.iter().any(|one| u64::from(*one) == status),
        Expected::Redirect(to) => answer.as_ref().is_none_or(|answer| answer["location"] != **to),
        Expected::Upstream(address) => visits.last().is_none_or(|visit| visit["address"] != **address),
        Expected::File(path) => {
            let text = fs::read(folder.join(path)).unwrap_or_default();
            status != 200 || answer.as_ref().unwrap()["body"] != *String::from_utf8_lossy(&text)
        }
        Expected::Closed => answer.is_some(),
        other => panic!("{other:?} is not among what `--init` writes"),
    });
    wrong.map(|expected| format!("{}: {expected:?}, but {answer:?}, {visits:?}", case.name))
}

/// Runs one configuration: how many checks there are, and what the real Caddy disagrees with.
fn ask(path: &Path, env: &Env, harness: &Harness) -> Option<(usize, Vec<String>)> {
    let text = fs::read(path).unwrap();
    let compilation = compile("Caddyfile", &text, env, &Disk::new(path.parent().unwrap()));
    let mut config = compilation.value()?;
    adapt(&mut config, harness);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("caddy.json"), config.to_string()).unwrap();
    let running = Running::of(harness, folder.path(), "caddy.json")?;
    let side = Side::json("caddy.json", config);
    let program = Program::new(side.tree()).for_version(VERSION);
    let machine = Machine::new(folder.path(), env.clone());
    let first = checks::init(&program, &machine, &|_| None);
    let read = checks::read(&first).unwrap_or_else(|error| panic!("{}: {error}\n{first}", path.display()));
    assert!(read.faults.is_empty(), "{}: {:?}\n{first}", path.display(), read.faults);
    // A client's address other than this one cannot be sent from here.
    let cases: Vec<Case> = read.cases.into_iter().filter(|case| case.request.from == "127.0.0.1").collect();
    let outcomes = checks::run(&cases, &read.checks, &program, &machine);
    let failed = outcomes.iter().filter(|outcome| outcome.state() == checks::State::Failed);
    let mut wrong: Vec<String> =
        failed.map(|outcome| format!("{}: {}", outcome.case.name, outcome.sentence())).collect();
    wrong.extend(cases.iter().filter_map(|case| differs(case, harness, folder.path())));
    drop(running);
    Some((cases.len(), wrong))
}

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let inside = |folder: PathBuf, most: usize| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut files: Vec<_> =
            entries.map(|entry| entry.path().join("Caddyfile")).filter(|path| path.exists()).collect();
        files.sort();
        files.truncate(most);
        files
    };
    let mut files = vec![root.join("Caddyfile")];
    files.extend(inside(root.join("examples"), usize::MAX));
    files.extend(inside(root.join("../shared/realworld/visible"), REAL));
    files
}

#[test]
fn the_real_caddy_agrees_with_a_first_file() {
    let harness = Harness::start();
    let mut env = Env::empty();
    for (name, value) in [("DOMAIN", "v.test"), ("EMAIL", "a@v.test")] {
        env.set(name, value);
    }
    let (mut asked, mut checked, mut wrong) = (0, 0, Vec::new());
    for path in files() {
        let Some((count, differing)) = ask(&path, &env, &harness) else { continue };
        asked += 1;
        checked += count;
        wrong.extend(differing.into_iter().map(|text| format!("{}: {text}", path.display())));
    }
    println!("{asked} files, {checked} checks, {} differ", wrong.len());
    assert!(asked >= 5 && checked >= 10, "only {asked} files and {checked} checks");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

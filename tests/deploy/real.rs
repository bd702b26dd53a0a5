//! Deploys to a real Caddy.

use std::time::Duration;

use caddyctl_deploy::deploy;
use caddyctl_deploy::files::digest::same_config;
use caddyctl_deploy::plan;
use caddyctl_deploy::state::history;
use caddyctl_deploy::state::journal;
use caddyctl_deploy::state::lock;
use caddyctl_deploy::transaction::check::Allow;
use caddyctl_deploy::transaction::confirm;
use caddyctl_deploy::transaction::error::Cause;
use caddyctl_deploy::transaction::setup::{Setup, Unserved};
use caddyctl_deploy::transaction::undo::Runs;
use caddyctl_deploy::verify;
use serde_json::json;

use crate::support::backend::{self, get};
use crate::support::server::{Caddy, config_with, free_port, static_config};
use crate::support::site::{Site, artifact};

fn address() -> String {
    format!("127.0.0.1:{}", free_port())
}

#[test]
fn routes_answer_and_a_websocket_passes_through() {
    let (admin, port, backend) = (address(), free_port(), backend::start());
    let caddy = Caddy::start(&static_config(&admin, port, "old"));
    assert_eq!(get(port, "/").unwrap(), "old");
    let upstreams = json!([{"dial": format!("127.0.0.1:{backend}")}]);
    let new = config_with(
        &admin,
        port,
        &json!([{"handle": [{"handler": "reverse_proxy", "upstreams": upstreams}]}]),
    );
    let site = Site::new();
    let report = deploy(&artifact(&new, "new"), &site.setup(&caddy.admin), None).unwrap();
    assert!(report.changed && report.deployment.is_some());
    assert_eq!(get(port, "/api/build_info").unwrap(), "GET /api/build_info");
    let stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    let (mut socket, response) =
        tungstenite::client(format!("ws://127.0.0.1:{port}/api/chat"), stream).unwrap();
    assert_eq!(response.status(), 101);
    socket.send("hello".into()).unwrap();
    assert_eq!(socket.read().unwrap().to_text().unwrap(), "hello");
    assert_eq!(site.read("/etc/caddy/Caddyfile"), "# new\nimport sites/*.caddy\n");
}

#[test]
fn a_second_deploy_changes_nothing() {
    let (admin, port) = (address(), free_port());
    let caddy = Caddy::start(&static_config(&admin, port, "old"));
    let site = Site::new();
    let new = artifact(&static_config(&admin, port, "new"), "new");
    assert!(!plan(&new, &site.setup(&caddy.admin)).unwrap().is_empty());
    assert_eq!(site.tree(), [], "a plan writes nothing");
    assert!(deploy(&new, &site.setup(&caddy.admin), None).unwrap().changed);
    let (before, times) = (site.tree(), times(&site));
    let again = deploy(&new, &site.setup(&caddy.admin), None).unwrap();
    assert!(!again.changed && again.deployment.is_none());
    assert_eq!((site.tree(), self::times(&site)), (before, times));
    assert_eq!(site.tree().len(), 3, "no staged file is left: {:?}", site.tree());
    let records = history::list(&site.host);
    assert_eq!((records.len(), records[0].outcome), (1, history::Outcome::Deployed));
}

fn times(site: &Site) -> Vec<std::time::SystemTime> {
    site.tree().iter().map(|(path, _)| path.metadata().unwrap().modified().unwrap()).collect()
}

#[test]
fn a_refused_configuration_changes_nothing_and_the_old_one_serves() {
    let (admin, port) = (address(), free_port());
    let caddy = Caddy::start(&static_config(&admin, port, "old"));
    let site = Site::new();
    let old = artifact(&static_config(&admin, port, "old"), "old");
    deploy(&old, &site.setup(&caddy.admin), None).unwrap();
    let (before, running) = (site.tree(), caddy.running());
    let bad = config_with(&admin, port, &json!([{"handle": [{"handler": "no_such_handler"}]}]));
    let failure = deploy(&artifact(&bad, "bad"), &site.setup(&caddy.admin), None).unwrap_err();
    assert!(failure.cause.is_input());
    let words = failure.cause.refusal().unwrap();
    assert!(words.contains("unknown module: http.handlers.no_such_handler"), "{words}");
    assert!(failure.undo.unwrap().is_complete());
    assert_eq!((site.tree(), caddy.running()), (before, running));
    assert_eq!(get(port, "/").unwrap(), "old");
    assert_eq!(journal::Journal::find(&site.host).unwrap(), None);
}

#[test]
fn a_port_in_use_is_refused_in_caddys_words() {
    let (admin, port) = (address(), free_port());
    let caddy = Caddy::start(&static_config(&admin, port, "old"));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let busy = static_config(&admin, taken.local_addr().unwrap().port(), "new");
    let site = Site::new();
    let failure = deploy(&artifact(&busy, "new"), &site.setup(&caddy.admin), None).unwrap_err();
    assert!(failure.cause.refusal().unwrap().contains("address already in use"), "{failure}");
    assert_eq!(site.tree(), []);
    assert_eq!(get(port, "/").unwrap(), "old");
}

#[test]
fn an_empty_configuration_and_admin_off_are_refused_before_anything() {
    let (admin, port) = (address(), free_port());
    let caddy = Caddy::start(&static_config(&admin, port, "old"));
    let site = Site::new();
    for bad in [
        json!({}),
        json!({"admin": {"listen": admin}}),
        json!({"admin": {"disabled": true}, "apps": {"http": {}}}),
    ] {
        let failure = deploy(&artifact(&bad, "bad"), &site.setup(&caddy.admin), None).unwrap_err();
        assert!(matches!(*failure.cause, Cause::Check(_)), "{failure}");
    }
    let mut off = static_config(&admin, port, "off");
    off["admin"] = json!({"disabled": true});
    let allow = Allow { admin_off: true, ..Allow::default() };
    deploy(&artifact(&off, "off"), &Setup { allow, ..site.setup(&caddy.admin) }, None).unwrap();
    assert_eq!(get(port, "/").unwrap(), "off");
    assert_eq!(caddy.try_running(), None);
}

#[test]
fn over_a_unix_socket_and_from_there_to_tcp() {
    let folder = tempfile::tempdir().unwrap();
    let (socket, port) = (format!("unix/{}|0600", folder.path().join("admin.sock").display()), free_port());
    let caddy = Caddy::start(&static_config(&socket, port, "old"));
    let site = Site::new();
    deploy(&artifact(&static_config(&socket, port, "new"), "new"), &site.setup(&caddy.admin), None).unwrap();
    assert_eq!(get(port, "/").unwrap(), "new");
    let moved = static_config(&address(), port, "moved");
    deploy(&artifact(&moved, "moved"), &site.setup(&caddy.admin), None).unwrap();
    assert_eq!(get(port, "/").unwrap(), "moved");
    assert_eq!(site.read("/etc/caddy/sites/one.caddy"), "# one moved\n");
}

#[test]
fn caddy_killed_before_the_load_leaves_the_old_files() {
    let (admin, port) = (address(), free_port());
    let config = static_config(&admin, port, "old");
    let mut caddy = Caddy::start(&config);
    let site = Site::new();
    deploy(&artifact(&config, "old"), &site.setup(&caddy.admin), None).unwrap();
    let before = site.tree();
    let pid = i32::try_from(caddy.pid()).unwrap();
    let observe = |step| {
        if step == caddyctl_deploy::transaction::setup::Step::Load {
            let pid = rustix::process::Pid::from_raw(pid).unwrap();
            rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let setup = Setup { observe: &observe, ..site.setup(&caddy.admin) };
    let failure = deploy(&artifact(&static_config(&admin, port, "new"), "new"), &setup, None).unwrap_err();
    assert_eq!(failure.undo.unwrap().runs, Runs::Stopped);
    assert_eq!(site.tree(), before);
    caddy.restart(&config);
    assert_eq!(get(port, "/").unwrap(), "old");
}

#[test]
fn unreachable_is_reported_before_anything_changes() {
    let site = Site::new();
    let admin = address();
    let setup = site.setup(&admin.parse().unwrap());
    let failure = deploy(&artifact(&static_config(&admin, 1, "x"), "new"), &setup, None).unwrap_err();
    let message = failure.to_string();
    assert!(message.starts_with(&format!("no response from the admin address {admin}: ")), "{message}");
    assert!(!failure.cause.is_input() && failure.undo.is_none());
    assert_eq!(site.tree(), []);
}

#[test]
fn failed_checks_bring_the_old_configuration_back() {
    let (admin, port) = (address(), free_port());
    let old = static_config(&admin, port, "old");
    let caddy = Caddy::start(&old);
    let site = Site::new();
    deploy(&artifact(&old, "old"), &site.setup(&caddy.admin), None).unwrap();
    let before = site.tree();
    let checks = |_| match get(port, "/").as_deref() {
        Ok("new") => Err(Unserved("`/` answers `new`".to_owned())),
        other => panic!("the new configuration is not up: {other:?}"),
    };
    let setup = Setup { checks: &checks, ..site.setup(&caddy.admin) };
    let failure = deploy(&artifact(&static_config(&admin, port, "new"), "new"), &setup, None).unwrap_err();
    assert_eq!(failure.to_string(), "the checks failed: `/` answers `new`");
    assert_eq!(
        failure.undo.unwrap().to_string(),
        "the files are unchanged; Caddy runs the old configuration"
    );
    assert!(same_config(&caddy.running(), &old));
    assert_eq!((site.tree(), get(port, "/").unwrap()), (before, "old".to_owned()));
    assert_eq!(history::list(&site.host)[0].outcome, history::Outcome::Undone);
}

#[test]
fn a_request_to_stop_undoes() {
    let (admin, port) = (address(), free_port());
    let old = static_config(&admin, port, "old");
    let caddy = Caddy::start(&old);
    let site = Site::new();
    let setup = site.setup(&caddy.admin);
    let cancel = setup.cancel.clone();
    let checks = |_| {
        cancel.cancel();
        Ok(())
    };
    let setup = Setup { checks: &checks, ..setup };
    let failure = deploy(&artifact(&static_config(&admin, port, "new"), "new"), &setup, None).unwrap_err();
    assert!(matches!(*failure.cause, Cause::Cancelled), "{failure}");
    assert!(same_config(&caddy.running(), &old));
    assert_eq!(site.tree(), []);
}

#[test]
fn two_deploys_at_once() {
    let (admin, port) = (address(), free_port());
    let caddy = Caddy::start(&static_config(&admin, port, "old"));
    let site = Site::new();
    let versions = ["a", "b", "c", "d"];
    std::thread::scope(|scope| {
        for version in versions {
            let (site, caddy, admin) = (&site, &caddy, &admin);
            scope.spawn(move || {
                let artifact = artifact(&static_config(admin, port, version), version);
                deploy(&artifact, &site.setup(&caddy.admin), None).unwrap();
            });
        }
    });
    let last = get(port, "/").unwrap();
    assert!(versions.contains(&last.as_str()), "{last}");
    for (path, text) in site.tree() {
        assert!(text.contains(&last), "{} is not of the version {last}: {text}", path.display());
    }
    let _held = lock::Lock::take(
        &site.host,
        "ann",
        Duration::ZERO,
        &caddyctl_deploy::process::cancel::Cancel::default(),
    )
    .unwrap();
    let setup = Setup { wait: Duration::from_millis(50), ..site.setup(&caddy.admin) };
    let failure = deploy(&artifact(&static_config(&admin, port, "e"), "e"), &setup, None).unwrap_err();
    assert!(failure.to_string().contains("of ann since"), "{failure}");
}

#[test]
fn a_deploy_waits_for_its_confirmation() {
    let (admin, port) = (address(), free_port());
    let old = static_config(&admin, port, "old");
    let caddy = Caddy::start(&old);
    let site = Site::new();
    deploy(&artifact(&old, "old"), &site.setup(&caddy.admin), None).unwrap();
    let installed = || Ok(old.to_string().into_bytes());
    let setup = || Setup { compile_installed: &installed, ..site.setup(&caddy.admin) };
    let minute = Some(Duration::from_mins(1));

    let kept = artifact(&static_config(&admin, port, "kept"), "kept");
    assert!(deploy(&kept, &setup(), minute).unwrap().awaits_confirmation);
    assert_eq!(
        (get(port, "/").unwrap().as_str(), site.read("/etc/caddy/sites/one.caddy").as_str()),
        ("kept", "# one old\n")
    );
    let blocked = deploy(&artifact(&old, "other"), &setup(), None).unwrap_err();
    assert!(blocked.to_string().contains("waits for `caddyctl confirm`"), "{blocked}");
    assert!(confirm::confirm(&setup()).unwrap().is_some());
    assert_eq!(site.read("/etc/caddy/sites/one.caddy"), "# one kept\n");
    assert_eq!(history::current(&site.host).unwrap().outcome, history::Outcome::Deployed);

    let installed = || Ok(kept.json.clone());
    let setup = || Setup { compile_installed: &installed, ..site.setup(&caddy.admin) };
    let lost = artifact(&static_config(&admin, port, "lost"), "lost");
    deploy(&lost, &setup(), Some(Duration::from_millis(1))).unwrap();
    assert_eq!(get(port, "/").unwrap(), "lost");
    std::thread::sleep(Duration::from_millis(5));
    assert!(confirm::confirm(&setup()).unwrap().is_some());
    assert_eq!(
        (get(port, "/").unwrap().as_str(), site.read("/etc/caddy/sites/one.caddy").as_str()),
        ("kept", "# one kept\n")
    );
}

#[test]
fn checks_over_https() {
    let (admin, port) = (address(), free_port());
    let mut config = static_config(&admin, port, "secret place");
    let server = &mut config["apps"]["http"]["servers"]["srv0"];
    server["automatic_https"] = json!({"disable_redirects": true});
    server["tls_connection_policies"] = json!([{}]);
    server["routes"][0]["match"] = json!([{"host": ["app.test"]}]);
    config["apps"]["http"]["http_port"] = free_port().into();
    config["apps"]["http"]["https_port"] = port.into();
    config["apps"]["tls"] = json!({"automation": {"policies": [{"issuers": [{"module": "internal"}]}]}});
    config["apps"]["pki"] = json!({"certificate_authorities": {"local": {"install_trust": false}}});
    let caddy = Caddy::start(&config);
    let checks =
        format!("[[check]]\nurl = \"https://app.test:{port}/\"\ncontains = \"secret place\"\nretries = 5\n");
    let checks = verify::parse(&checks).unwrap();
    let resolve = vec![("app.test".to_owned(), ([127, 0, 0, 1], port).into())];
    let reach = verify::Reach { resolve, roots: vec![caddy.root_certificate()], ..verify::Reach::default() };
    assert_eq!(verify::verify(&checks, &reach).unwrap()[0].fault, None);
    let untrusting = verify::Reach { roots: Vec::new(), ..reach };
    let mut checks = checks;
    checks.check[0].retries = 0;
    let fault = verify::verify(&checks, &untrusting).unwrap()[0].fault.clone().unwrap();
    assert!(fault.contains("certificate"), "{fault}");
}

//! Words of plugins, and `validate --caddy`, which asks a build for its modules.

#[cfg(feature = "deploy")]
use crate::support::caddy;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

const CADDYFILE: &str = "{\n\tlayer4 {\n\t\t:5000 {\n\t\t}\n\t}\n}\n\nexample.com {\n\trate_limit {\n\t\tzone a {\n\t\t}\n\t}\n\ttls {\n\t\tdns cloudflare {env.TOKEN}\n\t}\n\trespond ok\n}\n";

/// Status, standard output and standard error of `validate` with these arguments.
fn validate(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_caddyctl"))
        .arg("validate")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (out.status.code(), text(out.stdout), text(out.stderr))
}

/// A folder with the Caddyfile, and a program that answers as `caddy list-modules` would.
fn folder(modules: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Caddyfile"), CADDYFILE).unwrap();
    let program = folder.path().join("caddy");
    fs::write(&program, format!("#!/bin/sh\n[ \"$1\" = list-modules ] && printf '%s\\n' {modules}\n"))
        .unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

#[test]
fn without_a_build_they_are_faults_that_name_the_plugin() {
    let folder = folder("http");
    let (status, out, _) = validate(folder.path(), &[]);
    assert_eq!(status, Some(1));
    for package in
        ["github.com/mholt/caddy-l4", "github.com/mholt/caddy-ratelimit", "github.com/caddy-dns/cloudflare"]
    {
        assert!(out.contains(package), "{package}: {out}");
    }
}

#[cfg(feature = "deploy")]
#[test]
fn a_build_that_has_them_makes_them_notes() {
    let folder = folder("http layer4 http.handlers.rate_limit dns.providers.cloudflare");
    let (status, out, _) = validate(folder.path(), &["--format", "concise", "--caddy", "./caddy"]);
    assert_eq!(status, Some(0), "{out}");
    assert_eq!(out.matches("not checked here").count(), 3, "{out}");
}

#[cfg(feature = "deploy")]
#[test]
fn the_stock_build_has_none_of_them() {
    let folder = folder("http");
    let caddy = caddy::binary();
    let (status, out, _) = validate(folder.path(), &["--caddy", caddy.to_str().unwrap()]);
    assert_eq!(status, Some(1));
    assert_eq!(out.matches("has no module").count(), 3, "{out}");
}

#[cfg(feature = "deploy")]
#[test]
fn a_program_that_is_not_caddy_is_reported() {
    let folder = folder("http");
    for (program, words) in [("./nowhere", "cannot run ./nowhere"), ("/bin/true", "lists no modules")] {
        let (status, _, error) = validate(folder.path(), &["--caddy", program]);
        assert_eq!(status, Some(2), "{error}");
        assert!(error.contains(words), "{error}");
    }
}

/// Status, standard output and standard error of a command.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_caddyctl"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (out.status.code(), text(out.stdout), text(out.stderr))
}

const LIMITED: &str = "example.com {\n\trate_limit {\n\t\tzone all {\n\t\t\tkey {remote_host}\n\t\t\twindow 1m\n\t\t\tevents 100\n\t\t}\n\t}\n\trespond ok\n}\n";

#[test]
fn plugins_that_are_given_are_known() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Caddyfile"), LIMITED).unwrap();
    let with = ["--with", "github.com/mholt/caddy-ratelimit@v0.1.0"];
    let (status, out, _) = run(folder.path(), &["adapt", with[0], with[1]]);
    assert_eq!(status, Some(0), "{out}");
    assert!(out.contains("\"rate_limits\":{\"all\":{"), "{out}");
    for command in [&["validate"][..], &["routes"], &["explain", "rate_limit"]] {
        let (status, out, err) = run(folder.path(), &[command, &with].concat());
        assert_eq!(status, Some(0), "{command:?}: {out}{err}");
        let (status, ..) = run(folder.path(), command);
        assert_ne!(status, Some(0), "{command:?} without the plugin");
    }
    let (status, out, _) = run(folder.path(), &["diff", "Caddyfile", "Caddyfile", with[0], with[1]]);
    assert_eq!(status, Some(0), "{out}");
    let (status, _, err) = run(folder.path(), &["adapt", "--with", "github.com/mholt/caddy-ratelimits"]);
    assert_eq!(status, Some(2));
    assert!(err.contains("did you mean `github.com/mholt/caddy-ratelimit`?"), "{err}");
}

#[test]
fn a_project_names_its_plugins() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Caddyfile"), LIMITED).unwrap();
    fs::write(
        folder.path().join("caddyctl.toml"),
        "[caddy]\nplugins = [\"github.com/mholt/caddy-ratelimit\"]\n",
    )
    .unwrap();
    let (status, _, err) = run(folder.path(), &["adapt"]);
    assert_eq!(status, Some(0), "{err}");
    assert!(err.contains("caddyctl.toml adds plugins"), "{err}");
    let (status, out, _) = run(folder.path(), &["validate"]);
    assert_eq!(status, Some(0), "{out}");
    let (status, out, _) = run(folder.path(), &["validate", "--isolated"]);
    assert_eq!(status, Some(1), "{out}");
}

/// A definition as a project has its own.
const OWN: &str = "format = 1\npackage = \"example.com/hello\"\n\n[[directive]]\nname = \"hello\"\ndoc = \"Greets clients\"\norder = \"before respond\"\nargs = [{ to = \"greeting\", optional = true }]\nrows = [{ word = \"timeout\", is = \"duration\", doc = \"How long it may take\" }]\nexample = [{ text = \"hello Hi\", json = '{\"greeting\":\"Hi\",\"handler\":\"hello\"}' }]\n";

#[test]
fn a_project_defines_its_own_words() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("Caddyfile", ":80 {\n\thello Hi {\n\t\ttimeout 1m\n\t}\n}\n");
    write("caddyctl.toml", "[caddy]\ndefinitions = [\"ours.toml\"]\n");
    write("ours.toml", OWN);
    let (status, out, err) = run(folder.path(), &["adapt"]);
    assert_eq!(status, Some(0), "{err}");
    assert!(out.contains(r#"{"greeting":"Hi","handler":"hello","timeout":60000000000}"#), "{out}");
    let (status, ..) = run(folder.path(), &["plugins", "check", "ours.toml"]);
    assert_eq!(status, Some(0));

    write("ours.toml", &OWN.replace("duration", "durration"));
    let (status, _, err) = run(folder.path(), &["adapt"]);
    assert_eq!(status, Some(2));
    assert!(err.contains("ours.toml:9:") && err.contains("did you mean `duration`?"), "{err}");
    let (status, _, err) = run(folder.path(), &["plugins", "check", "ours.toml"]);
    assert_eq!(status, Some(1), "{err}");

    write("ours.toml", &OWN.replace("\"Hi\",\"handler\"", "\"Ho\",\"handler\""));
    let (status, _, err) = run(folder.path(), &["plugins", "check", "ours.toml"]);
    assert_eq!(status, Some(1), "{err}");
    assert!(err.contains("`hello Hi` gives"), "{err}");

    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.toml"), "SECRET = 1\n").unwrap();
    fs::remove_file(folder.path().join("ours.toml")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.toml"), folder.path().join("ours.toml")).unwrap();
    let (status, _, err) = run(folder.path(), &["adapt"]);
    assert_eq!(status, Some(2));
    assert!(err.contains("a link that leads out") && !err.contains("SECRET"), "{err}");
}

#[test]
fn the_order_of_a_known_plugin_names_its_package() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Caddyfile"), "{\n\torder webdav last\n}\n:80 {\n\trespond ok\n}\n")
        .unwrap();
    let (status, out, _) = run(folder.path(), &["validate"]);
    assert_eq!(status, Some(1));
    assert!(out.contains("--with github.com/mholt/caddy-webdav"), "{out}");
}

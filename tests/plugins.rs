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

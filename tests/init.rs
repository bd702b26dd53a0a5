//! `caddyctl init`: what it finds in a project and on a machine, and what it leaves alone.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

/// Status, standard output and standard error of `init` in a folder, with these folders in PATH.
fn init(folder: &Path, path: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_caddyctl"))
        .arg("init")
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", path)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (out.status.code(), text(out.stdout), text(out.stderr))
}

fn written(folder: &Path) -> String {
    fs::read_to_string(folder.join("caddyctl.toml")).unwrap()
}

const DOCKERFILE: &str = "FROM caddy:2.10-builder AS build\nRUN xcaddy build \\\n  --with github.com/caddy-dns/cloudflare \\\n  --with example.com/unknown/plugin@v1\nFROM caddy:2.10\n";

#[test]
fn a_dockerfile_names_version_and_plugins() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Dockerfile"), DOCKERFILE).unwrap();
    let (status, out, err) = init(folder.path(), "/nowhere", &[]);
    assert_eq!(status, Some(0), "{err}");
    assert!(out.contains("Dockerfile:1: Caddy 2.10\n"), "{out}");
    let text = written(folder.path());
    assert!(text.contains("2.10") && text.contains("\"github.com/caddy-dns/cloudflare\""), "{text}");
    assert!(text.contains("#   example.com/unknown/plugin@v1\n"), "{text}");
    // What it wrote is used.
    fs::write(
        folder.path().join("Caddyfile"),
        "example.com {\n\ttls {\n\t\tdns cloudflare {env.T}\n\t}\n\trespond hi\n}\n",
    )
    .unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_caddyctl"))
        .arg("adapt")
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn settings_that_exist_stay_without_force() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("compose.yaml"), "services:\n  web:\n    image: dunglas/frankenphp\n")
        .unwrap();
    let old = "[lint]\nignore = [\"R022\"]\n";
    fs::write(folder.path().join("caddyctl.toml"), old).unwrap();
    let (status, _, err) = init(folder.path(), "/nowhere", &[]);
    assert_eq!(status, Some(2));
    assert!(err.contains("--force"), "{err}");
    assert_eq!(written(folder.path()), old);
    let (status, ..) = init(folder.path(), "/nowhere", &["--force"]);
    assert_eq!(status, Some(0));
    let text = written(folder.path());
    assert!(text.starts_with(old) && text.contains("github.com/dunglas/frankenphp/caddy"), "{text}");
    // Again, and nothing grows.
    let (status, ..) = init(folder.path(), "/nowhere", &["--force"]);
    assert_eq!((status, written(folder.path())), (Some(0), text));
}

#[test]
fn links_are_not_written() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let target = other.path().join("other.toml");
    fs::write(&target, "[lint]\n").unwrap();
    std::os::unix::fs::symlink(&target, folder.path().join("caddyctl.toml")).unwrap();
    let (status, _, err) = init(folder.path(), "/nowhere", &["--force"]);
    assert_eq!(status, Some(2), "{err}");
    assert_eq!(fs::read_to_string(&target).unwrap(), "[lint]\n");
}

/// A program that answers as Caddy does, and writes down that it ran.
#[cfg(feature = "deploy")]
fn program(folder: &Path) -> String {
    let path = folder.join("caddy");
    let text = "#!/bin/sh\necho ran >> \"$(dirname \"$0\")/ran\"\ncase $1 in\nversion) echo 'v2.10.2 h1:x' ;;\nlist-modules) printf '%s\\n' 'http github.com/caddyserver/caddy/v2' 'dns.providers.duckdns github.com/caddy-dns/duckdns' 'http.handlers.foo example.com/foo' ;;\nesac\n";
    fs::write(&path, text.replace("$(dirname \"$0\")", folder.to_str().unwrap())).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    folder.to_str().unwrap().to_owned() + ":/usr/bin:/bin"
}

#[cfg(feature = "deploy")]
#[test]
fn a_program_that_is_named_is_asked() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = program(other.path());
    let caddy = other.path().join("caddy");
    let (status, out, err) = init(folder.path(), &path, &["--caddy", caddy.to_str().unwrap()]);
    assert_eq!(status, Some(0), "{err}");
    assert!(out.contains("Caddy 2.10.2"), "{out}");
    let text = written(folder.path());
    assert!(
        text.contains("\"github.com/caddy-dns/duckdns\"") && text.contains("#   example.com/foo\n"),
        "{text}"
    );
}

/// A repository that brings a program called `caddy` and gets its folder into PATH does not have it run.
#[cfg(feature = "deploy")]
#[test]
fn a_program_of_the_project_is_not_run() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("bin")).unwrap();
    let bin = folder.path().join("bin");
    let path = program(&bin);
    for path in [path.as_str(), "bin", "."] {
        let (status, out, err) = init(folder.path(), path, &["--force"]);
        assert_eq!(status, Some(0), "{err}");
        assert!(!bin.join("ran").exists(), "{path}: {out}");
    }
    // A project that names its Caddy does not have the installed one asked.
    let outside = tempfile::tempdir().unwrap();
    let path = program(outside.path());
    fs::write(folder.path().join("Dockerfile"), "FROM caddy:2.10\n").unwrap();
    let (status, ..) = init(folder.path(), &path, &["--force"]);
    assert_eq!(status, Some(0));
    assert!(!outside.path().join("ran").exists());
}

//! What releases are made of, built from this program and installed: the archive with its installer, and the npm packages. The wheel is
//! built by `.ci/run --full`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn run(program: &str, words: &[&str]) -> (i32, String, String) {
    let output = Command::new(program).args(words).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn at(path: &str) -> String {
    format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))
}

fn shown(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The program without what a debugger needs, which packs ten times faster.
fn stripped(folder: &Path) -> PathBuf {
    let program = folder.join("caddyctl");
    let (status, _, error) = run("strip", &["-o", shown(&program), env!("CARGO_BIN_EXE_caddyctl")]);
    assert_eq!(status, 0, "{error}");
    program
}

#[test]
fn an_archive_installs_once_its_checksum_is_right() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let program = stripped(folder.path());
    let out = path("out");
    let build = [shown(&program), std::env::consts::ARCH, shown(&out)];
    let (status, _, error) = run(&at("packaging/tarball/build"), &build);
    assert_eq!(status, 0, "{error}");
    let archive = out.join(format!("caddyctl-{VERSION}-{}-linux.tar.gz", std::env::consts::ARCH));
    let sums = out.join("SHA256SUMS");
    let first = fs::read(&archive).unwrap();

    let prefix = path("prefix");
    let script = at("packaging/install.sh");
    let install = |archive: &Path, sums: &Path, prefix: &Path| {
        run("sh", &[&script, shown(archive), shown(sums), shown(prefix)])
    };
    let (status, version, error) = install(&archive, &sums, &prefix);
    assert_eq!(status, 0, "{error}");
    assert!(version.starts_with(&format!("caddyctl {VERSION}")), "{version}");
    for file in
        ["bin/caddyctl", "share/man/man1/caddyctl-deploy.1", "share/fish/vendor_completions.d/caddyctl.fish"]
    {
        assert!(prefix.join(file).exists(), "{file}");
    }
    let bin: Vec<_> =
        fs::read_dir(prefix.join("bin")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(bin, ["caddyctl"], "no temporary folder stays");

    // Another run packs the same bytes.
    assert_eq!(run(&at("packaging/tarball/build"), &build).0, 0);
    assert!(fs::read(&archive).unwrap() == first, "the archive is not reproducible");
    assert_eq!(fs::read_to_string(&sums).unwrap().lines().count(), 1);

    // What must install nothing.
    let broken = path("broken");
    let refused = |archive: &Path, sums: &Path, prefix: &Path, reason: &str| {
        let (status, _, error) = install(archive, sums, prefix);
        assert!(status == 2 && error.contains(reason), "{status} {error}");
        assert!(!broken.exists(), "{reason}: something was installed");
    };
    let half = path(&format!("caddyctl-{VERSION}-{}-linux.tar.gz", std::env::consts::ARCH));
    fs::write(&half, &first[..first.len() / 2]).unwrap();
    refused(&half, &sums, &broken, "the checksum of");
    let none = path("NONE");
    fs::write(&none, "").unwrap();
    refused(&archive, &none, &broken, "has no line for");
    refused(&path("gone.tar.gz"), &sums, &broken, "does not exist");
    let foreign = path("caddyctl-9.9.9-riscv64-linux.tar.gz");
    fs::write(&foreign, "").unwrap();
    refused(&foreign, &sums, &broken, "is not for this machine");
    fs::write(path("file"), "").unwrap();
    refused(&archive, &sums, &path("file"), "cannot create");
}

#[test]
fn the_npm_packages_start_the_program_of_the_platform() {
    assert_eq!(run("npm", &["--version"]).0, 0, "npm is missing; on Debian: apt-get install npm");
    let folder = TempDir::new().unwrap();
    let program = stripped(folder.path());
    let out = folder.path().join("out");
    let (status, _, error) = run(&at("packaging/npm/build"), &[shown(&program), "x64", shown(&out)]);
    assert_eq!(status, 0, "{error}");
    let packed = |name: &str| shown(&out.join(format!("{name}-{VERSION}.tgz"))).to_owned();
    let place = folder.path().join("place");
    let install = |packages: &[&str]| {
        let words =
            ["install", "--offline", "--no-audit", "--no-fund", "--omit=optional", "--prefix", shown(&place)];
        let (status, _, error) = run("npm", &[&words, packages].concat());
        assert_eq!(status, 0, "{error}");
    };
    let start = shown(&place.join("node_modules/.bin/caddyctl")).to_owned();
    install(&[&packed("caddyctl")]);
    let (status, _, error) = run(&start, &["version"]);
    assert!(status == 2 && error.contains("caddyctl-linux-x64 is not installed"), "{error}");
    install(&[&packed("caddyctl"), &packed("caddyctl-linux-x64")]);
    let (status, version, error) = run(&start, &["version"]);
    assert!(status == 0 && version.starts_with(&format!("caddyctl {VERSION}")), "{version}{error}");
    assert_eq!(run(&start, &["explain", "no-such-code"]).0, 2, "the exit status is the program's");
}

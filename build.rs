//! Records from which commit the program is built, for `caddyctl version`.
//!
//! The commit comes from `CADDYCTL_COMMIT` (a full name) and its date from `CADDYCTL_DATE` (`2026-01-31`), which packages set; else
//! from `.cargo_vcs_info.json`, which cargo writes into a package; else from git. What is not known stays empty.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-env-changed=CADDYCTL_COMMIT");
    println!("cargo:rerun-if-env-changed=CADDYCTL_DATE");
    println!("cargo:rerun-if-changed=build.rs");
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let commit = set("CADDYCTL_COMMIT").or_else(packaged).or_else(checked_out).unwrap_or_default();
    let date =
        set("CADDYCTL_DATE").or_else(|| git(&["show", "-s", "--format=%cs", "HEAD"])).unwrap_or_default();
    println!("cargo:rustc-env=CADDYCTL_COMMIT={commit}");
    println!("cargo:rustc-env=CADDYCTL_DATE={date}");
    println!("cargo:rustc-env=CADDYCTL_TARGET={}", std::env::var("TARGET").unwrap_or_default());
}

/// The commit that cargo wrote down when it made the package.
fn packaged() -> Option<String> {
    let text = std::fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let (_, rest) = text.split_once("\"sha1\"")?;
    rest.split('"').nth(1).map(str::to_owned)
}

/// The commit of the checkout, if this folder is the top of one.
fn checked_out() -> Option<String> {
    if !Path::new(".git").exists() {
        return None;
    }
    // A commit, a checkout and a reset all add a line to this log.
    if let Some(log) = git(&["rev-parse", "--git-path", "logs/HEAD"]) {
        println!("cargo:rerun-if-changed={log}");
    }
    git(&["rev-parse", "HEAD"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let output =
        Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().to_owned())
}

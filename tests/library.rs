//! Whoever compiles a Caddyfile with the library gets back the process that it had: no thread, no environment variable, no
//! limit and no scheduling is changed, nothing is started, and no C is linked in. The crates for the language and its analysis
//! know no operating system at all: they build for Windows, macOS and WebAssembly as they are.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The crates that build everywhere.
const PORTABLE: &[&str] = &["crates/language/src", "crates/analysis/src"];

/// What those leave to their callers: threads, programs, the environment, files and the system.
const ACTS: &[&str] = &[
    "std::thread",
    "thread::spawn",
    "thread::scope",
    "std::env",
    "env::var",
    "std::process",
    "rayon",
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "std::os",
    "SystemTime::now",
    "Instant::now",
    "cfg(unix",
    "cfg(windows",
    "cfg(target",
    "cfg(not",
    ".canonicalize(",
    ".metadata(",
    ".read_dir(",
];

/// Packages that are C or assembly, start threads, or call an operating system.
const FOREIGN: &[&str] = &[
    "cc",
    "libc",
    "nix",
    "psm",
    "rayon",
    "ring",
    "rustix",
    "stacker",
    "windows-sys",
    "getrandom",
    "mio",
    "tokio",
];

/// Packages that only the commands for servers need.
const ONLY_FOR_SERVERS: &[&str] =
    &["caddyctl-deploy", "indicatif", "jiff", "nix", "reqwest", "ring", "rustls", "tokio", "tungstenite"];

/// The process that asks Caddy, started for that alone, changes its own settings.
const ANOTHER_PROCESS: &str = "crates/deploy/src/process/apart.rs";

/// What would change a setting of the process, or take the place of a function of the C library.
const SETTINGS: &[&str] = &[
    "prctl",
    "sched_setaffinity",
    "sched_setscheduler",
    "setrlimit",
    "setpriority",
    "set_current_dir",
    "set_var",
    "remove_var",
    "umask",
    "no_mangle",
    "export_name",
    "extern \"C\"",
    "global_asm",
];

#[test]
fn the_portable_crates_know_no_system() {
    let mut wrong = Vec::new();
    let mut read = 0;
    for folder in PORTABLE {
        for path in files(&root().join(folder)) {
            wrong.extend(words(&path, ACTS));
            read += 1;
        }
    }
    assert!(read > 300, "only {read} files were read");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_changes_the_process() {
    let all = ["src", "crates"].map(|folder| files(&root().join(folder)));
    let other = all.into_iter().flatten().filter(|path| !path.ends_with(ANOTHER_PROCESS));
    let wrong: Vec<String> = other.flat_map(|path| words(&path, SETTINGS)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The places of a file, without its tests, that have one of `refused`.
fn words(path: &Path, refused: &[&str]) -> Vec<String> {
    if path.extension().is_none_or(|end| end != "rs") || path.ends_with("tests.rs") {
        return Vec::new();
    }
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let found = refused.iter().filter(|word| lines.iter().any(|line| has(line, word)));
    found.map(|word| format!("{} has `{word}`", path.display())).collect()
}

#[test]
fn the_portable_crates_depend_on_rust_alone() {
    let names = depends_on("caddyctl-analysis", &[]);
    assert!(names.contains("caddyctl-language"), "{names:?}");
    let foreign: Vec<_> = FOREIGN.iter().filter(|name| names.contains(**name)).collect();
    assert!(foreign.is_empty(), "{foreign:?}");
}

#[test]
fn without_deploying_the_program_speaks_to_no_server() {
    let names = depends_on("caddyctl", &["--no-default-features"]);
    assert!(names.contains("caddyctl-host"), "{names:?}");
    let found: Vec<_> = ONLY_FOR_SERVERS.iter().filter(|name| names.contains(**name)).collect();
    assert!(found.is_empty(), "{found:?}");
}

/// The packages that `package` links, on this system or as `options` say.
fn depends_on(package: &str, options: &[&str]) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root()).args(["tree", "--offline", "--locked", "--package", package]).args(options);
    command.args(["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// Whether `line` has `word`, and not only as a part of a longer name.
fn has(line: &str, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(is_name) && !line[at + word.len()..].starts_with(is_name))
}

#[test]
fn no_c_is_linked_in() {
    let crates = fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path());
    for folder in crates.chain([root().to_owned()]) {
        let manifest: toml::Table =
            toml::from_str(&fs::read_to_string(folder.join("Cargo.toml")).unwrap()).unwrap();
        assert!(!manifest.contains_key("build-dependencies"), "a build script may link anything");
        // The program has a script that records its commit; what it may ask of cargo is looked at below.
        assert!(folder == root() || !folder.join("build.rs").exists());
        let package = manifest["package"].as_table().unwrap();
        assert!(!package.contains_key("build") && !package.contains_key("links"));
        for name in ["cc", "cmake", "libc", "rayon"] {
            assert!(!manifest["dependencies"].as_table().unwrap().contains_key(name), "{name}");
        }
    }
    let script = fs::read_to_string(root().join("build.rs")).unwrap();
    let asked: Vec<&str> = script.split("cargo:").skip(1).filter_map(|rest| rest.split('=').next()).collect();
    assert!(asked.len() >= 3, "{asked:?}");
    for what in asked {
        assert!(
            ["rustc-env", "rerun-if-env-changed", "rerun-if-changed"].contains(&what),
            "build.rs: cargo:{what}"
        );
    }
    let foreign = files(root()).into_iter().filter(|path| {
        let is_foreign = ["c", "h", "cc", "cpp", "S", "s", "asm"].map(std::ffi::OsStr::new);
        path.extension().is_some_and(|end| is_foreign.contains(&end))
    });
    assert_eq!(foreign.collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder and of those inside it, without what the build leaves.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_left_out = ["target", ".git", "corpus"].map(std::ffi::OsStr::new);
        if path.is_symlink() || path.file_name().is_some_and(|name| is_left_out.contains(&name)) {
            continue;
        }
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

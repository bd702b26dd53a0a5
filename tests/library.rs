//! Whoever compiles a Caddyfile with the library gets back the process that it had: no thread, no environment variable, no
//! limit and no scheduling is changed, nothing is started, and no C is linked in.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders that act on a host: they wait for programs and sockets in threads.
const ACTING: &[&str] = &["cli", "deploy"];

/// The one file besides them that starts a program, which is git.
const STARTS_GIT: &str = "source/git.rs";

/// The process that asks Caddy, started for that alone, leaves the folder that it was started in.
const ANOTHER_PROCESS: &str = "deploy/apart.rs";

/// What only those may use.
const ACTS: &[&str] =
    &["std::thread", "thread::spawn", "thread::scope", "std::env", "env::var", "std::process", "rayon"];

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
fn the_library_leaves_the_process_alone() {
    let src = root().join("src");
    let mut wrong = Vec::new();
    let mut read = 0;
    for path in files(&src) {
        let inside = path.strip_prefix(&src).unwrap();
        let mut acting = ACTING.iter().chain(&["main.rs", STARTS_GIT]);
        let acts = acting.any(|place| inside.starts_with(place));
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let is_another = inside == Path::new(ANOTHER_PROCESS);
        let settings = SETTINGS.iter().filter(|_| !is_another);
        let refused = settings.chain(ACTS.iter().filter(|_| !acts));
        for word in refused {
            if code.lines().any(|line| !line.trim_start().starts_with("//") && has(line, word)) {
                wrong.push(format!("{} has `{word}`", inside.display()));
            }
        }
        read += 1;
    }
    assert!(read > 300, "only {read} files were read");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether `line` has `word`, and not only as a part of a longer name.
fn has(line: &str, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(is_name) && !line[at + word.len()..].starts_with(is_name))
}

#[test]
fn no_c_is_linked_in() {
    let manifest: toml::Table =
        toml::from_str(&fs::read_to_string(root().join("Cargo.toml")).unwrap()).unwrap();
    assert!(!manifest.contains_key("build-dependencies"), "a build script may link anything");
    assert!(!root().join("build.rs").exists());
    let package = manifest["package"].as_table().unwrap();
    assert!(!package.contains_key("build") && !package.contains_key("links"));
    for name in ["cc", "cmake", "libc", "rayon"] {
        assert!(!manifest["dependencies"].as_table().unwrap().contains_key(name), "{name}");
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

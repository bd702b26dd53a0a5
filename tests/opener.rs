//! What root reads and others control is read in one way, which takes regular files only and never waits; what root changes
//! is changed through descriptors. No file of the deploying half opens, makes, moves or removes anything by itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Words that open or change a file by its path.
const PLAIN: [&str; 21] = [
    "fs::read(",
    "fs::read_to_string",
    "fs::write(",
    "fs::copy(",
    "fs::rename(",
    "fs::remove_",
    "fs::create_dir",
    "fs::set_permissions",
    "fs::hard_link",
    "fs::symlink",
    "File::open",
    "File::create",
    "File::options",
    "OpenOptions",
    "DirBuilder",
    "tempfile",
    "NamedTempFile",
    "lchown",
    " chown(",
    ".read_dir()",
    ".canonicalize()",
];

/// Lines that may: what the kernel says of processes, the root that the user named, manual pages, and files of the user
/// who runs `fmt` or `validate`.
const ALLOWED: [(&str, &str); 28] = [
    ("crates/deploy/src/process/apart.rs", "File::open(ITSELF)"),
    ("crates/deploy/src/process/deadline.rs", "\"/proc/sys/kernel/random/boot_id\""),
    ("crates/deploy/src/listener/sockets.rs", "process.join(\"net\").join(file)"),
    ("crates/deploy/src/listener/sockets.rs", "Path::new(\"/proc/self/net\").join(file)"),
    ("crates/deploy/src/files/mount.rs", "\"/proc/self/mountinfo\""),
    ("crates/deploy/src/watchdog.rs", "\"/proc/{pid}/stat\""),
    ("crates/deploy/src/compiler.rs", "scratch.canonicalize()"),
    ("src/cli/diff/host.rs", "root.canonicalize()"),
    ("crates/deploy/src/systemd/service.rs", "\"/proc/{pid}/environ\""),
    ("src/cli/man.rs", ""),
    ("src/cli/os.rs", "path.canonicalize()"),
    ("src/cli/validate.rs", "std::fs::write(path, text)"),
    ("src/cli/validate/baseline.rs", "std::fs::write(path, text)"),
    ("src/cli/overwrite.rs", ""),
    ("src/cli/overwrite/elsewhere.rs", ""),
    ("src/cli/validate/seen.rs", "path.canonicalize()"),
    ("crates/deploy/src/doctor/next.rs", "program.canonicalize()"),
    ("crates/deploy/src/source/revision.rs", "folder.canonicalize()"),
    ("src/cli/input.rs", ""),
    ("src/cli/settings.rs", "file.canonicalize()"),
    ("src/cli/settings.rs", "let folder = folder.canonicalize()"),
    ("src/cli/validate/edits.rs", ".canonicalize()"),
    ("src/cli/paths.rs", ".canonicalize()"),
    ("src/cli/diff/host.rs", "installed.canonicalize()"),
    ("src/cli/init.rs", "File::create_new(file)"),
    ("src/cli/init.rs", "project.canonicalize()"),
    ("src/cli/lsp/server.rs", ".canonicalize()"),
    ("src/cli/program.rs", "folder.join(name).canonicalize()"),
];

#[test]
fn files_are_opened_in_one_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let (mut seen, mut used) = (0, BTreeSet::new());
    for file in files(&root.join("crates/deploy/src")).into_iter().chain(files(&root.join("src/cli"))) {
        let name = file.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            if line.trim_start().starts_with("//") || !PLAIN.iter().any(|word| line.contains(word)) {
                continue;
            }
            seen += 1;
            let allowed = ALLOWED.iter().position(|(allowed, part)| name == *allowed && line.contains(part));
            used.extend(allowed);
            if allowed.is_none() {
                wrong.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(seen >= 10, "only {seen} lines open files: are the words right?");
    assert!(
        wrong.is_empty(),
        "read with `caddyctl_host::regular` or `deploy::files::disk`, change with `deploy::files::folder`:\n{}",
        wrong.join("\n")
    );
    let unused: Vec<_> =
        ALLOWED.iter().enumerate().filter(|(at, _)| !used.contains(at)).map(|(_, entry)| entry).collect();
    assert!(unused.is_empty(), "no line needs these any longer: {unused:?}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            all.push(path);
        }
    }
    all
}

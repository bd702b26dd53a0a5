//! Lint rules on the command line: choosing them, weighing them, and carrying out their edits.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const SITE: &str = "example.com {\n\t# the front\n\thandle / {\n\t\trespond \"hello\" # all of it\n\t}\n}\n";
const FIXED: &str = "example.com {\n\t# the front\n\thandle {\n\t\trespond \"hello\" # all of it\n\t}\n}\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Exit status, standard output, standard error of `caddyctl validate`.
fn validate(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
    command.arg("validate").args(args).current_dir(folder).env_clear().stdin(Stdio::null());
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn rules_are_chosen_on_the_command_line() {
    let folder = folder(&[("Caddyfile", SITE)]);
    let concise = |args: &[&str]| validate(folder.path(), &[&["--format", "concise"], args].concat());
    assert!(concise(&[]).1.contains("warning[C001]"));
    assert!(concise(&["--select", "C0"]).1.contains("C001"));
    assert!(concise(&["--select", "handle-exact-root"]).1.contains("C001"));
    assert!(!concise(&["--ignore", "c001"]).1.contains("C001"));
    assert_eq!(concise(&["--deny", "warning"]).0, 1);
    assert_eq!(concise(&["--deny", "warning", "--ignore", "C001"]).0, 0);
    let (status, out, err) = concise(&["--select", "C001,Q"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.starts_with("error: unknown rule `Q`\nhelp: "), "{err}");
}

#[test]
fn settings_are_in_the_folder_of_the_file_or_above_it() {
    let settings =
        "[lint]\nignore = [\"W\"]\nseverity = { C001 = \"error\" }\nper-path = { \"old\" = [\"C\"] }\n";
    let folder = folder(&[
        ("caddyctl.toml", settings),
        ("sites/Caddyfile", SITE),
        ("old/Caddyfile", SITE),
        ("own/Caddyfile", SITE),
        ("own/caddyctl.toml", "[lint]\nignore = [\"handle-exact-root\"]\n"),
        ("wrong/Caddyfile", SITE),
        ("wrong/caddyctl.toml", "[lint]\nignored = []\n"),
    ]);
    for (file, status) in
        [("sites/Caddyfile", 1), ("old/Caddyfile", 0), ("own/Caddyfile", 0), ("wrong/Caddyfile", 2)]
    {
        assert_eq!(validate(folder.path(), &[file]).0, status, "{file}");
    }
    // The place and what was expected, and nothing of the file: a link may have led to a secret one.
    let printed = validate(folder.path(), &["wrong/Caddyfile"]).2;
    let expected =
        "wrong/caddyctl.toml: line 2, column 1: expected one of `select`, `ignore`, `severity`, `per-path`\n";
    assert!(printed.contains(expected) && !printed.contains("ignored"), "{printed}");
    assert_eq!(validate(&folder.path().join("sites"), &[]).0, 1);
}

#[test]
fn edits_are_shown_or_written() {
    let folder = folder(&[("Caddyfile", SITE)]);
    let path = folder.path().join("Caddyfile");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(validate(folder.path(), &["--fix"]).2, "", "the edit is not a safe one");
    assert_eq!(validate(folder.path(), &["--fix", "--diff"]), (0, String::new(), String::new()));
    let (status, diff, _) = validate(folder.path(), &["--unsafe-fixes", "--diff"]);
    assert_eq!(status, 1);
    assert!(diff.contains("-\thandle / {\n+\thandle {\n"), "{diff}");
    assert_eq!(fs::read_to_string(&path).unwrap(), SITE);
    let (status, out, err) = validate(folder.path(), &["--unsafe-fixes", "--deny", "warning"]);
    assert_eq!((status, out.as_str()), (0, "no findings in Caddyfile\n"));
    assert_eq!(err, "fixed 1 finding in 1 file\n");
    assert_eq!(fs::read_to_string(&path).unwrap(), FIXED);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn standard_input_is_never_rewritten() {
    let folder = folder(&[("Caddyfile", SITE)]);
    let (status, _, err) = validate(folder.path(), &["--unsafe-fixes", "--stdin-filename", "Caddyfile", "-"]);
    assert_eq!(status, 2);
    assert!(err.contains("cannot rewrite standard input"), "{err}");
    assert_eq!(fs::read_to_string(folder.path().join("Caddyfile")).unwrap(), SITE);
}

#[test]
fn a_safe_edit_is_made_once_though_its_snippet_is_imported_twice() {
    let text = "(quiet) {\n\tskip_log /health # probes\n}\n\na.test {\n\timport quiet\n\trespond a\n}\n\nb.test {\n\timport \
                quiet\n\trespond b\n}\n";
    let folder = folder(&[("Caddyfile", text)]);
    let (_, out, _) = validate(folder.path(), &["--format", "concise"]);
    assert!(out.contains("Caddyfile:2:2: warning[D001]") && !out.contains("W0002"), "{out}");
    assert_eq!(validate(folder.path(), &["--fix"]).0, 0);
    let fixed = fs::read_to_string(folder.path().join("Caddyfile")).unwrap();
    assert_eq!(fixed, text.replace("skip_log", "log_skip"));
    assert_eq!(validate(folder.path(), &["--fix"]), (0, "no findings in Caddyfile\n".into(), String::new()));
}

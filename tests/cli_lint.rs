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
    let expected = "wrong/caddyctl.toml: line 2, column 1: expected one of `preset`, `select`, `ignore`, `severity`, `per-path`\n";
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

const OLD: &str = "a.example.com {\n\tbasicauth {\n\t\tbob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n\t}\n\trespond a\n}\n";

#[test]
fn an_old_form_is_allowed_and_ignored_as_one_finding() {
    for (comment, args) in [
        ("# caddyctl: allow D001", &[][..]),
        ("# caddyctl: allow W0002", &[]),
        ("# caddyctl: allow C001, D001", &["--ignore", "W0010"]),
        ("# none", &["--ignore", "D001"]),
        ("# none", &["--select", "C001"]),
        ("# caddyctl: allow-file D001", &[]),
    ] {
        let text = OLD.replace("\tbasicauth", &format!("\t{comment}\n\tbasicauth"));
        let folder = folder(&[("Caddyfile", &text)]);
        let (status, out, err) = validate(folder.path(), &[&["--format", "concise"], args].concat());
        assert_eq!((status, out.as_str()), (0, "no findings in Caddyfile\n"), "{comment} {args:?}: {err}");
    }
}

#[test]
fn comments_that_allow_nothing_are_reported() {
    for (comment, said) in [
        ("allow Q123", "unknown code"),
        ("allow C001", "not found here"),
        ("allow E0301", "always an error"),
        ("allw C001", "unknown comment"),
    ] {
        let text = format!("a.example.com {{\n\t# caddyctl: {comment}\n\trespond a\n}}\n");
        let folder = folder(&[("Caddyfile", &text)]);
        let (_, out, _) = validate(folder.path(), &["--format", "concise"]);
        assert!(out.contains("warning[W0010]") && out.contains(said), "{comment}: {out}");
    }
    // A rule that is switched off finds nothing, and its comments may stay.
    let text = "a.example.com {\n\t# caddyctl: allow C001\n\trespond a\n}\n";
    let folder = folder(&[("Caddyfile", text)]);
    let (_, out, _) = validate(folder.path(), &["--format", "concise", "--ignore", "C001"]);
    assert_eq!(out, "no findings in Caddyfile\n");
}

#[test]
fn what_is_always_an_error_cannot_be_ignored() {
    let folder = folder(&[("Caddyfile", SITE), ("unset", "{$X} {\n\trespond {$Y}\n}\n")]);
    let (status, out, err) = validate(folder.path(), &["--ignore", "E0301"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.starts_with("error: `E0301` is always an error"), "{err}");
    let (_, out, _) = validate(folder.path(), &["--format", "concise", "--ignore", "E0006", "unset"]);
    assert!(out.contains("error[E0006]") && !out.contains("warning[E0006]"), "{out}");
}

#[test]
fn rules_look_at_what_compiles() {
    let text = "a.example.com {\n\trespnd x\n}\nb.example.com {\n\thandle / {\n\t\trespond b\n\t}\n}\nc.example.com {\n\ttls {\n\t\tdns cloudflare x\n\t}\n\theader /* X-A b\n\treverse_proxy localhost:1\n}\n";
    let folder = folder(&[("Caddyfile", text), ("broken", "a.example.com {\n\thandle / {\n")]);
    let (status, out, err) = validate(folder.path(), &["--format", "concise"]);
    assert_eq!((status, err.as_str()), (1, ""));
    for code in ["E0201", "C001", "R001"] {
        assert!(out.contains(code), "{code}: {out}");
    }
    assert!(!out.contains("C022"), "{out}");
    let (_, _, err) = validate(folder.path(), &["--format", "concise", "broken"]);
    assert!(err.starts_with("note: no lint rule checked broken"), "{err}");
}

#[test]
fn a_baseline_leaves_out_what_is_known() {
    let folder = folder(&[("Caddyfile", SITE)]);
    assert_eq!(validate(folder.path(), &["--deny", "warning"]).0, 1);
    assert_eq!(validate(folder.path(), &["--deny", "warning", "--write-baseline", "known.json"]).0, 0);
    let concise = |args: &[&str]| {
        validate(
            folder.path(),
            &[&["--format", "concise", "--deny", "warning", "--baseline", "known.json"], args].concat(),
        )
    };
    assert_eq!(concise(&[]), (0, "no findings in Caddyfile\n".into(), String::new()));
    // Known findings stay known when lines move, and new ones are reported.
    let more = format!("# moved\n{SITE}b.example.com {{\n\troute / {{\n\t\trespond b\n\t}}\n}}\n");
    fs::write(folder.path().join("Caddyfile"), more).unwrap();
    let (status, out, _) = concise(&[]);
    assert_eq!((status, out.matches("warning[").count()), (1, 1), "{out}");
    assert!(out.contains("C001"), "{out}");
    fs::write(folder.path().join("known.json"), "{}").unwrap();
    assert_eq!(concise(&[]).0, 2);
}

#[test]
fn what_is_printed_of_the_findings() {
    let folder = folder(&[("Caddyfile", SITE), ("sites/Caddyfile", SITE)]);
    let run = |args: &[&str]| validate(folder.path(), args);
    let (_, out, _) = run(&["--statistics", "."]);
    assert!(out.contains("     2  C001   handle-exact-root"), "{out}");
    assert_eq!(run(&["--quiet", "--deny", "warning"]), (1, String::new(), String::new()));
    assert_eq!(run(&["--exit-zero", "--deny", "warning"]).0, 0);
    let (status, out, _) = run(&["--format", "json", "--output-file", "report.json"]);
    assert_eq!((status, out.as_str()), (0, ""));
    assert!(fs::read_to_string(folder.path().join("report.json")).unwrap().contains("C001"));
    let (_, out, _) = run(&["--show-files", "."]);
    assert_eq!(out, "Caddyfile\nsites/Caddyfile\n");
    let (_, out, _) = run(&["--show-settings", "--preset", "strict"]);
    assert!(out.contains("preset = \"strict\"") && out.contains("C006"), "{out}");
    assert!(!run(&["--show-settings"]).1.contains("C006"));
}

#[test]
fn one_missing_file_does_not_hide_the_findings_of_others() {
    let folder = folder(&[("Caddyfile", SITE), ("bad", "a.example.com {\n\trespnd x\n}\n")]);
    let (status, out, err) = validate(folder.path(), &["--format", "concise", "missing", "bad", "Caddyfile"]);
    assert_eq!(status, 2);
    assert!(
        out.contains("E0201") && out.contains("C001") && err.contains("cannot read missing"),
        "{out}{err}"
    );
}

#[test]
fn json_is_checked_as_caddy_loads_it() {
    let good = "{\"apps\":{\"http\":{\"servers\":{\"s\":{\"listen\":[\":80\"],\"routes\":[]}}}}}";
    let bad = good.replace("\"routes\":[]", "\"routes\":[{\"handle\":[{\"handler\":\"nonsense\"}]}]");
    let folder = folder(&[("x.json", good), ("y.json", &bad), ("z.json", "{")]);
    assert_eq!(
        validate(folder.path(), &["--config", "x.json"]),
        (0, "no findings in x.json\n".into(), String::new())
    );
    let (status, out, _) = validate(folder.path(), &["--format", "concise", "y.json"]);
    assert_eq!(status, 1);
    assert!(out.contains("E0204") && out.contains("/apps/http/servers/s/routes/0/handle/0"), "{out}");
    assert_eq!(validate(folder.path(), &["z.json"]).0, 1);
}

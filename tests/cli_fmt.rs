//! `caddyctl fmt` as its users meet it: the same prints and exit statuses as `caddy fmt`, for any number of files.

use crate::support::caddy;

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};

use tempfile::TempDir;

const NEAT: &str = "example.com {\n\trespond \"hello\"\n}\n";
const UNTIDY: &str = "example.com {\nrespond \"hello\"\n}\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Exit status, standard output, standard error.
fn run(folder: &TempDir, args: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
    command.arg("fmt").args(args).current_dir(folder).env_clear();
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_preview_fails_when_it_differs() {
    let folder = folder(&[("Caddyfile", UNTIDY), ("neat", NEAT)]);
    let (status, out, err) = run(&folder, &[], "");
    assert_eq!((status, out.as_str()), (1, NEAT));
    assert!(err.starts_with("error: Caddyfile:2: not formatted\nhelp: `caddyctl fmt --overwrite`"), "{err}");
    assert_eq!(run(&folder, &["neat"], ""), (0, NEAT.into(), String::new()));
    assert_eq!(run(&folder, &["--config", "neat"], "").0, 0);
}

#[test]
fn standard_input_is_formatted_and_never_fails_but_for_check() {
    let folder = folder(&[]);
    for args in [&["-"][..], &["--diff", "-"], &["--overwrite", "-"]] {
        assert_eq!(run(&folder, args, UNTIDY), (0, NEAT.into(), String::new()), "{args:?}");
    }
    assert_eq!(run(&folder, &["--check", "-"], UNTIDY), (1, "-:2: not formatted\n".into(), String::new()));
    assert_eq!(run(&folder, &["--check", "-"], NEAT), (0, String::new(), String::new()));
}

/// A version may lay a file out in another way; caddyctl.toml of the named file says which version counts.
#[test]
fn standard_input_has_the_settings_of_the_file_that_it_is() {
    let folder = folder(&[]);
    fs::create_dir(folder.path().join("old")).unwrap();
    fs::write(folder.path().join("old/caddyctl.toml"), "[caddy]\nversion = \"2.0.0\"\n").unwrap();
    assert_eq!(run(&folder, &["--stdin-filename", "new/Caddyfile"], UNTIDY).1, NEAT);
    let (status, _, err) = run(&folder, &["--stdin-filename", "old/Caddyfile", "-"], UNTIDY);
    assert_eq!(status, 2);
    assert!(err.contains("old/caddyctl.toml: line 2"), "{err}");
    assert_eq!(run(&folder, &["--isolated", "--stdin-filename", "old/Caddyfile", "-"], UNTIDY).1, NEAT);
}

#[test]
fn a_diff_marks_every_line() {
    let folder = folder(&[("Caddyfile", UNTIDY), ("neat", NEAT)]);
    let marked = "  example.com {\n- respond \"hello\"\n+ \trespond \"hello\"\n  }\n  \n";
    let (status, out, _) = run(&folder, &["--diff"], "");
    assert_eq!((status, out.as_str()), (1, marked));
    let (_, coloured, _) = run(&folder, &["--color", "always", "--diff"], "");
    assert!(coloured.contains("\n\u{1b}[32m+ \trespond \"hello\"\u{1b}[0m\n"), "{coloured:?}");
    let (status, out, _) = run(&folder, &["--diff", "Caddyfile", "neat"], "");
    assert_eq!(status, 1);
    assert!(out.starts_with(&format!("Caddyfile:\n{marked}neat:\n  example.com {{\n")), "{out}");
}

#[test]
fn check_names_the_files_and_changes_nothing() {
    let folder = folder(&[("a.caddyfile", UNTIDY), ("b.caddyfile", NEAT), ("c.caddyfile", UNTIDY)]);
    let (status, out, err) = run(&folder, &["--check", "."], "");
    assert_eq!(status, 1);
    assert_eq!(out, "a.caddyfile:2: not formatted\nc.caddyfile:2: not formatted\n");
    assert_eq!(err, "");
    assert_eq!(fs::read_to_string(folder.path().join("a.caddyfile")).unwrap(), UNTIDY);
}

#[test]
fn overwrite_keeps_mode_and_links() {
    let folder = folder(&[("real", UNTIDY), ("twice", UNTIDY), ("neat", NEAT)]);
    let path = |name| folder.path().join(name);
    fs::set_permissions(path("real"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real", path("link")).unwrap();
    fs::hard_link(path("twice"), path("again")).unwrap();
    let before = fs::metadata(path("neat")).unwrap().modified().unwrap();
    assert_eq!(
        run(&folder, &["--overwrite", "link", "twice", "neat"], ""),
        (0, String::new(), String::new())
    );
    for name in ["real", "link", "twice", "again"] {
        assert_eq!(fs::read_to_string(path(name)).unwrap(), NEAT, "{name}");
    }
    assert_eq!(fs::metadata(path("real")).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(path("link")).unwrap().is_symlink());
    assert_eq!(fs::metadata(path("neat")).unwrap().modified().unwrap(), before);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 5);
}

#[test]
fn system_errors_exit_2() {
    let folder = folder(&[]);
    for args in [&[][..], &["nowhere"], &["--check", "nowhere"], &["--overwrite", "nowhere"]] {
        let (status, out, err) = run(&folder, args, "");
        assert_eq!((status, out.as_str()), (2, ""), "{args:?}");
        assert!(err.starts_with("error: cannot read "), "{err}");
    }
    assert_eq!(run(&folder, &["--overwrite", "--diff"], "").0, 2);
}

#[test]
fn the_real_caddy_marks_and_exits_the_same() {
    let cases = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fmt")).unwrap();
    let mut compared = 0;
    for case in cases.map(|entry| entry.unwrap().path()) {
        let folder = TempDir::new().unwrap();
        fs::copy(case.join("input.caddyfile"), folder.path().join("Caddyfile")).unwrap();
        let args = ["fmt", "--diff"];
        let real = caddy::run(folder.path(), &args, b"");
        let ours =
            Command::new(env!("CARGO_BIN_EXE_caddyctl")).args(args).current_dir(&folder).output().unwrap();
        assert_eq!(ours.status.code(), real.status.code(), "{}", case.display());
        // What cannot be seen, such as a carriage return, is written out here.
        let lines = real.stdout.split_inclusive(|byte| *byte == b'\n').map(|line| {
            let (line, end) = line.strip_suffix(b"\n").map_or((line, ""), |line| (line, "\n"));
            caddyctl_language::source::shown::source_bytes(line).into_owned() + end
        });
        let ours = ours.stdout.escape_ascii().to_string();
        assert_eq!(
            ours,
            lines.collect::<String>().as_bytes().escape_ascii().to_string(),
            "{}",
            case.display()
        );
        compared += 1;
    }
    assert!(compared >= 30, "only {compared} files were compared");
}

#[test]
fn a_folder_stands_for_its_own_caddyfiles() {
    let go = "package x\n\nfunc f() {\n\treturn\n}\n";
    let folder = folder(&[("Caddyfile", UNTIDY), ("caddyfile.go", go), ("Caddyfile.j2", "{{ a }} {\n}\n")]);
    for (path, text) in [
        ("vendor/Caddyfile", UNTIDY),
        ("ignored/Caddyfile", UNTIDY),
        ("x/site.caddy", UNTIDY),
        ("x/y.conf", UNTIDY),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::write(folder.path().join(".gitignore"), "ignored/\n").unwrap();
    let listed = |args: &[&str]| run(&folder, &[&["--check"], args, &["."]].concat(), "").1;
    let one = "Caddyfile:2: not formatted\n";
    assert_eq!(listed(&[]), format!("{one}x/site.caddy:2: not formatted\n"));
    assert_eq!(listed(&["--exclude", "/x/"]), one);
    fs::write(
        folder.path().join("caddyctl.toml"),
        "[files]\ninclude = [\"*.conf\"]\nexclude = [\"*.caddy\"]\n",
    )
    .unwrap();
    assert_eq!(listed(&[]), format!("{one}x/y.conf:2: not formatted\n"));
    assert_eq!(listed(&["--isolated"]), format!("{one}x/site.caddy:2: not formatted\n"));
    // Patterns that cannot be read ignore nothing, and nobody waits for them.
    fs::remove_file(folder.path().join(".gitignore")).unwrap();
    assert!(Command::new("mkfifo").arg(folder.path().join(".gitignore")).status().unwrap().success());
    assert_eq!(run(&folder, &["--overwrite", "."], "").0, 0);
    let read = |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
    assert_eq!(
        (read("Caddyfile"), read("ignored/Caddyfile"), read("x/y.conf")),
        (NEAT.into(), NEAT.into(), NEAT.into())
    );
    assert_eq!((read("caddyfile.go"), read("vendor/Caddyfile")), (go.into(), UNTIDY.into()));
}

#[test]
fn a_template_that_is_named_is_written_by_force_only() {
    let folder = folder(&[
        ("Caddyfile", "{{ site.host }} {\nrespond x\n}\n"),
        ("quoted", "a {\nrespond \"{{x}}\"\n}\n"),
    ]);
    let read = |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
    let before = read("Caddyfile");
    let (status, _, err) = run(&folder, &["--overwrite"], "");
    assert!(
        status == 2 && err.starts_with("error: Caddyfile:1: not formatted: the file is a template"),
        "{err}"
    );
    assert_eq!(read("Caddyfile"), before);
    assert_eq!(run(&folder, &["--overwrite", "quoted"], "").0, 0);
    assert!(read("quoted").contains("\n\trespond \"{{x}}\"\n"));
    assert_eq!(run(&folder, &["--overwrite", "--force"], "").0, 0);
    assert_ne!(read("Caddyfile"), before);
}

#[test]
fn imports_of_the_project_are_formatted_too() {
    let outside = folder(&[("far", "(far) {\nrespond y\n}\n")]);
    let far = outside.path().join("far").display().to_string();
    let text = format!("import sites/*\nimport {far}\n");
    let folder = folder(&[("Caddyfile", &text)]);
    fs::create_dir(folder.path().join("sites")).unwrap();
    fs::write(folder.path().join("sites/a"), UNTIDY).unwrap();
    assert_eq!(run(&folder, &["--overwrite"], "").0, 0);
    assert_eq!(fs::read_to_string(folder.path().join("sites/a")).unwrap(), UNTIDY);
    assert_eq!(run(&folder, &["--overwrite", "--imports"], "").0, 0);
    assert_eq!(fs::read_to_string(folder.path().join("sites/a")).unwrap(), NEAT);
    assert_eq!(fs::read_to_string(outside.path().join("far")).unwrap(), "(far) {\nrespond y\n}\n");
}

#[test]
fn imports_of_another_machine_lead_to_the_folder_of_a_map() {
    let folder = folder(&[("Caddyfile", "import /etc/none/sites/*\n"), ("bad", "import /etc/none/broken\n")]);
    fs::create_dir_all(folder.path().join("conf/sites")).unwrap();
    fs::write(folder.path().join("conf/sites/a"), UNTIDY).unwrap();
    fs::write(
        folder.path().join("conf/broken"),
        "import sites/a\nimport ../conf/part\nb.example {\n\tfoo\n}\n",
    )
    .unwrap();
    fs::write(folder.path().join("conf/part"), "(part) {\n}\n").unwrap();
    let map = "--map=/etc/none=conf";
    assert_eq!(run(&folder, &["--overwrite", "--imports", map], "").0, 0);
    assert_eq!(fs::read_to_string(folder.path().join("conf/sites/a")).unwrap(), NEAT);
    let caddyctl = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_caddyctl"))
            .args(args)
            .current_dir(folder.path())
            .output()
            .unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned(),
        )
    };
    let (status, printed) = caddyctl(&["validate", "--format", "concise", map, "bad"]);
    assert!(status == 1 && printed.starts_with("conf/broken:4:2: error[E"), "{printed}");
    assert_eq!(caddyctl(&["validate", "bad"]).0, 1);
    let (status, printed) = caddyctl(&["routes", map]);
    assert!(status == 0 && printed.contains("example.com"), "{printed}");
    fs::write(folder.path().join("other"), NEAT).unwrap();
    assert_eq!(caddyctl(&["diff", map, "other", "Caddyfile"]).0, 0);
    for wrong in ["etc=conf", "/etc", "/etc="] {
        assert_eq!(caddyctl(&["validate", "--map", wrong]).0, 2, "{wrong}");
    }
}

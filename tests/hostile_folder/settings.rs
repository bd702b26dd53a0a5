//! A `caddyctl.toml` that came with the folder.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::Value;

use crate::hostile_folder::{PROGRAM, SITE, fifo, folder, run, text, write};

#[test]
fn a_run_reports_what_settings_switch_off() {
    let folder = folder(&[
        ("work/Caddyfile", SITE),
        ("work/caddyctl.toml", "[lint]\nignore = [\"S\"]\n[lint.severity]\nC001 = \"note\"\n"),
    ]);
    let work = folder.path().join("work");
    let validate = |arguments: &[&str]| run(PROGRAM, &[&["validate"], arguments].concat(), &work);
    let plain = validate(&[]);
    let printed = text(&plain.stderr);
    assert!(
        printed.starts_with("note: caddyctl.toml switches off ")
            && printed.contains(" rules, lowers the severity of 1 rule; ")
    );
    assert!(printed.ends_with("; `--isolated` ignores the file\n"), "{printed}");
    assert!(!text(&plain.stdout).contains("[S0"), "{}", text(&plain.stdout));
    let isolated = validate(&["--isolated"]);
    assert_eq!(text(&isolated.stderr), "");
    assert!(text(&isolated.stdout).contains("[S0"), "{}", text(&isolated.stdout));
    for format in ["concise", "gitlab", "junit", "json", "sarif", "github"] {
        assert_eq!(text(&validate(&["--format", format]).stderr), printed, "{format}");
    }
    let json: Value = serde_json::from_slice(&validate(&["--format", "json"]).stdout).unwrap();
    assert_eq!(json["settings"][0]["file"], "caddyctl.toml");
    assert!(json["settings"][0]["rules"].as_u64().unwrap() > 5);
    assert_eq!(json["settings"][0]["lowered"], 1);
    let sarif: Value = serde_json::from_slice(&validate(&["--format", "sarif"]).stdout).unwrap();
    let note = &sarif["runs"][0]["invocations"][0]["toolConfigurationNotifications"][0];
    assert!(note["message"]["text"].as_str().unwrap().starts_with("switches off "), "{note}");
    assert_eq!(note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "caddyctl.toml");
    let github = text(&validate(&["--format", "github"]).stdout);
    assert!(github.starts_with("::notice file=caddyctl.toml,title=settings::switches off "), "{github}");
    // Settings that leave nothing out are not worth a word.
    write(&folder, "work/caddyctl.toml", "[lint.severity]\nC001 = \"error\"\n");
    assert_eq!(text(&validate(&[]).stderr), "");
    let json: Value = serde_json::from_slice(&validate(&["--format", "json"]).stdout).unwrap();
    assert!(json.get("settings").is_none());
    // What the command line selects counts above the file.
    write(&folder, "work/caddyctl.toml", "[lint]\nselect = [\"C001\"]\n");
    assert_eq!(text(&validate(&["--select", "S"]).stderr), "");
}

#[test]
fn settings_that_cannot_be_used_are_an_error_without_their_text() {
    let folder =
        folder(&[("secret", "root:TOPSECRET:1\n"), ("work/Caddyfile", SITE), ("work/.git/HEAD", "")]);
    let work = folder.path().join("work");
    let settings = work.join("caddyctl.toml");
    let check = |printed: &str| {
        for format in ["full", "json", "sarif", "github"] {
            let output = run(PROGRAM, &["validate", "--format", format], &work);
            let all = text(&output.stdout) + &text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{all}");
            assert!(all.contains("caddyctl.toml: ") && all.contains(printed), "{printed}: {all}");
            assert!(!all.contains("TOPSECRET"), "{all}");
            assert!(all.contains("`--isolated` ignores the file"), "{all}");
        }
        let isolated = run(PROGRAM, &["validate", "--isolated", "--deny", "error"], &work);
        assert_eq!(isolated.status.code(), Some(0), "{}", text(&isolated.stderr));
        fs::remove_file(&settings).unwrap();
    };
    for (broken, printed) in [
        ("root:TOPSECRET:1\n", "line 1, column 17: expected `=`"),
        ("[lint]\nignore = [\"TOPSECRET\"]\n", "line 2, column 12: expected the code of a rule"),
        ("[lint]\nTOPSECRET = 1\n", "line 2, column 1: expected one of `preset`, `select`, `ignore`"),
    ] {
        fs::write(&settings, broken).unwrap();
        check(printed);
    }
    fs::write(&settings, b"[lint]\n# \xff\n").unwrap();
    check("it is not UTF-8");
    fs::write(&settings, " ".repeat(2_000_000)).unwrap();
    check("it is larger than 1 MiB");
    for target in ["../secret", "/etc/passwd", "/proc/self/environ"] {
        symlink(target, &settings).unwrap();
        check("it is a link that leads out of ");
    }
    for target in ["/dev/zero", "/dev/stdin"] {
        symlink(target, &settings).unwrap();
        check("");
    }
    fifo(&settings);
    check("it is not a regular file");
    fifo(&work.join("fifo"));
    symlink("fifo", &settings).unwrap();
    check("it is not a regular file");
    // A link inside the work tree is fine.
    write(&folder, "work/settings/caddyctl.toml", "[lint]\nignore = [\"S\"]\n");
    symlink("settings/caddyctl.toml", &settings).unwrap();
    let output = run(PROGRAM, &["validate"], &work);
    assert!(
        text(&output.stderr).starts_with("note: caddyctl.toml switches off "),
        "{}",
        text(&output.stderr)
    );
}

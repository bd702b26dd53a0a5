//! Advisories: for each a folder `tests/advisories/ID` with a Caddyfile, or Caddy's JSON, that it concerns (`affected`), and one
//! that it does not (`unaffected`). The verdict on the first is next to it in `affected.txt`; `CADDYCTL_BLESS=1` writes it anew.

use crate::support::caddy::compile;
use std::fs;
use std::path::{Path, PathBuf};

use caddyctl_analysis::Side;
use caddyctl_analysis::advisories::{Concern, Subject, all, format, of};
use caddyctl_host::Disk;
use caddyctl_language::Version;
use caddyctl_language::source::Env;

use crate::support::bless;

/// The side that a file is, by its ending.
fn side(path: &Path) -> Side {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if path.extension().is_some_and(|end| end == "json") {
        return Side::json(name, serde_json::from_slice(&text).unwrap());
    }
    let compilation = compile(&name, &text, &Env::empty(), &Disk::new(path.parent().unwrap()));
    let first = compilation.diagnostics.first().cloned();
    Side::compiled(name, compilation).unwrap_or_else(|| panic!("{}: {first:?}", path.display()))
}

/// The verdict of one advisory on a file, as a program reads it.
fn verdict(path: &Path, id: &str, version: Option<Version>) -> (Concern, String) {
    let side = side(path);
    let config = side.whole();
    let mut verdicts = of(&Subject::of_side(&side, &config), version);
    verdicts.retain(|verdict| verdict.advisory.id == id);
    let json = format::json(&verdicts, &side.sources);
    let one = &json[0];
    let text = format!(
        "{}: {}\nplaces: {}\n",
        one["concerns"].as_str().unwrap(),
        one["why"].as_str().unwrap(),
        one["places"]
    );
    (verdicts[0].concern, text)
}

fn file(folder: &Path, name: &str) -> PathBuf {
    let json = folder.join(format!("{name}.json"));
    if json.exists() { json } else { folder.join(format!("{name}.caddyfile")) }
}

#[test]
fn each_concerns_one_file_and_not_the_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/advisories");
    let mut failures = Vec::new();
    for advisory in all().filter(|advisory| !advisory.is_about_version()) {
        let folder = root.join(advisory.id);
        let (concern, text) = verdict(&file(&folder, "affected"), advisory.id, None);
        let meant = if advisory.second_fact.is_some() { Concern::Possible } else { Concern::Yes };
        if concern != meant {
            failures.push(format!("{} does not concern its own example: {text}", advisory.id));
        }
        let expected = folder.join("affected.txt");
        if bless::blessing() {
            fs::write(&expected, &text).unwrap();
        }
        if text != fs::read_to_string(&expected).unwrap_or_default() {
            failures.push(format!("{} has another verdict:\n{text}", advisory.id));
        }
        let (concern, text) = verdict(&file(&folder, "unaffected"), advisory.id, None);
        if concern != Concern::No {
            failures.push(format!("{} concerns the other file, too: {text}", advisory.id));
        }
        // By version: what has it, and what no longer has it.
        for known in Version::KNOWN {
            let (concern, _) = verdict(&file(&folder, "affected"), advisory.id, Some(known));
            if (concern == Concern::No) == advisory.is_in(known) {
                failures.push(format!("{} on Caddy {known}: {concern:?}", advisory.id));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn no_folder_is_left_over() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/advisories");
    for entry in fs::read_dir(root).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(all().any(|advisory| advisory.id == name), "{name} is no advisory");
    }
}

#[test]
fn versions_alone_decide_some() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/advisories/CVE-2023-49295");
    let of = |version| verdict(&file(&folder, "affected"), "CVE-2023-44487", version);
    assert_eq!(of(Some(Version::new(2, 6, 2))).0, Concern::Yes);
    assert_eq!(of(Some(Version::new(2, 8, 4))).0, Concern::No);
    let (concern, why) = of(None);
    assert_eq!(concern, Concern::No);
    assert!(why.contains("only the version decides"), "{why}");
}

/// What the command prints, and its exit status.
fn command(arguments: &[&str]) -> (String, String, Option<i32>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/advisories");
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_caddyctl"))
        .arg("advisories")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(program.stdout), text(program.stderr), program.status.code())
}

#[test]
fn the_command_judges_a_file() {
    let php = "fastcgi-proxy-header/affected.caddyfile";
    let (json, _, status) = command(&["--format", "json", "--for", "2.11.4", php]);
    assert_eq!(status, Some(1));
    let all: serde_json::Value = serde_json::from_str(&json).unwrap();
    let of = |id: &str| all.as_array().unwrap().iter().find(|one| one["id"] == id).unwrap();
    assert_eq!(of("fastcgi-proxy-header")["concerns"], "yes");
    assert_eq!(of("fastcgi-proxy-header")["fixed_in"], "2.11.7");
    assert_eq!(of("fastcgi-proxy-header")["places"][0]["line"], 3);
    assert_eq!(of("GHSA-vcc4-2c75-vc9v")["concerns"], "no");
    assert_eq!(of("CVE-2026-27589")["why"], "Caddy 2.11.1 repaired it");
    let (text, _, _) = command(&["--for", "2.11.4", php]);
    assert!(text.contains("fastcgi-proxy-header (httpoxy) concerns this file"), "{text}");
    assert!(text.contains("CVE-2026-27589 does not, because Caddy 2.11.1 repaired it"), "{text}");
    // Nothing of the newest version concerns a file without a file server.
    let (text, _, status) = command(&["--for", "2.11.9", php]);
    assert_eq!((status, text.lines().last().unwrap()), (Some(0), "0 of 50 advisories concern this file"));
}

#[test]
fn the_command_lists_all_and_refuses_the_rest() {
    let (text, _, status) = command(&[]);
    assert_eq!((status, text.lines().count()), (Some(0), all().count()));
    assert_eq!(command(&["missing"]).2, Some(2));
    let (_, errors, status) = command(&["--for", "2.11.5"]);
    assert_eq!(status, Some(2));
    assert!(errors.contains("2.11.4") && errors.contains("2.11.9"), "{errors}");
    let (sarif, _, _) = command(&["--format", "sarif", "caddy-issue-8023/affected.caddyfile"]);
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let open = results.iter().find(|result| result["ruleId"] == "caddy-issue-8023").unwrap();
    assert_eq!(open["level"], "warning");
    let (markdown, _, _) = command(&["--format", "markdown", "remote-ip-forwarded/affected.json"]);
    assert!(markdown.contains("| `remote-ip-forwarded` | yes |"), "{markdown}");
}

#[test]
fn validate_shows_them_for_a_version_that_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/advisories/fastcgi-proxy-header/affected.caddyfile");
    fs::copy(file, folder.path().join("Caddyfile")).unwrap();
    let validate = |arguments: &[&str]| {
        let program = std::process::Command::new(env!("CARGO_BIN_EXE_caddyctl"))
            .args(["validate", "--format", "concise"])
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        (String::from_utf8(program.stdout).unwrap(), program.status.code())
    };
    let warning = "Caddyfile:3:2: warning[fastcgi-proxy-header]";
    assert!(!validate(&[]).0.contains("fastcgi-"));
    let (text, status) = validate(&["--for", "2.11.4"]);
    assert!(text.contains(warning), "{text}");
    assert_eq!(status, Some(0));
    assert!(!validate(&["--for", "2.11.9"]).0.contains("fastcgi-proxy-header"));
    fs::write(folder.path().join("caddyctl.toml"), "[caddy]\nversion = \"2.11.4\"\n").unwrap();
    let (text, _) = validate(&[]);
    assert!(text.contains(warning), "{text}");
    // What is open in all versions is in `advisories` only.
    fs::write(folder.path().join("Caddyfile"), ":8080 {\n\troot /srv\n\tfile_server\n}\n").unwrap();
    assert!(!validate(&[]).0.contains("8023"));
}

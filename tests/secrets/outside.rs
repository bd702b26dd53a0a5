//! Files outside the project are quoted by no report for programs.

use std::fmt::Write as _;

use super::output::{BASE, folder, run, served};

#[test]
fn files_outside_the_project_are_quoted_by_no_report_for_programs() {
    let caddyfile = "a.example {\n\theader {\n\t\timport ../outside\n\t}\n\tnope\n}\n";
    let good = caddyfile.replace("\tnope\n", "\trespond hi\n");
    let proc = good.replace("../outside", "/proc/self/environ");
    let link = good.replace("../outside", "link");
    let git = good.replace("../outside", ".git/config");
    let directive = "b.example {\n\timport ../outside\n}\n";
    let outer = folder(&[
        ("outside", "S3KRname S3KRvalue\nshort ab\n"),
        ("tree/Caddyfile", caddyfile),
        ("tree/good", &good),
        ("tree/proc", &proc),
        ("tree/linked", &link),
        ("tree/git", &git),
        ("tree/directive", directive),
        ("tree/base", BASE),
        ("tree/.git/config", "S3KRname S3KRvalue\n"),
    ]);
    let tree = outer.path().join("tree");
    std::os::unix::fs::symlink("../outside", tree.join("link")).unwrap();
    let env = [("S3KRVARIABLE", "S3KRvalue")];
    let mut shown = String::new();
    for file in ["Caddyfile", "good", "proc", "linked", "git", "directive"] {
        let mut all = Vec::new();
        for format in ["concise", "json", "sarif", "github", "gitlab", "junit"] {
            all.push(format!("validate --format {format} {file}"));
        }
        for format in ["json", "markdown", "html"] {
            all.push(format!("routes --format {format} {file}"));
        }
        for format in ["markdown", "json", "github", "patch"] {
            all.push(format!("diff --format {format} base {file}"));
            all.push(format!("diff --format {format} {file} base"));
        }
        for args in all {
            let printed = run(&tree, &env, &args);
            if printed.to_lowercase().contains("s3kr") {
                let _ = writeln!(shown, "{args}: {printed}");
            }
        }
    }
    let served = served(&tree, &env);
    assert!(!served.to_lowercase().contains("s3kr"), "{served}");
    assert_eq!(shown, "");
    // What the system says of a process is shown to nobody.
    for args in ["validate proc", "routes proc", "diff base proc", "diff --json-diff base proc"] {
        let printed = run(&tree, &env, args);
        assert!(
            !printed.to_lowercase().contains("s3kr") && printed.contains("a system file"),
            "{args}: {printed}"
        );
    }
    // The finding keeps its code and its place.
    let printed = run(&tree, &env, "validate --format concise directive");
    assert!(printed.contains("outside:1:1: error[E0201]"), "{printed}");
    // A person at a terminal sees all, and a folder can be allowed.
    assert!(run(&tree, &env, "routes good").contains("S3krname"));
    assert!(run(&tree, &env, "routes --format json --allow-read .. good").contains("S3krname"));
    let printed = run(&tree, &env, "routes --format json --allow-read / proc");
    assert!(!printed.to_lowercase().contains("s3kr"), "{printed}");
}

/// A directive that takes in a file shows nothing of it either.
#[test]
fn certificates_outside_the_project_are_in_no_report() {
    let site = "a.example {\n\trespond hi\n\ttls {\n\t\tclient_auth {\n\t\t\tmode require\n\t\t\ttrusted_ca_cert_file ../ca.pem\n\t\t\ttrusted_leaf_cert_file ../ca.pem\n\t\t}\n\t}\n}\n";
    let body = "UzNLUlMzS1JTM0tSUzNLUlMzS1JTM0tSUzNLUlMzS1JTM0tSUzNLUlMzS1JTM0tS";
    let pem = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    let outer =
        folder(&[("ca.pem", &pem), ("tree/Caddyfile", site), ("tree/base", BASE), ("tree/.git/HEAD", "")]);
    let tree = outer.path().join("tree");
    for (old, new) in [("base", "Caddyfile"), ("Caddyfile", "base")] {
        for form in
            ["text", "json", "markdown", "github", "patch", "text --json-diff", "markdown --json-diff"]
        {
            let args = format!("diff {old} {new} --format {form}");
            let printed = run(&tree, &[], &args);
            assert!(!printed.contains(&body[..12]), "{args}: {printed}");
            let is_whole = printed.contains("outside the project") || !form.ends_with("--json-diff");
            assert!(is_whole, "{args}: {printed}");
        }
    }
    assert!(run(&tree, &[], "diff base Caddyfile --json-diff --allow-read ..").contains(body));
}

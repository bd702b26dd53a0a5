//! `validate --fix`: which files it edits, and what it says of the others.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;

use crate::overwrite::{Folder, PROGRAM};

/// A link that came with the folder, which nobody named.
#[test]
fn fix_leaves_a_caddyfile_alone_that_leads_out_of_the_folder() {
    let old = "a.test {\n\tbasicauth {\n\t\tbob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n\t}\n}\n";
    let folder = Folder::with(&[("outside/profile", old), ("work/other", "")]);
    symlink("../outside/profile", folder.at("work/Caddyfile")).unwrap();
    for arguments in [&["validate", "--fix"][..], &["validate", "--fix", "--diff"]] {
        let (status, error) = folder.run_in("work", arguments);
        assert!(status == 2 && error.contains("Caddyfile is skipped: "), "{arguments:?}: {error}");
        assert_eq!(folder.read("outside/profile"), old);
    }
    let (status, error) = folder.run_in("work", &["validate", "--fix", "Caddyfile", "--deny", "error"]);
    assert_eq!((status, error.as_str()), (0, "fixed 1 finding in 1 file\n"));
    assert!(folder.read("outside/profile").contains("basic_auth"));
}

/// A fix that was asked for and not made.
#[test]
fn the_status_of_fix_shows_what_it_did_not_write() {
    let old = "a.test {\n\tbasicauth {\n\t\tbob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n\t}\n}\n";
    let folder = Folder::with(&[("a.caddyfile", old), ("c.caddyfile", old)]);
    folder.write("b.caddyfile", [old.as_bytes(), b"# \xff\n"].concat());
    let fix = |more: &[&str]| folder.run(&[&["validate", "--fix", "--deny", "error", "."], more].concat());
    let (status, error) = fix(&["--diff"]);
    assert!(status == 2 && error.contains("b.caddyfile is skipped: it is not UTF-8"), "{error}");
    let (status, error) = fix(&[]);
    assert_eq!(status, 2, "{error}");
    assert!(
        error.contains("b.caddyfile is skipped: it is not UTF-8")
            && error.contains("fixed 2 findings in 2 files")
    );
    for name in ["a.caddyfile", "c.caddyfile"] {
        assert!(folder.read(name).contains("basic_auth"), "{name}");
    }
    // A file that cannot be written does not keep the others from being written.
    fs::remove_file(folder.at("b.caddyfile")).unwrap();
    folder.write("b.caddyfile", old);
    folder.write("c.caddyfile", old);
    let holder = fs::File::create(folder.at(".b.caddyfile.caddyctl-new")).unwrap();
    rustix::fs::flock(&holder, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let (status, error) = fix(&[]);
    assert_eq!(status, 2, "{error}");
    assert!(error.contains("b.caddyfile is not written: another caddyctl is writing it"), "{error}");
    assert!(error.contains("fixed 1 finding in 1 file"), "{error}");
    assert_eq!(folder.read("b.caddyfile"), old);
    drop(holder);
    assert_eq!(fix(&[]), (0, "fixed 1 finding in 1 file\n".to_owned()));
}

#[test]
fn fix_edits_the_project_and_nothing_outside() {
    let old = "basicauth {\n\tbob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n}\n";
    let folder = Folder::with(&[
        ("outside/auth", old),
        ("work/.git/HEAD", ""),
        (
            "work/sites/Caddyfile",
            "a.test {\n\timport ../../outside/auth\n\timport ../auth\n\timport ../link\n}\n",
        ),
        ("work/auth", old),
    ]);
    symlink("../outside/auth", folder.at("work/link")).unwrap();
    for arguments in
        [&["validate", "--fix", "--diff"][..], &["validate", "--fix"], &["validate", "--fix", "Caddyfile"]]
    {
        let (status, error) = folder.run_in("work/sites", arguments);
        assert_eq!(status, 2, "{error}");
        assert!(
            error.contains("outside/auth is skipped: it is outside the given files and folders"),
            "{error}"
        );
        assert!(error.contains("link is skipped"), "{error}");
        assert_eq!(folder.read("outside/auth"), old);
    }
    assert!(folder.read("work/auth").starts_with("basic_auth {"), "{}", folder.read("work/auth"));
}

/// The first name is edited, and with it all others.
#[test]
fn fix_edits_a_file_of_several_names_once() {
    let old = "basicauth {\n\tbob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n}\n";
    let site = |file: &str, n: usize| format!("s{n}.test {{\n\timport {file}\n\trespond ok\n}}\n");
    let text: String = ["auth", "linked", "hard"].iter().zip(1..).map(|(file, n)| site(file, n)).collect();
    let folder = Folder::with(&[("auth", old), ("Caddyfile", &text)]);
    symlink("auth", folder.at("linked")).unwrap();
    fs::hard_link(folder.at("auth"), folder.at("hard")).unwrap();
    let fixed = folder.run(&["validate", "--fix", "--deny", "error"]);
    assert_eq!(fixed, (0, "fixed 1 finding in 1 file\n".to_owned()));
    assert!(folder.read("hard").starts_with("basic_auth {") && folder.at("linked").is_symlink());
}

#[test]
fn fix_reports_that_a_name_is_not_utf_8() {
    let folder = Folder::with(&[]);
    let name = std::ffi::OsStr::from_bytes(b"a\xff.caddyfile");
    let old = "a.test {\n\tbasicauth {\n\t\tbob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n\t}\n}\n";
    fs::write(folder.0.path().join(name), old).unwrap();
    let mut command = std::process::Command::new(PROGRAM);
    let output = command.args(["validate", "--fix"]).arg(name).current_dir(folder.0.path()).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.code() == Some(2) && error.contains(" is skipped: its name is not UTF-8"),
        "{error}"
    );
}

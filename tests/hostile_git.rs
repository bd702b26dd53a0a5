//! Repositories whose settings name programs: `diff --against` and `deploy` run none of them, fetch nothing and read no
//! other file. Each setting would leave a file behind if its program ran.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use place::Place;

mod elsewhere;
mod place;

const PROGRAM: &str = env!("CARGO_BIN_EXE_caddyctl");
const A: &str = "a.test {\n\trespond one\n}\n";
const B: &str = "a.test {\n\trespond two\n}\n";

/// A commit that is in no repository.
const MISSING: &str = "0123456789012345678901234567890123456789";

/// The files of a bare repository, as they can be committed: only `.git` is refused by git.
fn plant_bare(place: &Place, folder: &str, settings: &str) {
    place.write(&format!("{folder}/config"), &format!("{settings}[core]\n\tbare = false\n\tworktree = .\n"));
    place.write(&format!("{folder}/HEAD"), "ref: refs/heads/main\n");
    place.write(&format!("{folder}/objects/.keep"), "");
    place.write(&format!("{folder}/refs/heads/main"), &format!("{MISSING}\n"));
    place.write(&format!("{folder}/refs/remotes/origin/main"), &format!("{MISSING}\n"));
}

#[test]
fn a_bare_repository_in_a_folder() {
    let place = Place::new();
    place.repository("work/origin");
    let settings = place.hostile_settings();
    plant_bare(&place, "work/origin/sites", &settings);
    place.git("work/origin", &["add", "."]);
    place.git("work/origin", &["commit", "--quiet", "-m", "hostile"]);
    place.git("work", &["clone", "--quiet", "origin", "clone"]);
    place.attack("work/clone");
    // The file is that of the whole repository all the same.
    let (status, out, error) =
        place.run(PROGRAM, &["diff", "--against", "HEAD~2", "Caddyfile"], "work/clone/sites");
    assert_eq!(status, 1, "{error}");
    assert!(out.contains("respond one -> two"), "{out}");
    // The same planted at the top: there `.git` is found first.
    plant_bare(&place, "work/clone", &settings);
    place.attack("work/clone");
}

#[test]
fn settings_of_a_checkout_that_came_in_an_archive() {
    let place = Place::new();
    place.repository("work/tree");
    let settings = place.hostile_settings();
    place.write("work/tree/.gitattributes", "* diff=x filter=x merge=x\n");
    place.write("work/tree/.git/info/attributes", "* diff=x filter=x\n");
    let own = fs::read_to_string(place.at("work/tree/.git/config")).unwrap();
    place.write("work/tree/.git/config", &format!("{own}{settings}[include]\n\tpath = more\n"));
    place.write("work/tree/.git/more", &settings);
    place.attack("work/tree");
    let (status, out, error) = place.run(PROGRAM, &["diff", "--against", "HEAD~1"], "work/tree");
    assert_eq!(status, 1, "{error}");
    assert!(out.contains("respond one -> two"), "{out}");
    // `.git` is a file that names a folder of the checkout.
    fs::rename(place.at("work/tree/.git"), place.at("work/tree/data")).unwrap();
    place.write("work/tree/.git", "gitdir: data\n");
    place.attack("work/tree");
    // `.git` is nothing that git takes for a repository, and a bare one lies around it.
    fs::remove_file(place.at("work/tree/.git")).unwrap();
    fs::create_dir(place.at("work/tree/.git")).unwrap();
    plant_bare(&place, "work/tree", &settings);
    plant_bare(&place, "work", &settings);
    place.attack("work/tree");
    let (status, _, error) = place.run(PROGRAM, &["diff", "--against", "HEAD"], "work/tree");
    assert_eq!(status, 2);
    assert!(error.contains("git cannot read the repository at ") && error.contains("help: "), "{error}");
}

#[test]
fn a_partial_clone_fetches_nothing() {
    let place = Place::new();
    place.repository("work/origin");
    place.git("work/origin", &["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", place.at("work/origin").display());
    place.git("work", &["clone", "--quiet", "--filter=blob:none", &url, "clone"]);
    let own = fs::read_to_string(place.at("work/clone/.git/config")).unwrap();
    place.write("work/clone/.git/config", &format!("{own}{}", place.hostile_settings()));
    place.attack("work/clone");
    // What is not here stays away, and the message says what to do.
    let (status, _, error) = place.run(PROGRAM, &["diff", "--against", "HEAD~1"], "work/clone");
    assert_eq!(status, 2, "{error}");
    assert!(error.contains("error: cannot read HEAD~1:Caddyfile: "), "{error}");
    assert_eq!(place.marks(), [""; 0]);
}

#[test]
fn programs_of_the_checkout_and_variables_of_the_caller() {
    let place = Place::new();
    place.repository("work/tree");
    let mark = place.at("marks/git").display().to_string();
    for path in ["work/tree/git", "work/tree/bin/git"] {
        place.write(path, &format!("#!/bin/sh\ntouch {mark}\n"));
        fs::set_permissions(place.at(path), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let usual = std::env::var("PATH").unwrap();
    let inside = place.at("work/tree/bin").display().to_string();
    symlink(&inside, place.at("home/bin")).unwrap();
    let linked = place.at("home/bin").display().to_string();
    for path in [format!(".:{usual}"), format!(":bin:{usual}"), format!("{inside}:{linked}:{usual}")] {
        let output = Command::new(PROGRAM)
            .args(["diff", "--against", "HEAD~1"])
            .current_dir(place.at("work/tree"))
            .env("PATH", &path)
            .env("GIT_DIR", "/nowhere")
            .env("GIT_WORK_TREE", "/nowhere")
            .env("GIT_EXTERNAL_DIFF", format!("touch {mark}"))
            .env("GIT_TRACE", &mark)
            .env("GIT_PAGER", format!("touch {mark}"))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(place.marks(), [""; 0], "{path}");
    }
    let output = Command::new(PROGRAM)
        .args(["diff", "--against", "HEAD~1"])
        .current_dir(place.at("work/tree"))
        .env("PATH", ".")
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("error: git is not installed") && error.contains("help: install git"), "{error}");
}

#[test]
fn hostile_revisions_are_names_that_git_does_not_know() {
    let place = Place::new();
    place.repository("work/tree");
    for revision in [
        "",
        "-",
        "--output=x",
        "--upload-pack=touch x",
        "--help",
        "^HEAD",
        "HEAD\n--all",
        "a..b",
        "HEAD:Caddyfile",
        "--",
    ] {
        let argument = format!("--against={revision}");
        let (status, out, error) = place.run(PROGRAM, &["diff", &argument, "Caddyfile"], "work/tree");
        assert_eq!((status, out.as_str()), (2, ""), "{revision:?}: {error}");
        assert!(error.contains("unknown git revision"), "{revision:?}: {error}");
    }
    assert!(!place.at("work/tree/x").exists());
}

#[test]
fn the_revision_of_a_deploy_is_a_commit_or_unknown() {
    let place = Place::new();
    place.repository("work/tree");
    fs::create_dir_all(place.at("root/etc/caddy")).unwrap();
    let root = place.at("root").display().to_string();
    let mut number = 0;
    let mut deploy = || {
        number += 1;
        place.write("work/tree/Caddyfile", &format!("a.test {{\n\trespond {number}\n}}\n"));
        let (status, out, error) = place.run(PROGRAM, &["deploy", "--root", &root], "work/tree");
        assert_eq!(status, 0, "{out}{error}");
        let (_, out, error) =
            place.run(PROGRAM, &["history", "--root", &root, "--format", "json"], "work/tree");
        let history: serde_json::Value =
            serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{error}"));
        let found = history.to_string();
        assert!(!found.contains("VICTIM"), "{found}");
        let (_, text, _) = place.run(PROGRAM, &["status", "--root", &root], "work/tree");
        assert!(!text.contains("VICTIM") && !text.contains('\u{1b}'), "{text}");
        found
    };
    let commit = place.git("work/tree", &["rev-parse", "HEAD"]);
    assert!(deploy().contains(&commit));
    place.write("victim", "VICTIM\n");
    let victim = place.at("victim").display().to_string();
    for head in [format!("ref: {victim}\n"), "VICTIM\n".to_owned(), "\u{1b}[2JVICTIM".to_owned()] {
        place.write("work/tree/.git/HEAD", &head);
        assert!(deploy().contains("\"unknown\""), "{head:?}");
    }
    fs::remove_file(place.at("work/tree/.git/HEAD")).unwrap();
    let status = Command::new("mkfifo").arg(place.at("work/tree/.git/HEAD")).status().unwrap();
    assert!(status.success());
    let begin = std::time::Instant::now();
    assert!(deploy().contains("\"unknown\""));
    assert!(begin.elapsed().as_secs() < 60);
}

/// Root runs no git where another user may write the settings, whatever root's own settings say.
#[test]
fn root_leaves_the_checkout_of_another_user_alone() {
    let place = Place::new();
    if place.at("work").metadata().unwrap().uid() != 0 {
        return;
    }
    place.repository("work/tree");
    place.write("home/.gitconfig", "[safe]\n\tdirectory = *\n");
    let diff = || place.run(PROGRAM, &["diff", "--against", "HEAD~1"], "work/tree");
    assert_eq!(diff().0, 1);
    fs::create_dir_all(place.at("root/etc/caddy")).unwrap();
    let root = place.at("root").display().to_string();
    for path in ["work/tree/.git/config", "work/tree/.git", "work/tree"] {
        chown(place.at(path), Some(977), None).unwrap();
        let (status, _, error) = diff();
        assert_eq!(status, 2);
        let real = place.at(path).canonicalize().unwrap();
        let why = format!("error: git does not run here as user 0: {} belongs to user 977", real.display());
        assert!(error.contains(&why), "{error}");
        let top = place.at("work/tree").canonicalize().unwrap();
        for what in
            ["`options: --user 977`", "`setpriv --reuid=977 ", &format!("`chown -R root {}`", top.display())]
        {
            assert!(error.contains("help: run this as user 977") && error.contains(what), "{error}");
        }
        let (status, out, error) = place.run(PROGRAM, &["deploy", "--root", &root, "--force"], "work/tree");
        assert_eq!(status, 0, "{out}{error}");
        let (_, out, _) = place.run(PROGRAM, &["status", "--root", &root], "work/tree");
        assert!(out.contains("revision unknown"), "{out}");
        chown(place.at(path), Some(0), None).unwrap();
    }
    assert_eq!(diff().0, 1);
}

/// What the message says to do is enough: in a container job, the checkout belongs to a user that the container may not know.
#[test]
fn the_owner_of_a_checkout_reads_it_and_others_allow_it_themselves() {
    let place = Place::new();
    if place.at("work").metadata().unwrap().uid() != 0 {
        return;
    }
    place.repository("work/tree");
    fs::set_permissions(place.at(""), fs::Permissions::from_mode(0o755)).unwrap();
    let status = Command::new("chown").args(["-R", "977"]).arg(place.at("work/tree")).status().unwrap();
    assert!(status.success());
    let diff = |user: u32| {
        let mut command = Command::new(PROGRAM);
        command.args(["diff", "--against", "HEAD~1"]).current_dir(place.at("work/tree"));
        let output = command.env("HOME", place.at("home")).uid(user).gid(977).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(diff(977), (Some(1), String::new()));
    let (status, error) = diff(978);
    let top = place.at("work/tree").canonicalize().unwrap();
    assert_eq!(status, Some(2));
    assert!(
        error.contains("git does not run here as user 978: ") && error.contains(" belongs to user 977"),
        "{error}"
    );
    let allow = format!("git config --global --add safe.directory {}", top.display());
    assert!(error.contains(&format!("`{allow}`")), "{error}");
    let words: Vec<&str> = allow.split(' ').skip(1).collect();
    place.git("home", &words);
    fs::set_permissions(place.at("home/.gitconfig"), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(diff(978), (Some(1), String::new()));
    // As root nothing is allowed so, and the other way is.
    assert_eq!(diff(0).0, Some(2));
    let as_owner = Command::new("setpriv")
        .args(["--reuid=977", "--clear-groups", PROGRAM, "diff", "--against", "HEAD~1"])
        .current_dir(place.at("work/tree"))
        .output();
    if let Ok(output) = as_owner {
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(Command::new("chown").args(["-R", "root"]).arg(&top).status().unwrap().success());
    assert_eq!(diff(0), (Some(1), String::new()));
}

/// A revision has no files of a submodule: an import from there would be missing on one side, and all of it new.
#[test]
fn a_submodule_is_named_and_never_taken_for_nothing() {
    let place = Place::new();
    place.repository("work/shared");
    place.repository("work/tree");
    let from = place.at("work/shared").display().to_string();
    place.git("work/tree", &["submodule", "--quiet", "add", &from, "libs/shared"]);
    symlink("libs/shared/sites", place.at("work/tree/linked")).unwrap();
    for (number, import) in [
        "libs/shared/sites/Caddyfile",
        "libs/shared/sites/*",
        "libs/*/Caddyfile",
        "linked/*",
        "linked/Caddyfile",
    ]
    .into_iter()
    .enumerate()
    {
        place.write("work/tree/Caddyfile", &format!("import {import}\nb.test {{\n\trespond {number}\n}}\n"));
        place.git("work/tree", &["add", "."]);
        place.git("work/tree", &["commit", "--quiet", "-m", "x"]);
        for folder in ["work/tree", "work/tree/libs"] {
            let file = if folder == "work/tree" { "Caddyfile" } else { "../Caddyfile" };
            let (status, out, error) = place.run(PROGRAM, &["diff", "--against", "HEAD", file], folder);
            assert_eq!((status, out.as_str()), (2, ""), "{import}: {error}");
            let why = "error: `HEAD` does not contain the files of the git submodule `libs/shared`, only its commit\n";
            assert!(error.starts_with(why), "{import}: {error}");
            assert!(error.contains(
                "help: in another clone run `git checkout HEAD` and `git submodule update --init`"
            ));
        }
    }
    // The submodule's own files have its own revisions.
    let own = place.run(PROGRAM, &["diff", "--against", "HEAD~1", "libs/shared/Caddyfile"], "work/tree");
    assert_eq!(own.0, 1, "{}", own.2);
    // A submodule that nothing is imported from does not matter.
    place.write("work/tree/Caddyfile", A);
    place.git("work/tree", &["commit", "--quiet", "-a", "-m", "x"]);
    let (status, _, error) = place.run(PROGRAM, &["diff", "--against", "HEAD"], "work/tree");
    assert_eq!(status, 0, "{error}");
}

#[test]
fn links_of_a_revision_are_followed_inside_the_repository_only() {
    let place = Place::new();
    place.repository("work/tree");
    let tree = place.at("work/tree");
    place.write("work/tree/Caddyfile", "import link/*\nimport one\n");
    place.write("work/tree/real/a", A);
    place.write("work/tree/more/b", "b.test {\n}\n");
    symlink("real", tree.join("link")).unwrap();
    symlink("more/../more/b", tree.join("one")).unwrap();
    place.git("work/tree", &["add", "."]);
    place.git("work/tree", &["commit", "--quiet", "-m", "links"]);
    let diff = || place.run(PROGRAM, &["diff", "--against", "HEAD"], "work/tree");
    assert_eq!(diff().0, 0, "{}", diff().2);
    place.write("work/tree/real/a", B);
    let (status, out, _) = diff();
    assert!(status == 1 && out.contains("respond one -> two"), "{out}");
    fs::remove_file(tree.join("one")).unwrap();
    symlink(place.at("victim"), tree.join("one")).unwrap();
    place.write("victim", "VICTIM\n");
    place.git("work/tree", &["add", "."]);
    place.git("work/tree", &["commit", "--quiet", "-m", "out"]);
    fs::remove_file(tree.join("one")).unwrap();
    place.write("work/tree/one", "b.test {\n}\n");
    let (status, out, error) = diff();
    assert_eq!(status, 2, "{out}");
    assert!(error.contains("leads out of the repository") && !error.contains("VICTIM"), "{error}");
    fs::remove_file(tree.join("one")).unwrap();
    symlink("one", tree.join("one")).unwrap();
    place.git("work/tree", &["add", "."]);
    place.git("work/tree", &["commit", "--quiet", "-m", "loop"]);
    assert_eq!(diff().0, 2);
}

//! Repositories whose settings name programs: `diff --against` and `deploy` run none of them, fetch nothing and read no
//! other file. Each setting would leave a file behind if its program ran.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_caddyctl");
const A: &str = "a.test {\n\trespond one\n}\n";
const B: &str = "a.test {\n\trespond two\n}\n";

/// A commit that is in no repository.
const MISSING: &str = "0123456789012345678901234567890123456789";

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        for name in ["home", "marks", "work"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self { folder }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs a program in a folder with a home of its own: status, standard output, standard error.
    fn run(&self, program: &str, arguments: &[&str], folder: &str) -> (i32, String, String) {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(self.at(folder))
            .env("HOME", self.at("home"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    fn git(&self, folder: &str, arguments: &[&str]) -> String {
        let mut all =
            vec!["-c", "user.name=T", "-c", "user.email=t@a.test", "-c", "protocol.file.allow=always"];
        all.extend(arguments);
        let (status, out, error) = self.run("git", &all, folder);
        assert_eq!(status, 0, "git {arguments:?}: {error}");
        out.trim().to_owned()
    }

    /// A repository in `folder` with two commits of `sites/Caddyfile` and `Caddyfile`.
    fn repository(&self, folder: &str) {
        fs::create_dir_all(self.at(folder)).unwrap();
        self.git(folder, &["init", "--quiet", "--initial-branch=main"]);
        for text in [A, B] {
            self.write(&format!("{folder}/sites/Caddyfile"), text);
            self.write(&format!("{folder}/Caddyfile"), text);
            self.git(folder, &["add", "."]);
            self.git(folder, &["commit", "--quiet", "-m", "x"]);
        }
    }

    /// Settings that name a program wherever git can run one, each with a file of its own to leave behind.
    fn hostile_settings(&self) -> String {
        let marks = self.at("marks").display().to_string();
        let touch = |name: &str| format!("touch {marks}/{name}");
        let script = |name: &str| {
            let path = self.at(&format!("home/{name}"));
            fs::write(&path, format!("#!/bin/sh\n{}\n", touch(name))).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
            path.display().to_string()
        };
        let hooks = self.at("home/hooks");
        fs::create_dir_all(&hooks).unwrap();
        for hook in [
            "post-index-change",
            "reference-transaction",
            "pre-auto-gc",
            "post-checkout",
            "fsmonitor-watchman",
        ] {
            let path = hooks.join(hook);
            fs::write(&path, format!("#!/bin/sh\n{}\n", touch(hook))).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let mut text = format!(
            "[core]\n\trepositoryformatversion = 1\n\thooksPath = {}\n\taskPass = {}\n\tgitProxy = {}\n",
            hooks.display(),
            script("askpass"),
            script("proxy")
        );
        for (key, name) in [
            ("fsmonitor", "fsmonitor"),
            ("pager", "pager"),
            ("editor", "editor"),
            ("sshCommand", "ssh"),
            ("alternateRefsCommand", "alternate"),
        ] {
            text.push_str(&format!("\t{key} = {}\n", touch(name)));
        }
        text.push_str("[pager]\n");
        for command in ["rev-parse", "ls-tree", "cat-file", "show", "log"] {
            text.push_str(&format!("\t{command} = {}\n", touch(&format!("pager-{command}"))));
        }
        text.push_str("[alias]\n");
        for command in ["rev-parse", "ls-tree", "cat-file", "show", "fetch"] {
            text.push_str(&format!("\t{command} = !{}\n", touch(&format!("alias-{command}"))));
        }
        for (section, key) in [
            ("diff", "external"),
            ("diff \"x\"", "textconv"),
            ("diff \"x\"", "command"),
            ("filter \"x\"", "smudge"),
            ("filter \"x\"", "clean"),
            ("filter \"x\"", "process"),
            ("credential", "helper"),
            ("credential \"https://a.test\"", "helper"),
            ("gpg", "program"),
            ("gpg \"ssh\"", "program"),
            ("sequence", "editor"),
            ("uploadpack", "packObjectsHook"),
            ("merge \"x\"", "driver"),
            ("trailer \"x\"", "command"),
            ("submodule \"x\"", "update"),
            ("interactive", "diffFilter"),
        ] {
            let name: String =
                format!("{section}-{key}").chars().filter(char::is_ascii_alphanumeric).collect();
            let mark = if key == "helper" || key == "update" { "!" } else { "" };
            text.push_str(&format!("[{section}]\n\t{key} = {mark}{}\n", touch(&name)));
        }
        text.push_str("[extensions]\n\tpartialClone = origin\n");
        for (remote, lines) in [
            ("origin", format!("url = ext::sh -c \"touch% {marks}/ext\"")),
            (
                "local",
                format!("url = {}\n\tuploadpack = {};", self.at("work").display(), touch("uploadpack")),
            ),
            ("helper", format!("url = \"sh -c 'touch {marks}/vcs'\"\n\tvcs = ext")),
            ("ssh", "url = ssh://a.test/x".to_owned()),
            ("git", "url = git://a.test/x".to_owned()),
        ] {
            text.push_str(&format!(
                "[remote \"{remote}\"]\n\t{lines}\n\tpromisor = true\n\tpartialclonefilter = blob:none\n"
            ));
        }
        text.push_str("[protocol]\n\tallow = always\n");
        for protocol in ["ext", "file", "ssh", "git", "http", "https"] {
            text.push_str(&format!("[protocol \"{protocol}\"]\n\tallow = always\n"));
        }
        text.push_str("[log]\n\tshowSignature = true\n[safe]\n\tdirectory = *\n\tbareRepository = all\n");
        text
    }

    fn marks(&self) -> Vec<String> {
        let marks = fs::read_dir(self.at("marks")).unwrap();
        marks.map(|mark| mark.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }

    /// Asks for several revisions from the top, from inside the folder and with a path, and deploys.
    fn attack(&self, checkout: &str) {
        let sites = format!("{checkout}/sites");
        for revision in [
            "HEAD",
            "HEAD~1",
            "main",
            "origin/main",
            "HEAD^2",
            "@{-1}",
            "@{upstream}",
            ":/x",
            "HEAD:sites",
            MISSING,
        ] {
            for (folder, file) in [
                (checkout, "sites/Caddyfile"),
                (checkout, "Caddyfile"),
                (sites.as_str(), "Caddyfile"),
                (sites.as_str(), "../Caddyfile"),
                ("home", &format!("../{sites}/Caddyfile")),
            ] {
                let (status, _, error) = self.run(PROGRAM, &["diff", "--against", revision, file], folder);
                assert!((0..=2).contains(&status), "{revision} {file}: {error}");
                assert_eq!(self.marks(), [""; 0], "{revision} {file} in {folder}");
            }
            let (status, ..) = self.run(PROGRAM, &["diff", "--against", revision], &sites);
            assert!((0..=2).contains(&status), "{revision}");
        }
        fs::create_dir_all(self.at("root/etc/caddy")).unwrap();
        for folder in [checkout, sites.as_str()] {
            let root = self.at("root").display().to_string();
            let (status, out, error) = self.run(PROGRAM, &["deploy", "--root", &root], folder);
            assert_eq!(status, 0, "{out}{error}");
        }
        assert_eq!(self.marks(), [""; 0]);
    }
}

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
        assert!(error.contains("git knows no revision"), "{revision:?}: {error}");
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
        assert!(error.contains("belongs to another user") && error.contains("as the owner"), "{error}");
        let (status, out, error) = place.run(PROGRAM, &["deploy", "--root", &root, "--force"], "work/tree");
        assert_eq!(status, 0, "{out}{error}");
        let (_, out, _) = place.run(PROGRAM, &["status", "--root", &root], "work/tree");
        assert!(out.contains("revision unknown"), "{out}");
        chown(place.at(path), Some(0), None).unwrap();
    }
    assert_eq!(diff().0, 1);
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

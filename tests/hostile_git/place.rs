//! A place with repositories whose settings name programs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::hostile_git::{A, B, MISSING, PROGRAM};

/// A folder with a home of its own, and a folder in which whatever program runs leaves a mark.
pub struct Place {
    folder: TempDir,
}

impl Place {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        for name in ["home", "marks", "work"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self { folder }
    }

    pub fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs a program in a folder with a home of its own: status, standard output, standard error.
    pub fn run(&self, program: &str, arguments: &[&str], folder: &str) -> (i32, String, String) {
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

    pub fn git(&self, folder: &str, arguments: &[&str]) -> String {
        let mut all =
            vec!["-c", "user.name=T", "-c", "user.email=t@a.test", "-c", "protocol.file.allow=always"];
        all.extend(arguments);
        let (status, out, error) = self.run("git", &all, folder);
        assert_eq!(status, 0, "git {arguments:?}: {error}");
        out.trim().to_owned()
    }

    /// A repository in `folder` with two commits of `sites/Caddyfile` and `Caddyfile`.
    pub fn repository(&self, folder: &str) {
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
    pub fn hostile_settings(&self) -> String {
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

    pub fn marks(&self) -> Vec<String> {
        let marks = fs::read_dir(self.at("marks")).unwrap();
        marks.map(|mark| mark.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }

    /// Asks for several revisions from the top, from inside the folder and with a path, and deploys.
    pub fn attack(&self, checkout: &str) {
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

//! A place to run the program in: a source, a root that stands for a host, and a real Caddy that runs.

use std::process::{Command, Output, Stdio};

use crate::support::server::{Caddy, free_port, static_config};

/// A snippet that the site of a [`Bench`] may import.
pub const ANSWER: &str = "(answer) {\n\trespond \"hi\"\n}\n";

/// A folder with a source, a root, and a running Caddy.
pub struct Bench {
    pub folder: tempfile::TempDir,
    pub caddy: Caddy,
    pub admin: String,
    pub port: u16,
}

impl Bench {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("repo/sites")).unwrap();
        std::fs::create_dir(folder.path().join("root")).unwrap();
        let (admin, port) = (format!("127.0.0.1:{}", free_port()), free_port());
        let caddy = Caddy::start(&static_config(&admin, free_port(), "before"));
        Self { folder, caddy, admin, port }
    }

    /// The source: global options, an import, and a site with these lines.
    pub fn write(&self, lines: &str, imported: &str) {
        let Self { admin, port, .. } = self;
        let text = format!(
            "{{\n\tadmin {admin}\n\tauto_https off\n}}\n\nimport sites/*\n\nhttp://127.0.0.1:{port} {{\n\t{lines}\n}}\n"
        );
        std::fs::write(self.folder.path().join("repo/Caddyfile"), text).unwrap();
        std::fs::write(self.folder.path().join("repo/sites/one"), imported).unwrap();
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
        command.current_dir(self.folder.path()).args(words).args(["--root", "root", "--admin", &self.admin]);
        command.env_remove("CADDYCTL_FAULT").stdin(Stdio::null());
        command
    }

    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    pub fn deploy(&self, more: &[&str]) -> Output {
        self.run(&[&["deploy", "repo/Caddyfile", "--no-drop-in"], more].concat())
    }

    pub fn installed(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("root/etc/caddy/Caddyfile")).unwrap_or_default()
    }
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

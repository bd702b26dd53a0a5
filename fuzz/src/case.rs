//! Several files and an environment, written as one text.
//!
//! A line `>>> NAME` begins the part NAME; what stands before the first one is the Caddyfile. The part `env` has lines
//! NAME=VALUE, every other part is a file.

use caddyctl_language::compile::{Compilation, compile};
use caddyctl_language::source::{Env, Memory};

/// What begins the line of a part.
const MARK: &[u8] = b">>> ";

/// A variable that is always set, and whose value no report may show.
pub const CANARY: (&str, &str) = ("CANARY", "q7w8e9r0t1y2u3");

/// The folder in which the files lie.
pub const FOLDER: &str = "/srv";

/// The Caddyfile, the files around it, and the environment.
pub struct Case<'d> {
    /// The Caddyfile.
    pub text: &'d [u8],
    /// The parts by name, in order.
    pub parts: Vec<(String, &'d [u8])>,
    /// The environment.
    pub env: Env,
    /// The files.
    pub files: Memory,
}

impl<'d> Case<'d> {
    /// Takes `data` apart.
    pub fn of(data: &'d [u8]) -> Self {
        let mut parts = parts(data);
        let (_, text) = parts.remove(0);
        let (mut env, mut files) = (Env::empty(), Memory::new(FOLDER));
        env.set(CANARY.0, CANARY.1);
        for (name, bytes) in &parts {
            if name == "env" {
                let lines = String::from_utf8_lossy(bytes);
                for (name, value) in lines.lines().filter_map(|line| line.split_once('=')) {
                    env.set(name, value);
                }
            } else {
                files.add(name.trim_start_matches('/'), *bytes);
            }
        }
        Self { text, parts, env, files }
    }

    /// Compiles the Caddyfile.
    pub fn compile(&self) -> Compilation {
        self.compile_text(self.text)
    }

    /// Compiles another text in its place.
    pub fn compile_text(&self, text: &[u8]) -> Compilation {
        compile("Caddyfile", text, &self.env, &self.files)
    }

    /// The part `name`.
    pub fn part(&self, name: &str) -> Option<&'d [u8]> {
        self.parts.iter().find(|(known, _)| known == name).map(|(_, bytes)| *bytes)
    }
}

/// The parts of `data`; the first has no name, and is always there.
pub fn parts(data: &[u8]) -> Vec<(String, &[u8])> {
    let mut parts = Vec::new();
    let mut name = String::new();
    let (mut start, mut at) = (0, 0);
    while at < data.len() {
        let end = data[at..].iter().position(|byte| *byte == b'\n').map_or(data.len(), |found| at + found);
        if let Some(next) = data[at..end].strip_prefix(MARK) {
            parts.push((name, &data[start..at]));
            name = String::from_utf8_lossy(next).into_owned();
            start = (end + 1).min(data.len());
        }
        at = end + 1;
    }
    parts.push((name, &data[start..]));
    parts
}

//! Generated Caddyfiles, compiled here and by the real Caddy: the same bytes, or a refusal from both.
//!
//! The usual run takes fixed seeds and then some fresh ones. A long run by hand:
//! `CADDYCTL_FILES=10000 CADDYCTL_SEED=1 cargo test --release --test all differential:: -- --nocapture`.

#![allow(clippy::print_stdout, reason = "scores are what a reader of the log looks for")]

use crate::generate;
use crate::support::caddy;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use caddyctl_host::Disk;
use caddyctl_language::compile::compile;
use caddyctl_language::source::Env;
use serde_json::Value;

/// A running Caddy that adapts what it is sent: a hundred times faster than one process for each file.
struct Judge {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Judge {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = folder.path().join("admin.json");
        std::fs::write(&config, format!("{{\"admin\":{{\"listen\":\"127.0.0.1:{port}\",\"config\":{{\"persist\":false}}}},\"logging\":{{\"logs\":{{\"default\":{{\"level\":\"ERROR\"}}}}}}}}")).unwrap();
        write_files(folder.path());
        let child = Command::new(caddy::binary())
            .args(["run", "--config"])
            .arg(&config)
            .env_clear()
            .envs(generate::VARIABLES.iter().copied())
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", folder.path())
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let judge = Self { child, port, folder };
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "the real Caddy does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        judge
    }

    /// What Caddy makes of `text`: its bytes, or its refusal.
    fn adapt(&self, text: &str) -> Result<Vec<u8>, String> {
        let fresh = generate::changes_order(text);
        if fresh {
            // A running Caddy remembers a changed order.
            let folder = tempfile::tempdir_in(self.folder.path()).unwrap();
            std::fs::write(folder.path().join("Caddyfile"), text).unwrap();
            write_files(folder.path());
            let output = Command::new(caddy::binary())
                .args(["adapt", "--config", "Caddyfile"])
                .env_clear()
                .envs(generate::VARIABLES.iter().copied())
                .env("HOME", "/root")
                .current_dir(folder.path())
                .output()
                .unwrap();
            return if output.status.success() {
                Ok(output.stdout.trim_ascii_end().to_vec())
            } else {
                Err(String::from_utf8_lossy(&output.stderr).into_owned())
            };
        }
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        let head = format!(
            "POST /adapt HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: text/caddyfile\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.port,
            text.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        let body = read_response(stream);
        let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
        if answer.get("result").is_none() {
            return Err(answer.to_string());
        }
        // The result stands in the answer byte for byte; it is the last member.
        let text = String::from_utf8(body).unwrap();
        let start = text.find("\"result\":").unwrap() + "\"result\":".len();
        Ok(text[start..].trim_end().strip_suffix('}').unwrap().as_bytes().to_vec())
    }
}

/// Writes the files that generated ones import.
fn write_files(folder: &Path) {
    for (name, text) in generate::FILES {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// What both programs know of the environment.
fn environment() -> Env {
    generate::VARIABLES.iter().copied().collect()
}

/// The body of a response, chunked or not.
fn read_response(stream: TcpStream) -> Vec<u8> {
    let mut reader = BufReader::new(stream);
    let mut chunked = false;
    let mut line = String::new();
    loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        let header = line.trim_end().to_ascii_lowercase();
        chunked |= header == "transfer-encoding: chunked";
        if header.is_empty() {
            break;
        }
    }
    let mut body = Vec::new();
    if !chunked {
        reader.read_to_end(&mut body).unwrap();
        return body;
    }
    loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        let size = usize::from_str_radix(line.trim(), 16).unwrap();
        let mut chunk = vec![0; size + 2];
        reader.read_exact(&mut chunk).unwrap();
        if size == 0 {
            return body;
        }
        body.extend(&chunk[..size]);
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How the two differ, or nothing.
fn disagreement(judge: &Judge, text: &str) -> Option<String> {
    let folder: &Path = judge.folder.path();
    let ours = compile("Caddyfile", text.as_bytes(), &environment(), &Disk::new(folder));
    match (ours.json(), judge.adapt(text)) {
        (Some(ours), Ok(theirs)) if ours == theirs => None,
        // Caddy orders some internal names as a Go map happens to: any of its answers will do.
        (Some(ours), Ok(_)) if (0..24).any(|_| judge.adapt(text).is_ok_and(|again| again == ours)) => None,
        (Some(ours), Ok(theirs)) => Some(format!(
            "other bytes\n  ours  {}\n  Caddy {}",
            String::from_utf8_lossy(&ours),
            String::from_utf8_lossy(&theirs)
        )),
        (Some(_), Err(error)) => Some(format!("accepted, and Caddy refuses it: {error}")),
        (None, Ok(_)) => {
            let faults: Vec<_> =
                ours.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.message.clone()).collect();
            Some(format!("refused, and Caddy accepts it: {}", faults.join("; ")))
        }
        (None, Err(_)) => None,
    }
}

/// The first word of a disagreement, which must stay the same while its file shrinks.
fn kind(disagreement: &str) -> &str {
    disagreement.split([' ', ',']).next().unwrap_or("")
}

/// Takes lines away while the two still differ in the same way.
fn shrink(judge: &Judge, text: &str, what: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let mut size = lines.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < lines.len() {
            let mut fewer = lines.clone();
            fewer.drain(at..(at + size).min(lines.len()));
            let shorter = fewer.join("\n") + "\n";
            if disagreement(judge, &shorter).is_some_and(|now| kind(&now) == kind(what)) {
                lines = fewer;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    lines.join("\n") + "\n"
}

/// Why generated files are refused, commonest first: what the generator must learn to say right.
fn print_reasons(judge: &Judge, seeds: &[u64]) {
    let mut reasons = std::collections::BTreeMap::new();
    for seed in seeds {
        let text = generate::caddyfile(*seed);
        let ours = compile("Caddyfile", text.as_bytes(), &environment(), &Disk::new(judge.folder.path()));
        for fault in ours.diagnostics.iter().filter(|d| d.is_error()) {
            *reasons.entry(fault.message.clone()).or_insert(0) += 1;
        }
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (reason, count) in reasons.iter().take(60) {
        println!("{count:6} {reason}");
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn generated_files_compile_as_caddy_compiles_them() {
    let judge = Judge::start();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let seeds: Vec<u64> = match number("CADDYCTL_FILES") {
        Some(files) => (0..files).map(|i| number("CADDYCTL_SEED").unwrap_or(1) * 1_000_000 + i).collect(),
        None => (0..600).chain((0..150).map(|i| now * 1000 + i)).collect(),
    };
    let mut accepted = 0;
    let mut found = Vec::new();
    let started = Instant::now();
    for seed in &seeds {
        let text = generate::caddyfile(*seed);
        if let Some(what) = disagreement(&judge, &text) {
            let small = shrink(&judge, &text, &what);
            let what = disagreement(&judge, &small).unwrap_or(what);
            found.push(format!("seed {seed}: {what}\n--- the file\n{small}---"));
            if found.len() >= 15 {
                break;
            }
        } else {
            let folder = Disk::new(judge.folder.path());
            accepted += usize::from(compile("Caddyfile", text.as_bytes(), &environment(), &folder).is_ok());
        }
    }
    if std::env::var_os("CADDYCTL_REASONS").is_some() {
        print_reasons(&judge, &seeds);
    }
    println!(
        "differential: {} files, {accepted} of them accepted by both, {} disagreements, {:?}",
        seeds.len(),
        found.len(),
        started.elapsed()
    );
    assert!(found.is_empty(), "{}", found.join("\n\n"));
    assert!(accepted * 5 > seeds.len(), "too few of the generated files are accepted to prove anything");
}

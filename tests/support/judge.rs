//! A running Caddy that adapts what it is sent.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::generate;

/// A running Caddy that adapts what it is sent: a hundred times faster than one process for each file.
pub struct Judge {
    binary: PathBuf,
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Judge {
    /// Starts this program in a folder with the files that generated Caddyfiles import.
    pub fn start(binary: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = folder.path().join("admin.json");
        std::fs::write(&config, format!("{{\"admin\":{{\"listen\":\"127.0.0.1:{port}\",\"config\":{{\"persist\":false}}}},\"logging\":{{\"logs\":{{\"default\":{{\"level\":\"ERROR\"}}}}}}}}")).unwrap();
        write_files(folder.path());
        let child = Command::new(binary)
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
        let judge = Self { binary: binary.to_owned(), child, port, folder };
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "the real Caddy does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        judge
    }

    /// The folder that it runs in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What Caddy makes of `text`: its bytes, or its refusal.
    pub fn adapt(&self, text: &str) -> Result<Vec<u8>, String> {
        let fresh = generate::changes_order(text);
        if fresh {
            // A running Caddy remembers a changed order.
            let folder = tempfile::tempdir_in(self.folder.path()).unwrap();
            std::fs::write(folder.path().join("Caddyfile"), text).unwrap();
            write_files(folder.path());
            let output = Command::new(&self.binary)
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
        let body = read_response(stream).unwrap_or_default();
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

/// The body of a response, chunked or not.
fn read_response(stream: TcpStream) -> io::Result<Vec<u8>> {
    let mut reader = BufReader::new(stream);
    let mut chunked = false;
    let mut line = String::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let header = line.trim_end().to_ascii_lowercase();
        chunked |= header == "transfer-encoding: chunked";
        if header.is_empty() {
            break;
        }
    }
    let mut body = Vec::new();
    if !chunked {
        reader.read_to_end(&mut body)?;
        return Ok(body);
    }
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let size = usize::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
        let mut chunk = vec![0; size + 2];
        reader.read_exact(&mut chunk)?;
        if size == 0 {
            return Ok(body);
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

//! What a real Caddy answers with configurations: each on a port of loopback of its own, all in one process.

#![allow(dead_code, reason = "each test asks what it needs")]

use crate::support::caddy::compile;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use caddyctl_language::source::{Env, Loader};
use serde_json::{Value, json};

use super::caddy::binary;

/// A running Caddy; killed when dropped.
pub struct Served {
    child: Child,
    folder: tempfile::TempDir,
    /// The port of each configuration.
    pub ports: Vec<u16>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status; 0 if the connection was closed without an answer.
    pub status: u16,
    /// The fields, in lower case, without `Date`, `Server`, `Content-Length` and `Connection`.
    pub fields: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Answer {
    /// The value of a field; empty if it is not there.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }
}

/// The JSON of a Caddyfile that has to compile.
pub fn compiled(text: &str, loader: &dyn Loader) -> Value {
    let compilation = compile("Caddyfile", text.as_bytes(), &Env::empty(), loader);
    let json = compilation.json().unwrap_or_else(|| panic!("{text}\n{:?}", compilation.diagnostics));
    serde_json::from_slice(json.as_ref()).unwrap()
}

/// Starts one Caddy for all of them. Of each the first server of `http` is taken, with its routes, and nothing of TLS.
pub fn serve(configs: &[Value]) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let listeners: Vec<TcpListener> =
        configs.iter().map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    let ports: Vec<u16> = listeners.iter().map(|listener| listener.local_addr().unwrap().port()).collect();
    let servers = configs.iter().zip(&ports).enumerate().map(|(number, (config, port))| {
        let first = config.pointer("/apps/http/servers").and_then(Value::as_object).unwrap().values().next();
        let mut server = first.unwrap().as_object().unwrap().clone();
        server.insert("listen".to_owned(), json!([format!("127.0.0.1:{port}")]));
        server.insert("automatic_https".to_owned(), json!({"disable": true}));
        server.insert("protocols".to_owned(), json!(["h1"]));
        server.remove("tls_connection_policies");
        server.remove("logs");
        (format!("s{number}"), Value::Object(server))
    });
    let servers: serde_json::Map<String, Value> = servers.collect();
    let config = json!({
        "admin": {"disabled": true},
        "logging": {"logs": {"default": {"level": "ERROR"}}},
        "apps": {"http": {"servers": servers}},
    });
    std::fs::write(folder.path().join("config.json"), config.to_string()).unwrap();
    drop(listeners);
    let log = std::fs::File::create(folder.path().join("log")).unwrap();
    let child = Command::new(binary())
        .args(["run", "--config"])
        .arg(folder.path().join("config.json"))
        .env("HOME", folder.path())
        .env("XDG_CONFIG_HOME", folder.path().join("config"))
        .env("XDG_DATA_HOME", folder.path().join("data"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap();
    let served = Served { child, folder, ports };
    let end = Instant::now() + Duration::from_mins(1);
    for port in &served.ports {
        while TcpStream::connect(("127.0.0.1", *port)).is_err() {
            let log = || std::fs::read_to_string(served.folder.path().join("log")).unwrap_or_default();
            assert!(Instant::now() < end, "caddy did not come up:\n{}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    served
}

impl Served {
    /// What the configuration `number` answers. `request` is `METHOD PATH`, or a path alone; `fields` are lines.
    pub fn ask(&self, number: usize, host: &str, request: &str, fields: &[&str]) -> Answer {
        let (method, path) = request.split_once(' ').unwrap_or(("GET", request));
        let mut stream = TcpStream::connect(("127.0.0.1", self.ports[number])).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let more: String = fields.iter().map(|field| format!("{field}\r\n")).collect();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            return Answer { status: 0, fields: Vec::new(), body: String::new() };
        };
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
        let dull = ["date", "server", "content-length", "connection"];
        let fields = lines.filter_map(|line| line.split_once(": "));
        let fields = fields.map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Answer {
            status: status.unwrap_or(0),
            fields: fields.filter(|(name, _)| !dull.contains(&name.as_str())).collect(),
            body: body.to_owned(),
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

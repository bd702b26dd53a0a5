//! A real Caddy 2.11.7 for a test: its own folders, its own admin address, on loopback.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use caddyctl_deploy::admin::Admin;
use caddyctl_deploy::admin::address::Address;
use serde_json::Value;

use super::caddy::binary;

/// A port of loopback that nobody used a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A running Caddy; killed when dropped.
pub struct Caddy {
    child: Child,
    folder: tempfile::TempDir,
    /// Where its admin API answers.
    pub admin: Address,
}

impl Caddy {
    /// Starts it with `config`, which names an admin address.
    pub fn start(config: &Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let admin = Address::of_config(config).unwrap().expect("the test's Caddy has an admin API");
        let child = Self::spawn(folder.path(), config);
        let caddy = Self { child, folder, admin };
        caddy.wait();
        caddy
    }

    /// Kills it as a crash would, and starts it with `config` as systemd would.
    pub fn restart(&mut self, config: &Value) {
        self.kill();
        self.admin = Address::of_config(config).unwrap().expect("the test's Caddy has an admin API");
        self.child = Self::spawn(self.folder.path(), config);
        self.wait();
    }

    fn spawn(folder: &Path, config: &Value) -> Child {
        let file = folder.join("config.json");
        std::fs::write(&file, config.to_string()).unwrap();
        let log = std::fs::File::create(folder.join("log")).unwrap();
        Command::new(binary())
            .args(["run", "--config"])
            .arg(&file)
            .env("HOME", folder)
            .env("XDG_CONFIG_HOME", folder.join("config"))
            .env("XDG_DATA_HOME", folder.join("data"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap()
    }

    fn wait(&self) {
        let end = Instant::now() + Duration::from_secs(20);
        while self.try_running().is_none() {
            let log = || std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(Instant::now() < end, "caddy did not come up:\n{}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The root certificate of its own authority, once it has made one.
    pub fn root_certificate(&self) -> Vec<u8> {
        let path = self.folder.path().join("data/caddy/pki/authorities/local/root.crt");
        std::fs::read(path).unwrap()
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it runs; `None` when it does not answer.
    pub fn try_running(&self) -> Option<Value> {
        Admin::new(self.admin.clone()).ok()?.config(Duration::from_secs(10)).ok()
    }

    /// What it runs.
    pub fn running(&self) -> Value {
        self.try_running().expect("caddy answers")
    }
}

impl Drop for Caddy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A configuration with an admin address and one site on `port` that answers every request with `answer`.
pub fn static_config(admin: &str, port: u16, answer: &str) -> Value {
    config_with(
        admin,
        port,
        &serde_json::json!([{"handle": [{"handler": "static_response", "body": answer}]}]),
    )
}

/// A configuration with an admin address and one plain site on `port` with these routes.
pub fn config_with(admin: &str, port: u16, routes: &Value) -> Value {
    serde_json::json!({
        "admin": {"listen": admin},
        "apps": {"http": {"servers": {"srv0": {
            "listen": [format!("127.0.0.1:{port}")],
            "automatic_https": {"disable": true},
            "routes": routes,
        }}}}
    })
}

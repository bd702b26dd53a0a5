//! Where the admin API of the service may answer, and what Caddy wrote down of what it runs.

use std::net::ToSocketAddrs as _;
use std::path::{Path, PathBuf};

use super::Found;
use crate::admin::address::{Address, Endpoint};
use crate::admin::known::Known;
use crate::admin::running::Inquiry;
use crate::files::disk;
use crate::json;
use crate::listener::{Listener, sockets};
use caddyctl_language::lower::ADMIN_VARIABLE;

use caddyctl_language::config::read_within;
use serde_json::Value;

/// The most bytes of the configuration that Caddy saved: 20,000 sites take 25 MB. The service's user may write it, and root
/// reads it.
const MOST_SAVED: u64 = 32 << 20;

impl Found {
    /// The way to ask at `known` addresses.
    pub fn inquiry<'i>(&'i self, known: &'i Known) -> Inquiry<'i> {
        Inquiry {
            addresses: &known.addresses,
            ruled_out: &known.ruled_out,
            users: self.admin_users.as_deref(),
            memory: self.limits_of_installed().memory,
        }
    }

    /// Where to look for the admin API: where the user says; else where the running configuration (as Caddy saved it),
    /// the installed file, the new configuration (`new`), the environment or Caddy's default have it. A unix socket is
    /// also looked for inside the service's own file system, where `PrivateTmp` hides it.
    ///
    /// Of these only what the service itself listens on counts, where that can be seen: another Caddy may have the
    /// standard address.
    pub fn admin(&self, new: Option<&Value>) -> Known {
        if let Some(address) = &self.admin {
            return Known { addresses: self.with_hidden(vec![address.clone()]), ruled_out: Vec::new() };
        }
        if self.host.is_staged() {
            return Known::default();
        }
        let installed = self.installed();
        let installed = installed.as_ref().and_then(|installed| installed.config.as_ref());
        // What the service's user wrote counts only while its process is there to be compared with.
        let running = self.main_pid().and_then(|_| Address::of_text(&self.autosave_text()?));
        let named = [installed, new].into_iter().flatten();
        let named = named.filter_map(|config| Address::of_config(config).ok().flatten());
        let mut all: Vec<Address> = running.into_iter().chain(named).collect();
        all.extend(self.env.get(ADMIN_VARIABLE).and_then(|written| Address::parse(written).ok()));
        all.push(Address::standard());
        let mut seen: Vec<Address> = Vec::new();
        for address in self.with_hidden(all) {
            if !seen.contains(&address) {
                seen.push(address);
            }
        }
        let (addresses, ruled_out) = match self.sockets() {
            Some(sockets) => seen.into_iter().partition(|address| is_among(address, &sockets)),
            None => (seen, Vec::new()),
        };
        // A service whose admin API is off is meant to listen at none.
        let is_off = matches!(installed.map(Address::of_config), Some(Ok(None)));
        let ruled_out = if is_off { Vec::new() } else { ruled_out };
        Known { addresses, ruled_out }
    }

    fn with_hidden(&self, addresses: Vec<Address>) -> Vec<Address> {
        let Some(pid) = self.main_pid() else { return addresses };
        let root = PathBuf::from(format!("/proc/{pid}/root"));
        let both = |address: Address| {
            let hidden = address.below(&root);
            if hidden == address { vec![address] } else { vec![hidden, address] }
        };
        addresses.into_iter().flat_map(both).collect()
    }

    /// What the main process of the service listens on; `None` when there is none or it cannot be looked at.
    fn sockets(&self) -> Option<Vec<Listener>> {
        let pid = self.main_pid()?;
        std::fs::read_dir(format!("/proc/{pid}/fd")).ok()?;
        Some(sockets::of_process(pid))
    }

    fn main_pid(&self) -> Option<u32> {
        self.systemd.as_ref().and_then(|(_, unit)| unit.main_pid())
    }

    /// What Caddy saved of the configuration it runs.
    pub fn autosave(&self) -> Option<Value> {
        read_within(&self.autosave_text()?, json::room(self.limits_of_installed().memory)).ok()
    }

    /// The same as it lies on the disk (Caddy docs, "Conventions: file locations").
    fn autosave_text(&self) -> Option<Vec<u8>> {
        let named = |name: &str| self.env.get(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let folder = named("XDG_CONFIG_HOME").or_else(|| Some(named("HOME")?.join(".config")))?;
        self.systemd.as_ref()?;
        // The file and its folder belong to the service's user.
        disk::read(Path::new("/"), &folder.join("caddy/autosave.json"), MOST_SAVED).ok()
    }
}

/// Whether a process that listens on `sockets` would be reached at `address`.
fn is_among(address: &Address, sockets: &[Listener]) -> bool {
    match address.endpoint() {
        Endpoint::Tcp(host, port) => {
            let there: Vec<_> = (host.as_str(), *port).to_socket_addrs().into_iter().flatten().collect();
            sockets.iter().any(|socket| match socket {
                Listener::Tcp(socket) if socket.port() == *port => {
                    // A wildcard is listed as loopback.
                    socket.ip().is_loopback() || there.contains(socket)
                }
                _ => false,
            })
        }
        // An abstract socket has no path to compare.
        Endpoint::Unix(path) if !path.is_absolute() => true,
        Endpoint::Unix(path) => {
            let end = inside(path);
            let same = |socket: &Listener| matches!(socket, Listener::Unix(socket) if inside(socket) == end);
            sockets.iter().any(same)
        }
    }
}

/// A path below `/proc/PID/root` as the process itself sees it.
fn inside(path: &Path) -> PathBuf {
    let Ok(rest) = path.strip_prefix("/proc") else { return path.to_owned() };
    let mut parts = rest.components();
    match parts.nth(1) {
        Some(part) if part.as_os_str() == "root" => Path::new("/").join(parts.as_path()),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_service_listens_on() {
        let tcp = |text: &str| Listener::Tcp(text.parse().unwrap());
        let sockets =
            [tcp("127.0.0.1:2020"), tcp("192.0.2.7:80"), Listener::Unix("/proc/7/root/run/a.sock".into())];
        let is_there = |written: &str| is_among(&written.parse().unwrap(), &sockets);
        assert!(is_there("localhost:2020") && is_there(":2020") && is_there("192.0.2.7:80"));
        assert!(is_there("unix//run/a.sock") && !is_there("unix//run/b.sock"));
        assert!(!is_there("localhost:2019") && !is_there("192.0.2.8:80"));
    }
}

//! Where a process listens, from `/proc`: it does not matter what its configuration says, or whether it can be asked.

use std::collections::BTreeSet;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use super::Listener;

/// The stream sockets that the process `pid` listens on; none when it cannot be looked at.
pub fn of_process(pid: u32) -> Vec<Listener> {
    let process = PathBuf::from(format!("/proc/{pid}"));
    let read = |file: &str| fs::read_to_string(process.join("net").join(file)).unwrap_or_default();
    let own = sockets(&process);
    let is_own = |inode: &&str| own.contains(*inode);
    let mut all: BTreeSet<Listener> = BTreeSet::new();
    for table in [read("tcp"), read("tcp6")] {
        let listening = table.lines().filter_map(tcp);
        all.extend(listening.filter(|(_, inode)| is_own(inode)).map(|(address, _)| Listener::Tcp(address)));
    }
    let table = read("unix");
    let listening = table.lines().filter_map(unix);
    // A socket of a service with PrivateTmp lies in that service's own file system.
    let reached = |path: &str| process.join("root").join(path.trim_start_matches('/'));
    all.extend(listening.filter(|(_, inode)| is_own(inode)).map(|(path, _)| Listener::Unix(reached(path))));
    all.into_iter().collect()
}

/// Whether the files of a process can be looked at.
pub fn can_look(pid: u32) -> bool {
    fs::read_dir(format!("/proc/{pid}/fd")).is_ok()
}

/// The stream sockets that the processes `pids` listen on.
pub fn of_processes(pids: &[u32]) -> Vec<Listener> {
    let mut all: Vec<Listener> = pids.iter().flat_map(|pid| of_process(*pid)).collect();
    all.sort();
    all.dedup();
    all
}

/// Whether one of `sockets` is `listener`, as a configuration names it.
pub fn has(sockets: &[Listener], listener: &Listener) -> bool {
    sockets.iter().any(|socket| match (socket, listener) {
        // A wildcard is listed as loopback.
        (Listener::Tcp(socket), Listener::Tcp(named)) => {
            socket.port() == named.port() && (socket.ip().is_loopback() || socket.ip() == named.ip())
        }
        (Listener::Unix(socket), Listener::Unix(named)) => {
            let named = named.strip_prefix("/").unwrap_or(named);
            // The socket of a service is listed below the root of its process.
            socket.ends_with(named)
        }
        _ => false,
    })
}

/// The TCP sockets of this machine that listen, and the users that they belong to.
pub(crate) fn of_all() -> Vec<(SocketAddr, u32)> {
    let table = |file: &str| fs::read_to_string(Path::new("/proc/self/net").join(file)).unwrap_or_default();
    let tables = [table("tcp"), table("tcp6")];
    let lines = tables.iter().flat_map(|table| table.lines());
    lines.filter_map(entry).map(|entry| (entry.address, entry.uid)).collect()
}

/// The inodes of the sockets that a process has open.
fn sockets(process: &Path) -> BTreeSet<String> {
    let links = fs::read_dir(process.join("fd")).into_iter().flatten().flatten();
    links
        .filter_map(|link| {
            let target = fs::read_link(link.path()).ok()?;
            Some(target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())
        })
        .collect()
}

/// A line of `/proc/net/tcp` or `tcp6` (proc(5)) that listens: its address, wildcards as loopback, and its inode.
fn tcp(line: &str) -> Option<(SocketAddr, &str)> {
    let Entry { address, inode, .. } = entry(line)?;
    // `[::]` takes IPv4 as well, which works where IPv6 is switched off.
    let ip = if address.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { address.ip() };
    Some((SocketAddr::new(ip, address.port()), inode))
}

/// A socket that listens.
struct Entry<'l> {
    address: SocketAddr,
    uid: u32,
    inode: &'l str,
}

fn entry(line: &str) -> Option<Entry<'_>> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    if *fields.get(3)? != "0A" {
        return None;
    }
    let (address, port) = fields.get(1)?.split_once(':')?;
    let address = SocketAddr::new(ip(address)?, u16::from_str_radix(port, 16).ok()?);
    Some(Entry { address, uid: fields.get(7)?.parse().ok()?, inode: fields.get(9)? })
}

/// Each word of 32 bits is written as the machine has it in memory.
fn ip(text: &str) -> Option<IpAddr> {
    let mut bytes = Vec::new();
    for at in (0..text.len()).step_by(8) {
        bytes.extend(u32::from_str_radix(text.get(at..at + 8)?, 16).ok()?.to_ne_bytes());
    }
    if let Ok(four) = <[u8; 4]>::try_from(bytes.as_slice()) {
        return Some(Ipv4Addr::from(four).into());
    }
    Some(IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(bytes.as_slice()).ok()?)).to_canonical())
}

/// A line of `/proc/net/unix` that listens (flag `__SO_ACCEPTCON`): its path and its inode.
fn unix(line: &str) -> Option<(&str, &str)> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let is_listening = u32::from_str_radix(fields.get(3)?, 16).ok()? & 0x1_0000 != 0;
    let path = fields.get(7).filter(|path| path.starts_with('/') && is_listening)?;
    Some((path, fields.get(6)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_listener_is_held() {
        let tcp = |text: &str| Listener::Tcp(text.parse().unwrap());
        let sockets =
            [tcp("127.0.0.1:443"), tcp("192.0.2.7:80"), Listener::Unix("/proc/7/root/run/a.sock".into())];
        for held in [
            tcp("127.0.0.1:443"),
            tcp("192.0.2.9:443"),
            tcp("192.0.2.7:80"),
            Listener::Unix("/run/a.sock".into()),
        ] {
            assert!(has(&sockets, &held), "{held}");
        }
        for other in [tcp("127.0.0.1:444"), tcp("127.0.0.1:80"), Listener::Unix("/run/b.sock".into())] {
            assert!(!has(&sockets, &other), "{other}");
        }
    }

    #[test]
    fn lines_of_proc() {
        let line =
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0 0 4242 1 0 100 0";
        let expected = if cfg!(target_endian = "little") { "127.0.0.1:8080" } else { "1.0.0.127:8080" };
        assert_eq!(tcp(line), Some((expected.parse().unwrap(), "4242")));
        assert_eq!(tcp(&line.replace(" 0A ", " 01 ")), None);
        let line = "0: 00000000000000000000000000000000:0050 0:0 0A 0:0 0:0 0 0 0 7 1";
        assert_eq!(tcp(line), Some(("127.0.0.1:80".parse().unwrap(), "7")));
        let line = "0000000000000000: 00000002 00000000 00010000 0001 01 5151 /run/a.sock";
        assert_eq!(unix(line), Some(("/run/a.sock", "5151")));
        assert_eq!(tcp("  sl  local_address"), None);
    }

    #[test]
    fn of_this_process() {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s");
        let _unix = std::os::unix::net::UnixListener::bind(&path).unwrap();
        let found = self::of_process(std::process::id());
        assert!(found.contains(&Listener::Tcp(socket.local_addr().unwrap())), "{found:?}");
        assert!(
            found.iter().any(|listener| matches!(listener, Listener::Unix(found) if found.ends_with("s")))
        );
    }
}

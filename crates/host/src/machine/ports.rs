//! Which program listens on a port, as Linux shows it below `/proc`. Elsewhere nothing is known.

use std::fs;
use std::path::Path;

/// The name of the program that listens on the port; `None` when there is none, or when it is not known.
pub(super) fn holder(network: &str, port: u16) -> Option<String> {
    let tables: &[&str] = if network.starts_with("udp") { &["udp", "udp6"] } else { &["tcp", "tcp6"] };
    let sockets: Vec<String> = tables.iter().flat_map(|table| sockets(table, port)).collect();
    if sockets.is_empty() {
        return None;
    }
    fs::read_dir("/proc").ok()?.flatten().map(|entry| entry.path()).find_map(|process| {
        let owner = holds(&process, &sockets);
        owner.then(|| fs::read_to_string(process.join("comm")).unwrap_or_default().trim().to_owned())
    })
}

/// The sockets of a table that listen on the port, as `/proc/*/fd` names them.
fn sockets(table: &str, port: u16) -> Vec<String> {
    let text = fs::read_to_string(Path::new("/proc/net").join(table)).unwrap_or_default();
    text.lines().skip(1).filter_map(|line| socket(line, port)).collect()
}

/// A line has the local address as `ADDRESS:PORT` in hexadecimal second, the state fourth, and the inode tenth. State 0A
/// is a listening TCP socket, 07 an unconnected UDP one.
fn socket(line: &str, port: u16) -> Option<String> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let (_, local) = fields.get(1)?.split_once(':')?;
    let listens = matches!(*fields.get(3)?, "0A" | "07") && u16::from_str_radix(local, 16).ok()? == port;
    listens.then(|| format!("socket:[{}]", fields.get(9).copied().unwrap_or_default()))
}

fn holds(process: &Path, sockets: &[String]) -> bool {
    let Ok(files) = fs::read_dir(process.join("fd")) else { return false };
    files.flatten().filter_map(|file| fs::read_link(file.path()).ok()).any(|target| {
        let target = target.to_string_lossy();
        sockets.iter().any(|socket| *socket == target)
    })
}

#[cfg(test)]
mod tests {
    use super::socket;

    #[test]
    fn only_listening_sockets_of_the_port_count() {
        let line = "0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 12345 1";
        assert_eq!(socket(line, 80).as_deref(), Some("socket:[12345]"));
        assert_eq!(socket(line, 81), None);
        assert_eq!(socket(&line.replace(" 0A ", " 01 "), 80), None);
    }
}

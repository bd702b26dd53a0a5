//! Whose process listens where a configuration is about to be sent: any user may listen on Caddy's standard address while
//! Caddy does not.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _, UdpSocket};
use std::path::Path;

use rustix::net::sockopt::socket_peercred;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};

use super::AdminError;
use super::address::{Address, Endpoint};
use crate::listener::sockets;

/// Refuses an address at which a process of none of the users `trusted` listens; `None` takes all. It would see the
/// secrets of a configuration that is sent to it, and could answer with anything.
pub fn check(address: &Address, trusted: Option<&[u32]>) -> Result<(), AdminError> {
    let Some(trusted) = trusted else { return Ok(()) };
    match users(address.endpoint()).into_iter().find(|uid| !trusted.contains(uid)) {
        None => Ok(()),
        Some(uid) => Err(AdminError::OtherUser { address: address.clone(), uid }),
    }
}

/// The users of the processes that `endpoint` may lead to; none where that cannot be seen, as on another machine.
pub fn users(endpoint: &Endpoint) -> Vec<u32> {
    match endpoint {
        Endpoint::Tcp(host, port) => {
            let addresses = (host.as_str(), *port).to_socket_addrs().into_iter().flatten();
            let here: Vec<SocketAddr> = addresses.filter(|address| is_here(address.ip())).collect();
            let mut users: Vec<u32> = sockets::of_all()
                .into_iter()
                .filter(|(listening, _)| here.iter().any(|address| takes(*listening, *address)))
                .map(|(_, uid)| uid)
                .collect();
            users.sort_unstable();
            users.dedup();
            users
        }
        Endpoint::Unix(path) => of_socket(path).into_iter().collect(),
    }
}

/// Whether the address is one of this machine.
fn is_here(ip: IpAddr) -> bool {
    ip.is_loopback() || UdpSocket::bind((ip, 0)).is_ok()
}

/// Whether a socket that listens at `listening` gets what is sent to `address`. `[::]` takes IPv4 as well.
fn takes(listening: SocketAddr, address: SocketAddr) -> bool {
    let (ip, to) = (listening.ip(), address.ip().to_canonical());
    let is_any = ip.is_unspecified() && (ip.is_ipv6() || to.is_ipv4());
    listening.port() == address.port() && (is_any || ip.to_canonical() == to)
}

/// Who listens on a unix socket; the kernel gives it to each process that connects.
fn of_socket(path: &Path) -> Option<u32> {
    let address = match path.to_str().and_then(|path| path.strip_prefix('\0')) {
        Some(name) => SocketAddrUnix::new_abstract_name(name.as_bytes()),
        None => SocketAddrUnix::new(path),
    };
    // It does not wait where nobody accepts.
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None).ok()?;
    connect(&socket, &address.ok()?).ok()?;
    Some(socket_peercred(&socket).ok()?.uid.as_raw())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::os::unix::net::UnixListener;

    #[test]
    fn our_own_sockets() {
        let me = rustix::process::geteuid().as_raw();
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = tcp.local_addr().unwrap().port();
        assert_eq!(users(&Endpoint::Tcp("localhost".to_owned(), port)), [me]);
        drop(tcp);
        assert_eq!(users(&Endpoint::Tcp("127.0.0.1".to_owned(), port)), [0; 0]);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("admin.sock");
        let _unix = UnixListener::bind(&path).unwrap();
        assert_eq!(users(&Endpoint::Unix(path)), [me]);
    }

    #[test]
    fn which_sockets_are_reached() {
        let takes =
            |listening: &str, address: &str| takes(listening.parse().unwrap(), address.parse().unwrap());
        assert!(takes("127.0.0.1:2019", "127.0.0.1:2019") && takes("[::1]:2019", "[::1]:2019"));
        assert!(takes("0.0.0.0:2019", "127.0.0.1:2019") && takes("[::]:2019", "127.0.0.1:2019"));
        assert!(takes("[::ffff:127.0.0.1]:2019", "127.0.0.1:2019"));
        assert!(!takes("0.0.0.0:2019", "[::1]:2019") && !takes("127.0.0.1:2020", "127.0.0.1:2019"));
        assert!(!takes("127.0.0.2:2019", "127.0.0.1:2019"));
    }
}

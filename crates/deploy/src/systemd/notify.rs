//! Words to systemd: `sd_notify`(3), for this process or, with the right to do so, for another one.

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::net::{
    AddressFamily, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketAddrUnix, SocketFlags,
    SocketType, UCred, sendmsg_addr, socket_with,
};
use rustix::process::{Pid, getgid, getpid, getuid};

/// Where systemd listens for notifications of any process (measured on systemd 252).
pub const SYSTEMD: &str = "/run/systemd/notify";

/// A socket to notify through.
#[derive(Debug)]
pub struct Notify {
    socket: OwnedFd,
    to: PathBuf,
}

impl Notify {
    /// Speaks to the socket `to`: `$NOTIFY_SOCKET`, or [`SYSTEMD`]. A name that starts with `@` is abstract.
    pub fn new(to: impl Into<PathBuf>) -> io::Result<Self> {
        let socket = socket_with(AddressFamily::UNIX, SocketType::DGRAM, SocketFlags::CLOEXEC, None)?;
        Ok(Self { socket, to: to.into() })
    }

    /// Sends `words` in the name of this process.
    pub fn send(&self, words: &str) -> io::Result<()> {
        self.send_as(getpid(), words)
    }

    /// Sends `words` in the name of the process `pid`. Without `CAP_SYS_ADMIN` the kernel refuses.
    pub fn send_for(&self, pid: u32, words: &str) -> io::Result<()> {
        let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
        self.send_as(pid.ok_or_else(|| io::Error::other("the process does not exist"))?, words)
    }

    fn send_as(&self, pid: Pid, words: &str) -> io::Result<()> {
        let address = match self.to.to_str().and_then(|to| to.strip_prefix('@')) {
            Some(name) => SocketAddrUnix::new_abstract_name(name.as_bytes())?,
            None => SocketAddrUnix::new::<&Path>(&self.to)?,
        };
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmCredentials(1))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        control.push(SendAncillaryMessage::ScmCredentials(UCred { pid, uid: getuid(), gid: getgid() }));
        let words = [IoSlice::new(words.as_bytes())];
        sendmsg_addr(&self.socket, &address, &words, &mut control, SendFlags::NOSIGNAL)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_arrive() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let systemd = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
        let notify = Notify::new(&path).unwrap();
        notify.send("READY=1").unwrap();
        let mut bytes = [0; 64];
        let length = systemd.recv(&mut bytes).unwrap();
        assert_eq!(&bytes[..length], b"READY=1");
        assert!(notify.send_for(0, "x").is_err());
    }
}

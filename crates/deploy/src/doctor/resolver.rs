//! A name's addresses as one resolver has them: what this machine's own files and caches say does not count.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::Duration;

use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, QCLASS, QTYPE, Question, TYPE};

use crate::process::deadline::Deadline;

/// The addresses of `name` (A and AAAA, RFC 1035 and RFC 3596) according to the resolver at `server`; none when it knows
/// none.
pub fn addresses(server: SocketAddr, name: &str, within: Duration) -> io::Result<Vec<IpAddr>> {
    let mut all = ask(server, name, TYPE::A, 1, within)?;
    all.extend(ask(server, name, TYPE::AAAA, 2, within)?);
    Ok(all)
}

fn ask(server: SocketAddr, name: &str, kind: TYPE, id: u16, within: Duration) -> io::Result<Vec<IpAddr>> {
    let wrong = |error| io::Error::new(io::ErrorKind::InvalidInput, format!("{error}"));
    let mut query = Packet::new_query(id);
    query.set_flags(PacketFlag::RECURSION_DESIRED);
    let name = Name::new(name).map_err(wrong)?;
    query.questions.push(Question::new(name, QTYPE::TYPE(kind), QCLASS::CLASS(CLASS::IN), false));
    let query = query.build_bytes_vec().map_err(wrong)?;
    let any: SocketAddr = if server.is_ipv4() { ([0; 4], 0).into() } else { ([0; 16], 0).into() };
    let socket = UdpSocket::bind(any)?;
    socket.connect(server)?;
    socket.send(&query)?;
    let deadline = Deadline::after(within);
    let mut bytes = [0; 4096];
    loop {
        socket.set_read_timeout(Some(deadline.left_or(Duration::from_millis(1))))?;
        let length = socket.recv(&mut bytes)?;
        // What is no answer to this question is passed over.
        let Ok(answer) = Packet::parse(&bytes[..length]) else { continue };
        if answer.id() != id || !answer.has_flags(PacketFlag::RESPONSE) {
            continue;
        }
        let address = |data: &RData<'_>| match data {
            RData::A(a) => Some(IpAddr::from(a.address.to_be_bytes())),
            RData::AAAA(a) => Some(IpAddr::from(a.address.to_be_bytes())),
            _ => None,
        };
        return Ok(answer.answers.iter().filter_map(|record| address(&record.rdata)).collect());
    }
}

#[cfg(test)]
mod tests {
    use simple_dns::ResourceRecord;
    use simple_dns::rdata::A;

    use super::*;

    #[test]
    fn a_resolver_is_asked() {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        let at = server.local_addr().unwrap();
        let within = Duration::from_secs(5);
        let asking = std::thread::spawn(move || addresses(at, "a.test", within));
        for _ in 0..2 {
            let mut bytes = [0; 512];
            let (length, from) = server.recv_from(&mut bytes).unwrap();
            let query = Packet::parse(&bytes[..length]).unwrap();
            let is_a = query.questions[0].qtype == QTYPE::TYPE(TYPE::A);
            assert_eq!(query.questions[0].qname.to_string(), "a.test");
            let mut reply = Packet::new_reply(query.id());
            if is_a {
                let name = Name::new_unchecked("a.test");
                let data = RData::A(A { address: u32::from_be_bytes([192, 0, 2, 7]) });
                reply.answers.push(ResourceRecord::new(name, CLASS::IN, 60, data));
            }
            server.send_to(b"no answer at all", from).unwrap();
            server.send_to(&reply.build_bytes_vec().unwrap(), from).unwrap();
        }
        assert_eq!(asking.join().unwrap().unwrap(), [IpAddr::from([192, 0, 2, 7])]);
    }
}

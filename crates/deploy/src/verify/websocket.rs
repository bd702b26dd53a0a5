//! A WebSocket: the upgrade, and a text that has to come back.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use tungstenite::handshake::HandshakeError;
use tungstenite::handshake::client::generate_key;
use tungstenite::http::{HeaderMap, Request};
use tungstenite::{Error, Message};

use super::way::{Place, Way};
use super::{Answer, Check, WebSocket};
use crate::process::deadline::Deadline;
use crate::tls::{self, Roots};

/// A connection of any kind.
trait Stream: Read + Write {}

impl<S: Read + Write> Stream for S {}

/// Sets how long the connection below everything may take.
type Patience = Box<dyn Fn(Duration) -> io::Result<()>>;

/// Opens a WebSocket, sends what has to come back, and closes it again.
pub(super) fn ask(check: &Check, way: &Way, roots: &Roots, deadline: Deadline) -> Result<Answer, String> {
    let (stream, patience) = connect(way, roots, deadline)?;
    let request = request(check, way).map_err(|error| error.to_string())?;
    let (mut socket, response) = match tungstenite::client(request, stream) {
        Ok(open) => open,
        Err(HandshakeError::Failure(Error::Http(response))) => {
            let body = response.body().clone().unwrap_or_default();
            let status = response.status().as_u16();
            return Ok(Answer { status, headers: headers(response.headers()), body });
        }
        Err(HandshakeError::Failure(Error::Protocol(error))) => {
            return Err(format!("the server did not accept the upgrade to a WebSocket: {error}"));
        }
        Err(HandshakeError::Failure(Error::Io(error))) => return Err(words(&error)),
        Err(HandshakeError::Failure(error)) => return Err(error.to_string()),
        Err(HandshakeError::Interrupted(_)) => return Err(NO_ANSWER.to_owned()),
    };
    let answer =
        Answer { status: response.status().as_u16(), headers: headers(response.headers()), body: Vec::new() };
    if let WebSocket::Echo(text) = &check.websocket {
        socket.send(Message::text(text.clone())).map_err(|error| format!("cannot send: {error}"))?;
        let mut other = None;
        loop {
            let _ = patience(deadline.left_or(Duration::from_millis(1)));
            match socket.read() {
                Ok(Message::Text(got)) if got.as_str() == text => break,
                Ok(Message::Binary(got)) if got.as_ref() == text.as_bytes() => break,
                Ok(Message::Text(got)) => other = other.or(Some(got.to_string())),
                Ok(Message::Close(_)) => return Err("it was closed before the text came back".to_owned()),
                Ok(_) => {}
                Err(_) if deadline.has_passed() => {}
                Err(error) => {
                    return Err(format!("the connection was lost before the text came back: {error}"));
                }
            }
            if deadline.has_passed() {
                let other = other.map_or_else(String::new, |line| format!("; it sent `{line}`"));
                return Err(format!("`{text}` did not come back in time{other}"));
            }
        }
    }
    // The answer is known; how the other side takes the farewell does not matter.
    let _ = socket.close(None);
    Ok(answer)
}

const NO_ANSWER: &str = "no response in time";

fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => NO_ANSWER.to_owned(),
        _ => tls::words(error),
    }
}

fn request(check: &Check, way: &Way) -> Result<Request<()>, tungstenite::http::Error> {
    let scheme = if way.url.scheme() == "https" { "wss" } else { "ws" };
    let target = &way.url.as_str()[way.url.scheme().len()..];
    let mut request = Request::builder()
        .uri(format!("{scheme}{target}"))
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", generate_key());
    if !check.headers.keys().any(|name| name.eq_ignore_ascii_case("host")) {
        request = request.header("Host", &way.authority);
    }
    for (name, value) in &check.headers {
        request = request.header(name, value);
    }
    request.body(())
}

fn connect(way: &Way, roots: &Roots, deadline: Deadline) -> Result<(Box<dyn Stream>, Patience), String> {
    if let Place::Unix(path) = &way.place {
        let stream = UnixStream::connect(path).map_err(|error| words(&error))?;
        let held = stream.try_clone().map_err(|error| words(&error))?;
        let patience: Patience = Box::new(move |left| {
            held.set_write_timeout(Some(left)).and_then(|()| held.set_read_timeout(Some(left)))
        });
        patience(deadline.left_or(Duration::from_millis(1))).map_err(|error| words(&error))?;
        return Ok((Box::new(stream), patience));
    }
    let mut last = NO_ANSWER.to_owned();
    for address in way.addresses()? {
        match TcpStream::connect_timeout(&address, deadline.left_or(Duration::from_millis(1))) {
            Ok(stream) => return tcp(stream, way, roots, deadline),
            Err(error) => last = words(&error),
        }
    }
    Err(last)
}

fn tcp(
    stream: TcpStream,
    way: &Way,
    roots: &Roots,
    deadline: Deadline,
) -> Result<(Box<dyn Stream>, Patience), String> {
    let held = stream.try_clone().map_err(|error| words(&error))?;
    let patience: Patience = Box::new(move |left| {
        held.set_write_timeout(Some(left)).and_then(|()| held.set_read_timeout(Some(left)))
    });
    patience(deadline.left_or(Duration::from_millis(1))).map_err(|error| words(&error))?;
    let stream: Box<dyn Stream> = match way.url.scheme() {
        "https" => Box::new(roots.connect(&way.tls_name, stream)?),
        _ => Box::new(stream),
    };
    Ok((stream, patience))
}

fn headers(map: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    map.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect()
}

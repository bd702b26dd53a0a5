//! A backend for a test: answers each request with its method and path, and echoes over a WebSocket.

#![allow(dead_code, reason = "each test asks what it needs")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

/// Starts one on loopback; it lives as long as the test. Gives its port.
pub fn start() -> u16 {
    start_at(0)
}

/// Starts one on this port of loopback; 0 is any.
pub fn start_at(port: u16) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || serve(stream));
        }
    });
    port
}

/// Reads a request: its first line, its body, and the stream to answer on.
pub fn request(stream: TcpStream) -> Option<(String, Vec<u8>, TcpStream)> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return None;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if first.is_empty() {
            first = line;
        } else if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    let _ = reader.read_exact(&mut body);
    Some((first, body, reader.into_inner()))
}

fn serve(stream: TcpStream) {
    let mut head = vec![0; 4096];
    let Ok(length) = stream.peek(&mut head) else { return };
    if String::from_utf8_lossy(&head[..length]).to_lowercase().contains("upgrade: websocket") {
        return echo(stream);
    }
    let Some((first, _, mut stream)) = request(stream) else { return };
    let words: Vec<&str> = first.split(' ').collect();
    let answer = format!("{} {}", words[0], words.get(1).unwrap_or(&""));
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}",
        answer.len()
    );
}

fn echo(stream: TcpStream) {
    let Ok(mut socket) = tungstenite::accept(stream) else { return };
    while let Ok(message) = socket.read() {
        if message.is_close() || socket.send(message).is_err() {
            return;
        }
    }
}

/// The body that `GET http://127.0.0.1:port/path` answers with; the error in words.
pub fn get(port: u16, path: &str) -> Result<String, String> {
    let response =
        reqwest::blocking::get(format!("http://127.0.0.1:{port}{path}")).map_err(|e| e.to_string())?;
    let status = response.status();
    let body = response.text().map_err(|e| e.to_string())?;
    if status.is_success() { Ok(body) } else { Err(format!("{status} {body}")) }
}

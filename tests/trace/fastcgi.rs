//! An upstream that speaks `FastCGI`: it notes the parameters of a request and answers what it is told.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;

use serde_json::{Map, Value, json};

use super::harness::{BODY, Noted};

/// The parameters that are compared; the other ones follow from the request.
const COMPARED: [&str; 7] = [
    "SCRIPT_NAME",
    "SCRIPT_FILENAME",
    "PATH_INFO",
    "QUERY_STRING",
    "DOCUMENT_ROOT",
    "DOCUMENT_URI",
    "REQUEST_URI",
];

const PARAMETERS: u8 = 4;
const INPUT: u8 = 5;
const OUTPUT: u8 = 6;
const END: u8 = 3;

/// Answers the requests of one connection.
pub fn upstream(mut stream: TcpStream, address: &str, noted: &Mutex<Noted>) {
    while let Some(parameters) = request(&mut stream) {
        let get = |name: &str| parameters.get(name).cloned().unwrap_or_default();
        let compared: Map<String, Value> =
            COMPARED.iter().map(|name| ((*name).to_owned(), get(name).into())).collect();
        let mut headers = Map::new();
        for (name, value) in &parameters {
            if let Some(name) = name.strip_prefix("HTTP_") {
                headers.insert(name.replace('_', "-").to_lowercase(), json!([value]));
            }
        }
        let reply = {
            let mut noted = noted.lock().unwrap();
            noted.visits.push(json!({
                "address": address, "method": get("REQUEST_METHOD"), "target": get("REQUEST_URI"),
                "headers": headers, "fastcgi": compared,
            }));
            noted.replies.get(address).cloned().unwrap_or_default()
        };
        let status = reply["status"].as_u64().unwrap_or(200);
        let mut out =
            if status == 200 { String::new() } else { format!("Status: {status} {}\r\n", reason(status)) };
        let given = reply["headers"].as_object().cloned().unwrap_or_default();
        if !given.keys().any(|name| name.eq_ignore_ascii_case("Content-Type")) {
            out += "Content-Type: application/json\r\n";
        }
        for (name, value) in &given {
            if let Some(value) = value.as_str() {
                out += &format!("{name}: {value}\r\n");
            }
        }
        out += "\r\n";
        if get("REQUEST_METHOD") != "HEAD" && !matches!(status, 204 | 304) {
            out += reply["body"].as_str().unwrap_or(BODY);
        }
        let mut bytes = record(OUTPUT, out.as_bytes());
        bytes.extend(record(OUTPUT, &[]));
        bytes.extend(record(END, &[0; 8]));
        if stream.write_all(&bytes).is_err() {
            return;
        }
    }
}

/// The parameters of the next request, whose body is read.
fn request(stream: &mut TcpStream) -> Option<BTreeMap<String, String>> {
    let mut parameters = Vec::new();
    loop {
        let mut head = [0; 8];
        stream.read_exact(&mut head).ok()?;
        let length = usize::from(u16::from_be_bytes([head[4], head[5]]));
        let mut content = vec![0; length + usize::from(head[6])];
        stream.read_exact(&mut content).ok()?;
        match head[1] {
            PARAMETERS => parameters.extend_from_slice(&content[..length]),
            INPUT if length == 0 => break,
            _ => {}
        }
    }
    let mut found = BTreeMap::new();
    let mut rest = parameters.as_slice();
    while !rest.is_empty() {
        let name = size(&mut rest)?;
        let value = size(&mut rest)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        found.insert(text(rest.get(..name)?), text(rest.get(name..name + value)?));
        rest = &rest[name + value..];
    }
    Some(found)
}

/// A length: one byte, or four.
fn size(rest: &mut &[u8]) -> Option<usize> {
    let (first, after) = rest.split_first()?;
    if *first < 0x80 {
        *rest = after;
        return Some(usize::from(*first));
    }
    let four = [first & 0x7f, *rest.get(1)?, *rest.get(2)?, *rest.get(3)?];
    *rest = &rest[4..];
    usize::try_from(u32::from_be_bytes(four)).ok()
}

/// What upstreams write behind a status.
pub fn reason(status: u64) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        418 => "I'm a teapot",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "",
    }
}

fn record(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    let mut out = vec![1, kind, 0, 1, length[0], length[1], 0, 0];
    out.extend_from_slice(content);
    out
}

//! The real Caddy on loopback, with two upstreams that note what they get and answer what they are told.

use crate::support::caddy::{VERSION, compile};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use caddyctl_analysis::Side;
use caddyctl_analysis::requests::format::json;
use caddyctl_analysis::requests::{Program, Request};
use caddyctl_host::{Disk, Machine};
use caddyctl_language::source::Env;
use serde_json::{Map, Value, json};

use super::compare::differences;
use super::fastcgi;
use crate::support::{caddy, server::free_port};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the upstreams noted, and what they answer, by address.
#[derive(Default)]
pub(super) struct Noted {
    pub(super) visits: Vec<Value>,
    pub(super) replies: Map<String, Value>,
}

/// Two upstreams; ports and addresses for a Caddyfile.
pub struct Harness {
    env: Env,
    noted: Arc<Mutex<Noted>>,
}

/// The body of an upstream that was not told another one.
pub(super) const BODY: &str = "{\"assumed\":true}";

impl Harness {
    pub fn start() -> Self {
        let noted = Arc::new(Mutex::new(Noted::default()));
        let mut env = Env::empty();
        for name in ["HTTP", "HTTPS", "ALT", "ADMIN", "DOWN"] {
            env.set(name, free_port().to_string());
        }
        let mut harness = Self { env, noted };
        for name in ["B1", "B2"] {
            let address = harness.upstream();
            harness.env.set(name, address.rsplit_once(':').unwrap().1);
        }
        let address = harness.fastcgi_upstream();
        harness.env.set("B3", address.rsplit_once(':').unwrap().1);
        harness
    }

    /// Another upstream: its address.
    pub fn upstream(&self) -> String {
        self.listener(upstream)
    }

    /// An upstream that speaks `FastCGI`: its address.
    fn fastcgi_upstream(&self) -> String {
        self.listener(fastcgi::upstream)
    }

    fn listener(&self, serve: fn(TcpStream, &str, &Mutex<Noted>)) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (noted, own) = (Arc::clone(&self.noted), address.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (noted, address) = (Arc::clone(&noted), own.clone());
                thread::spawn(move || serve(stream, &address, &noted));
            }
        });
        address
    }

    /// Sends a request; gives the answer, and what upstreams got.
    pub fn exchange(&self, request: &Value) -> (Option<Value>, Vec<Value>) {
        {
            let mut noted = self.noted.lock().unwrap();
            noted.visits.clear();
            noted.replies = Map::new();
        }
        let answer = self.send(request);
        (answer, std::mem::take(&mut self.noted.lock().unwrap().visits))
    }

    fn filled(&self, text: &str, folder: &Path) -> String {
        let text = self
            .env
            .iter()
            .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{${name}}}"), value));
        text.replace("{$DIR}", folder.to_str().unwrap())
    }

    /// Asks Caddy and the model; gives how many requests there were, and what differs.
    pub fn ask(&self, caddyfile: &str, requests: &[Value], folder: &Path) -> (usize, Vec<String>) {
        self.ask_with("", caddyfile, requests, folder, false).unwrap_or_else(|why| panic!("{why}"))
    }

    /// As [`Harness::ask`], with more global options; what a site is refused for is an error. What the model leaves open
    /// is not counted if it `may_be_open`.
    pub fn ask_with(
        &self,
        options: &str,
        caddyfile: &str,
        requests: &[Value],
        folder: &Path,
        may_be_open: bool,
    ) -> Result<(usize, Vec<String>), String> {
        let whole = format!(
            "{{\n\tadmin 127.0.0.1:{{$ADMIN}}\n\tpersist_config off\n\tskip_install_trust\n\thttp_port {{$HTTP}}\n\thttps_port {{$HTTPS}}\n{options}\n}}\n{caddyfile}"
        );
        fs::write(folder.join("Caddyfile"), &whole).unwrap();
        let compilation = compile("Caddyfile", whole.as_bytes(), &self.env, &Disk::new(folder));
        let faults: String = compilation
            .diagnostics
            .iter()
            .filter(|found| found.is_error())
            .map(|found| format!("{}; ", found.message))
            .collect();
        let Some(side) = Side::compiled("Caddyfile", compilation) else {
            return Err(format!("it does not compile: {faults}\n{caddyfile}"));
        };
        let program = Program::new(side.tree()).for_version(VERSION);
        let machine = Machine::new(folder, self.env.clone());
        let Some(running) = Running::of(self, folder, "Caddyfile") else {
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            return Err(format!("the real Caddy does not start: {log}"));
        };
        let (mut wrong, mut open) = (Vec::new(), 0);
        for request in requests {
            let mut request: Value =
                serde_json::from_str(&self.filled(&request.to_string(), folder)).unwrap();
            let down = format!("127.0.0.1:{}", self.env.get("DOWN").unwrap());
            request["upstream_replies"][down] = json!({ "refused": true });
            let asked = Request::of_json(&request, "").unwrap();
            let found = json(&program.trace(&asked, &machine, false), &|_| None);
            let explained = json(&program.trace(&asked, &machine, true), &|_| None);
            if found != explained {
                wrong.push(format!("{request}\n  {found}\n  explained: {explained}"));
            }
            if may_be_open && found.get("undecided").is_some() {
                open += 1;
                continue;
            }
            if found.get("undecided").is_some() || found.get("not_modelled").is_some() {
                wrong.push(format!("{request}\n  not decided: {found}"));
                continue;
            }
            {
                let mut noted = self.noted.lock().unwrap();
                noted.visits.clear();
                noted.replies = request["upstream_replies"].as_object().cloned().unwrap_or_default();
            }
            let mut expected =
                self.send(&request).unwrap_or_else(|| json!({"status": 0, "response_headers": {}}));
            let visits = std::mem::take(&mut self.noted.lock().unwrap().visits);
            let mut found = found;
            let single = found["upstream"].clone();
            let own = found["visits"].as_array().cloned();
            found["visits"] =
                own.unwrap_or_else(|| if single.is_null() { Vec::new() } else { vec![single] }).into();
            found["upstream"] = Value::Null;
            expected["visits"] = visits.into();
            let differing = differences(&expected, &found, &[]);
            if !differing.is_empty() {
                wrong.push(format!("{request}\n  {}", differing.join("\n  ")));
            }
        }
        drop(running);
        Ok((requests.len() - open, wrong))
    }

    /// Sends a request as it is written, and reads the answer; `None` without one.
    fn send(&self, request: &Value) -> Option<Value> {
        let text = |name: &str, default: &str| request[name].as_str().unwrap_or(default).to_owned();
        let port = text("port", self.env.get("HTTP").unwrap());
        let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let method = text("method", "GET");
        let mut out = format!("{method} {} HTTP/{}\r\n", text("target", "/"), text("http_version", "1.1"));
        if let Some(host) = request["host"].as_str() {
            out += &format!("Host: {host}\r\n");
        }
        let headers = request["headers"].as_array().cloned().unwrap_or_default();
        for header in &headers {
            out += &format!("{}: {}\r\n", header[0].as_str()?, header[1].as_str()?);
        }
        let body = text("body", "");
        if !body.is_empty() {
            out += &format!("Content-Length: {}\r\n", body.len());
        }
        stream.write_all(format!("{out}\r\n{body}").as_bytes()).ok()?;
        answer(&mut stream, &method)
    }
}

/// Header fields by name.
type Fields = BTreeMap<String, Vec<String>>;

/// A message's first line, its fields, and the bytes that came after them.
fn head(stream: &mut TcpStream) -> Option<(String, Fields, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&buffer[..count]);
    };
    let rest = bytes.split_off(end + 4);
    let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = text.split("\r\n");
    let first = lines.next()?.to_owned();
    let mut fields = Fields::new();
    for line in lines {
        let (name, value) = line.split_once(':')?;
        fields.entry(name.to_owned()).or_default().push(value.trim().to_owned());
    }
    Some((first, fields, rest))
}

fn body(stream: &mut TcpStream, fields: &Fields, mut rest: Vec<u8>, to_end: bool) -> Vec<u8> {
    let field = |name: &str| {
        fields
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .and_then(|(_, values)| values.first())
    };
    let mut more = |rest: &mut Vec<u8>| {
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer) {
            Ok(count) if count > 0 => {
                rest.extend_from_slice(&buffer[..count]);
                true
            }
            _ => false,
        }
    };
    if field("Transfer-Encoding").is_some_and(|value| value == "chunked") {
        while !rest.ends_with(b"0\r\n\r\n") && more(&mut rest) {}
        let mut out = Vec::new();
        let mut left = rest.as_slice();
        while let Some(end) = left.windows(2).position(|window| window == b"\r\n") {
            let size = usize::from_str_radix(&String::from_utf8_lossy(&left[..end]), 16).unwrap_or(0);
            if size == 0 {
                break;
            }
            out.extend_from_slice(left.get(end + 2..end + 2 + size).unwrap_or_default());
            left = left.get(end + 4 + size..).unwrap_or_default();
        }
        return out;
    }
    match field("Content-Length").and_then(|length| length.parse::<usize>().ok()) {
        Some(length) => while rest.len() < length && more(&mut rest) {},
        None if to_end => while more(&mut rest) {},
        None => {}
    }
    rest
}

fn answer(stream: &mut TcpStream, method: &str) -> Option<Value> {
    let (first, fields, rest) = head(stream)?;
    let status: u16 = first.split(' ').nth(1)?.parse().ok()?;
    let bodyless = method == "HEAD" || matches!(status, 101 | 204 | 304);
    let bytes = if bodyless { Vec::new() } else { body(stream, &fields, rest, true) };
    let location = fields.get("Location").and_then(|values| values.first());
    Some(json!({
        "status": status,
        "location": location,
        "response_headers": fields,
        "body": String::from_utf8_lossy(&bytes),
    }))
}

/// Answers requests on one connection.
fn upstream(mut stream: TcpStream, address: &str, noted: &Mutex<Noted>) {
    while let Some((first, fields, rest)) = head(&mut stream) {
        let mut words = first.split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        // One whose body does not come was given up.
        let length = fields.get("Content-Length").and_then(|length| length[0].parse::<usize>().ok());
        if body(&mut stream, &fields, rest, false).len() < length.unwrap_or(0) {
            return;
        }
        let reply = {
            let mut noted = noted.lock().unwrap();
            noted
                .visits
                .push(json!({"address": address, "method": method, "target": target, "headers": fields}));
            noted.replies.get(address).cloned().unwrap_or_default()
        };
        let status = reply["status"].as_u64().unwrap_or(200);
        let body = reply["body"].as_str().unwrap_or(BODY);
        let mut out = format!("HTTP/1.1 {status} {}\r\n", fastcgi::reason(status));
        let headers = reply["headers"].as_object().cloned().unwrap_or_default();
        if !headers.keys().any(|name| name.eq_ignore_ascii_case("Content-Type")) {
            out += "Content-Type: application/json\r\n";
        }
        for (name, value) in &headers {
            if let Some(value) = value.as_str() {
                out += &format!("{name}: {value}\r\n");
            }
        }
        let bodyless = method == "HEAD" || matches!(status, 204 | 304);
        if !matches!(status, 204 | 304) {
            out += &format!("Content-Length: {}\r\n", body.len());
        }
        out += "\r\n";
        if !bodyless {
            out += body;
        }
        if stream.write_all(out.as_bytes()).is_err() {
            return;
        }
    }
}

/// A Caddy that runs a configuration.
pub struct Running(Child);

impl Running {
    /// Runs a file of `folder`; `None` if Caddy refuses it.
    pub fn of(harness: &Harness, folder: &Path, file: &str) -> Option<Self> {
        let mut program = Command::new(caddy::binary());
        program.args(["run", "--config", file]).current_dir(folder).env_clear();
        program.env("PATH", "/usr/bin:/bin").env("HOME", folder).envs(harness.env.iter());
        let log = fs::File::create(folder.join("log")).unwrap();
        let child = program.stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let mut running = Self(child);
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            if log.contains("serving initial configuration") {
                return Some(running);
            }
            if running.0.try_wait().unwrap().is_some() {
                return None;
            }
            assert!(Instant::now() < deadline, "the real Caddy does not start: {log}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

//! An admin API that hangs, hangs up, lies or talks nonsense.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use caddyctl_deploy::Report;
use caddyctl_deploy::admin::address::Address;
use caddyctl_deploy::deploy;
use caddyctl_deploy::state::journal::Journal;
use caddyctl_deploy::transaction::error::Failure;
use caddyctl_deploy::transaction::setup::Setup;
use caddyctl_deploy::transaction::undo::Runs;
use serde_json::json;

use crate::support::site::{Site, artifact};

/// What the fake does with a request.
enum Answer {
    Json(String),
    Raw(&'static str),
    Hang,
    HangUp,
}
use Answer::{Hang, HangUp, Json, Raw};

/// Starts a fake API. `answer` gets the request line and how many requests came before.
fn fake(answer: impl Fn(&str, usize) -> Answer + Send + 'static) -> Address {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string().parse().unwrap();
    std::thread::spawn(move || {
        let seen = AtomicUsize::new(0);
        let mut held = Vec::new();
        for stream in listener.incoming().flatten() {
            let (line, mut stream) = request(stream);
            match answer(&line, seen.fetch_add(1, Ordering::SeqCst)) {
                Json(body) => {
                    let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length:";
                    let _ = write!(stream, "{head} {}\r\n\r\n{body}", body.len());
                }
                Raw(text) => drop(stream.write_all(text.as_bytes())),
                Hang => held.push(stream),
                HangUp => {}
            }
        }
    });
    address
}

fn request(stream: TcpStream) -> (String, TcpStream) {
    let mut reader = BufReader::new(stream);
    let (mut first, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if first.is_empty() {
            first = line;
        }
    }
    let mut body = vec![0; length];
    let _ = reader.read_exact(&mut body);
    (first, reader.into_inner())
}

fn old() -> String {
    json!({"apps": {"http": {"servers": {"a": {"routes": []}}}}}).to_string()
}

fn new(admin: &Address) -> serde_json::Value {
    json!({"admin": {"listen": admin.to_string()}, "apps": {"http": {"servers": {}}}})
}

fn second(site: &Site, admin: &Address) -> Setup<'static> {
    Setup {
        timeout: Duration::from_secs(1),
        admin: vec![admin.clone()],
        ..Setup::files_only(site.host.clone())
    }
}

#[test]
fn an_api_that_does_not_make_sense_is_left_alone() {
    for (answer, output) in [
        (Hang as Answer, "no response from"),
        (HangUp, "was lost after the request was sent"),
        (Raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<html"), "is not from Caddy: not JSON"),
        (Raw("SSH-2.0-OpenSSH_9.2\r\n"), "is not from Caddy"),
        (Raw("HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nno"), "status 500 without an `error`"),
        (
            Raw("HTTP/1.1 403 F\r\nContent-Length: 28\r\n\r\n{\"error\":\"host not allowed\"}\n"),
            "host not allowed",
        ),
    ] {
        let site = Site::new();
        let kept = std::sync::Mutex::new(Some(answer));
        let admin = fake(move |_, _| kept.lock().unwrap().take().unwrap_or(HangUp));
        let begun = Instant::now();
        let failure = deploy(&artifact(&new(&admin), "new"), &second(&site, &admin), None).unwrap_err();
        assert!(failure.to_string().contains(output), "{failure} / {output}");
        assert!(begun.elapsed() < Duration::from_secs(3), "{output}: {:?}", begun.elapsed());
        assert!(failure.undo.is_none() && site.tree().is_empty());
    }
}

/// The load's answer is lost in some way; the running configuration is then what `GET` says.
fn after_a_lost_answer(lost: fn() -> Answer, applied: bool) -> (Site, Result<Report, Failure>) {
    let site = Site::new();
    let loads = std::sync::atomic::AtomicBool::new(false);
    let place = std::sync::Arc::new(std::sync::OnceLock::<Address>::new());
    let me = std::sync::Arc::clone(&place);
    let admin = fake(move |line, _| match line {
        post if post.starts_with("POST /load") => {
            loads.store(true, Ordering::SeqCst);
            lost()
        }
        _ if loads.load(Ordering::SeqCst) && applied => Json(new(me.wait()).to_string()),
        _ => Json(old()),
    });
    place.set(admin.clone()).unwrap();
    let result = deploy(&artifact(&new(&admin), "new"), &second(&site, &admin), None);
    (site, result)
}

#[test]
fn a_lost_answer_is_settled_by_reading_back() {
    let garbage: fn() -> Answer = || Raw("HTTP/1.1 502 B\r\nContent-Length: 1\r\n\r\nx");
    for lost in [garbage, || HangUp, || Hang, || Json("hello".to_owned())] {
        let (site, result) = after_a_lost_answer(lost, true);
        result.unwrap();
        assert_eq!(site.read("/etc/caddy/sites/one.caddy"), "# one new\n");
        let (site, result) = after_a_lost_answer(lost, false);
        assert_eq!(result.unwrap_err().undo.unwrap().runs, Runs::Restored);
        assert_eq!(site.tree(), []);
    }
}

#[test]
fn an_api_that_dies_in_the_load_keeps_the_journal_and_it_is_reported() {
    let site = Site::new();
    let admin = fake(|_, before| if before == 0 { Json(old()) } else { Hang });
    let failure = deploy(&artifact(&new(&admin), "new"), &second(&site, &admin), None).unwrap_err();
    let undo = failure.undo.unwrap();
    assert!(matches!(undo.runs, Runs::Unknown(_)) && undo.files.is_none(), "{undo}");
    assert!(Journal::find(&site.host).unwrap().is_some(), "the next run has to try again");
    assert_eq!(site.read("/etc/caddy/Caddyfile"), "");
}

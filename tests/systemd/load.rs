//! Two hundred deploys in a row under traffic: every answer is right, streams live on, and Caddy does not grow.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::backend;
use crate::container::{Container, boot, say};

const DEPLOYS: usize = 200;

/// Caddy is measured after so many deploys, and again at the end.
const WARM: usize = 20;

/// It may grow by so much in between (KiB): Go gives memory back late.
const GROWTH: u64 = 40 * 1024;

/// It may have so many more files open in between: connections of the traffic come and go.
const MORE_FILES: u64 = 25;

/// What the traffic has seen.
#[derive(Default)]
struct Seen {
    /// The version whose deploy has begun.
    version: AtomicUsize,
    stop: AtomicBool,
    answered: AtomicUsize,
    unanswered: AtomicUsize,
    echoes: AtomicUsize,
    wrong: std::sync::Mutex<Vec<String>>,
}

fn write(container: &Container, version: usize) {
    container.write(
        "Caddyfile",
        &format!(
            ":8000 {{\n\trespond /version v{version}\n\treverse_proxy localhost:8080 {{\n\t\tstream_close_delay 30m\n\t}}\n}}\n"
        ),
    );
}

pub fn two_hundred_deploys_under_traffic() {
    // The client wants one, even for plain HTTP; an error means that there is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let container = boot("load");
    container.inside(|| backend::start_at(8080)).join().unwrap();
    write(&container, 0);
    container.ok("caddyctl deploy");
    let seen = Arc::new(Seen::default());
    let mut traffic = Vec::new();
    for keeps_alive in [true, false] {
        let seen = Arc::clone(&seen);
        traffic.push(container.inside(move || requests(&seen, keeps_alive)));
    }
    for number in 0..4 {
        let seen = Arc::clone(&seen);
        traffic.push(container.inside(move || websocket(&seen, number)));
    }
    let (begun, mut warm) = (Instant::now(), (0, 0));
    let mut slowest = Duration::ZERO;
    for version in 1..=DEPLOYS {
        write(&container, version);
        seen.version.store(version, Ordering::SeqCst);
        let one = Instant::now();
        container.ok("caddyctl deploy");
        slowest = slowest.max(one.elapsed());
        if version == WARM {
            warm = size(&container);
        }
        assert!(traffic.iter().all(|thread| !thread.is_finished()), "{:?}", seen.wrong.lock().unwrap());
    }
    let took = begun.elapsed();
    seen.stop.store(true, Ordering::SeqCst);
    for thread in traffic {
        thread.join().unwrap();
    }
    let end = size(&container);
    let count = |number: &AtomicUsize| number.load(Ordering::SeqCst);
    say(&format!(
        "load: {DEPLOYS} deploys in {:.0} s ({:.2} s each, the slowest {:.2} s); {} answers, all right, {} connections \
         unanswered; {} echoes over 4 WebSockets that never broke\nload: caddy after {WARM} deploys: {} MiB, {} files; \
         after {DEPLOYS}: {} MiB, {} files\n",
        took.as_secs_f32(),
        took.as_secs_f32() / 200.0,
        slowest.as_secs_f32(),
        count(&seen.answered),
        count(&seen.unanswered),
        count(&seen.echoes),
        warm.0 / 1024,
        warm.1,
        end.0 / 1024,
        end.1,
    ));
    let wrong = seen.wrong.lock().unwrap();
    assert!(wrong.is_empty(), "{} wrong: {:?}", wrong.len(), &wrong[..wrong.len().min(9)]);
    assert!(count(&seen.answered) > 10 * DEPLOYS && count(&seen.echoes) > DEPLOYS, "too little traffic");
    assert!(
        count(&seen.unanswered) * 20 < count(&seen.answered),
        "too many connections were refused or lost"
    );
    assert!(end.0 < warm.0 + GROWTH, "memory grew from {} to {} KiB", warm.0, end.0);
    assert!(end.1 < warm.1 + MORE_FILES, "open files grew from {} to {}", warm.1, end.1);
    assert_eq!(container.property("caddy", "NRestarts"), "0");
    assert_eq!(container.ok("ls /var/lib/caddyctl/history | wc -l").parse::<usize>().unwrap(), 20);
    container.ok("caddyctl status");
}

/// Resident memory of Caddy in KiB, and how many files it has open.
fn size(container: &Container) -> (u64, u64) {
    let text = container.ok("p=$(systemctl show -P MainPID caddy); grep VmRSS /proc/$p/status | tr -dc 0-9; echo; ls /proc/$p/fd | wc -l");
    let mut numbers = text.lines().map(|line| line.trim().parse().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

fn more(number: &AtomicUsize) {
    number.fetch_add(1, Ordering::SeqCst);
}

/// Asks for the version and for something behind the proxy, over and over.
fn requests(seen: &Seen, keeps_alive: bool) {
    let builder = reqwest::blocking::Client::builder().no_proxy().timeout(Duration::from_secs(10));
    let builder = if keeps_alive { builder } else { builder.pool_max_idle_per_host(0) };
    let client = builder.build().unwrap();
    let ask = |path: &str| {
        let answer = client.get(format!("http://127.0.0.1:8000{path}")).send();
        answer.and_then(|answer| Ok((answer.status().as_u16(), answer.text()?)))
    };
    while !seen.stop.load(Ordering::SeqCst) {
        let before = seen.version.load(Ordering::SeqCst);
        let answer = ask("/version");
        let after = seen.version.load(Ordering::SeqCst);
        match answer {
            // The version before the one whose deploy has begun, up to the one that has begun meanwhile.
            Ok((200, text))
                if (before.saturating_sub(1)..=after).any(|number| text == format!("v{number}")) =>
            {
                more(&seen.answered);
            }
            Ok(other) => seen.wrong.lock().unwrap().push(format!("{other:?} between v{before} and v{after}")),
            Err(_) => more(&seen.unanswered),
        }
        match ask("/metrics") {
            Ok((200, text)) if text == "GET /metrics" => more(&seen.answered),
            Ok(other) => seen.wrong.lock().unwrap().push(format!("{other:?} for /metrics")),
            Err(_) => more(&seen.unanswered),
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// One WebSocket for the whole time.
fn websocket(seen: &Seen, number: usize) {
    let stream = std::net::TcpStream::connect("127.0.0.1:8000").unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let (mut socket, _) =
        tungstenite::client(format!("ws://127.0.0.1:8000/api/chat?{number}"), stream).unwrap();
    for round in 0.. {
        if seen.stop.load(Ordering::SeqCst) {
            return;
        }
        let text = format!("{number} {round}");
        let echo = socket.send(text.clone().into()).and_then(|()| socket.read());
        match echo {
            Ok(message) if message.to_text().is_ok_and(|echo| echo == text) => more(&seen.echoes),
            other => {
                seen.wrong.lock().unwrap().push(format!("WebSocket {number}, round {round}: {other:?}"));
                return;
            }
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

//! An admin API that belongs to another user.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Scene, USER};
use crate::deploy::bench::{err, out};

/// An admin API whose socket belongs to another user; reports whether it was asked, and whether it was sent anything.
fn admin_of_another_user() -> (u16, Arc<AtomicBool>, Arc<AtomicBool>) {
    let (say, hear) = std::sync::mpsc::channel();
    let (asked, posted) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (heard, seen) = (Arc::clone(&asked), Arc::clone(&posted));
    std::thread::spawn(move || {
        // Of this thread alone.
        let user = rustix::process::Uid::from_raw(USER);
        rustix::thread::set_thread_res_uid(None, user, None).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        say.send(listener.local_addr().unwrap().port()).unwrap();
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 2048];
            let read = stream.read(&mut head).unwrap_or(0);
            heard.store(true, Ordering::SeqCst);
            if head[..read].starts_with(b"POST") {
                seen.store(true, Ordering::SeqCst);
            }
            let body = "{\"apps\":{\"http\":{}}}";
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    (hear.recv().unwrap(), asked, posted)
}

#[test]
fn nothing_is_sent_to_the_admin_api_of_another_user() {
    let Some(scene) = Scene::new("nothing_is_sent_to_the_admin_api_of_another_user") else { return };
    let (port, asked, posted) = admin_of_another_user();
    let admin = format!("127.0.0.1:{port}");
    for more in [&["--dry-run"][..], &[], &["--no-drop-in", "--force"]] {
        let refused = scene.deploy(&[&["--admin", &admin], more].concat());
        assert_eq!(refused.status.code(), Some(2), "{}", err(&refused));
        let output = "belongs to user 977, not to root or the service's user";
        assert!(
            err(&refused).contains(output) && err(&refused).contains("--admin-user"),
            "{}",
            err(&refused)
        );
    }
    let status = scene.run(&["status", "--admin", &admin]);
    assert!(out(&status).contains("belongs to user 977"), "{}", out(&status));
    assert!(!asked.load(Ordering::SeqCst), "what it answers can be anything");
    assert!(!posted.load(Ordering::SeqCst) && !scene.path("root/etc/caddy/Caddyfile").exists());
    scene.deploy(&["--admin", &admin, "--admin-user", "977", "--timeout", "5s"]);
    assert!(posted.load(Ordering::SeqCst));
}

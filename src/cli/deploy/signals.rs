//! SIGINT, SIGTERM and a lost terminal ask a deploy to stop, which undoes it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use caddyctl_deploy::process::cancel::Cancel;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// A flag that the signals set. Without a handler (which only a strange system refuses) they end the process, and the
/// journal takes care of the rest.
pub fn cancel() -> Cancel {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        let _ = signal_hook::flag::register(signal, Arc::clone(&flag));
    }
    Cancel::following(flag)
}

/// Does `work` in a thread of its own, and no longer waits for it once a signal asks to stop.
pub fn unless_stopped<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (cancel, (say, hear)) = (cancel(), mpsc::channel());
    std::thread::spawn(move || say.send(work()));
    loop {
        match hear.recv_timeout(Duration::from_millis(50)) {
            Ok(done) => return Some(done),
            Err(RecvTimeoutError::Timeout) if !cancel.is_cancelled() => {}
            Err(_) => return None,
        }
    }
}

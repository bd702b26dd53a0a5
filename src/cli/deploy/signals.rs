//! SIGINT, SIGTERM and a lost terminal ask a deploy to stop, which undoes it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use caddyctl::deploy::cancel::Cancel;
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

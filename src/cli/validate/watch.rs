//! `--watch`: checks again whenever something changes that the last check looked at, until Ctrl-C.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use signal_hook::consts::{SIGINT, SIGTERM};

use caddyctl_language::source::shown;

use super::seen::Seen;
use crate::cli::fault::{self, Fault};
use crate::cli::print;

/// How often a signal is looked for.
const STEP: Duration = Duration::from_millis(100);

/// How often all files are looked at, for file systems that report no changes, such as those of a network.
const LOOK: Duration = Duration::from_secs(2);

/// An editor writes a file in several steps; so long must nothing have happened.
const SETTLED: Duration = Duration::from_millis(40);

/// What one check gave.
pub struct Verdict {
    /// What to print.
    pub text: String,
    /// The exit status.
    pub status: u8,
}

/// Runs `check` now and after each change. `is_text` says that its output is for people. The exit status is that of the
/// last verdict.
pub fn watch(
    root: &Path,
    is_text: bool,
    check: impl Fn(&Seen) -> anyhow::Result<Verdict>,
) -> anyhow::Result<ExitCode> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop))
            .map_err(|error| Fault::system(format!("cannot wait for signals: {error}")))?;
    }
    let (sender, events) = mpsc::channel();
    let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        // Reading a file is an event too, and we read them.
        if event.is_ok_and(|event| !event.kind.is_access()) {
            let _ = sender.send(());
        }
    })
    .map_err(|error| Fault::system(format!("cannot watch files: {error}")))?;
    let mut watched = Watched { watcher, folders: BTreeSet::new() };
    let screen =
        is_text && io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|t| t != "dumb");
    let mut because: Option<PathBuf> = None;
    loop {
        let seen = Seen::default();
        let (mut text, status) = match check(&seen) {
            Ok(Verdict { text, status }) => (text, status),
            // The file may be back in a moment.
            Err(error) => {
                if screen {
                    print::stdout_while_read(true, "")?;
                }
                fault::report(&error);
                (String::new(), 2)
            }
        };
        let clear = screen && !text.is_empty();
        if screen {
            let files = seen.count();
            let plural = if files == 1 { "" } else { "s" };
            text.push_str(&format!("watching {files} file{plural}; Ctrl-C ends\n"));
        } else if let Some(path) = because.filter(|_| is_text) {
            let path = path.strip_prefix(root).unwrap_or(&path);
            text.insert_str(0, &format!("{} changed\n", shown::path(path)));
        }
        let is_read =
            if is_text { print::stdout_while_read(clear, &text) } else { print::data_while_read(&text) };
        if !is_read? {
            return Ok(ExitCode::from(status));
        }
        watched.follow(&seen);
        because = next_change(&seen, &events, &stop);
        if because.is_none() {
            if screen {
                print::stdout("\n")?;
            }
            return Ok(ExitCode::from(status));
        }
    }
}

/// Waits for a change of what was seen; `None` when it is to end.
fn next_change(seen: &Seen, events: &Receiver<()>, stop: &AtomicBool) -> Option<PathBuf> {
    // What changed while it was read, and before it was watched.
    let mut look = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        if look <= Instant::now() {
            if let Some(path) = seen.changed() {
                return Some(path);
            }
            look = Instant::now() + LOOK;
        }
        match events.recv_timeout(STEP) {
            Ok(()) => {
                while events.recv_timeout(SETTLED).is_ok() {}
                look = Instant::now();
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(STEP),
        }
    }
    None
}

/// The folders whose changes the system reports.
struct Watched {
    watcher: RecommendedWatcher,
    folders: BTreeSet<PathBuf>,
}

impl Watched {
    /// Watches the folders of what was seen, and no others. One that cannot be watched is still looked at from time to
    /// time.
    fn follow(&mut self, seen: &Seen) {
        let wanted = seen.folders();
        for folder in self.folders.difference(&wanted) {
            let _ = self.watcher.unwatch(folder);
        }
        for folder in &wanted {
            // A folder that was removed and made again is another one, so all are named each time.
            let _ = self.watcher.watch(folder, RecursiveMode::NonRecursive);
        }
        self.folders = wanted;
    }
}

//! When a second thread saves time, and how it comes to a processor.

use std::num::NonZero;
use std::panic;
use std::sync::OnceLock;
use std::thread::{self, Scope, ScopedJoinHandle};

/// In bytes. Starting a thread costs as much as compiling some 5 KB.
const LARGE: usize = 64 * 1024;

/// Room on the stack for blocks nested as deeply as files can nest them, in bytes; memory is used only as it grows.
pub const DEEP_STACK: usize = 512 * 1024 * 1024;

/// Whether a second thread saves time on a text of this many bytes: reading it is a sixth of the work of compiling, and
/// the look at its layout a tenth.
pub fn is_worth_a_thread(bytes: usize) -> bool {
    bytes >= LARGE && processors() > 1
}

/// How many processors there are for this program. To find out takes as long as to compile a small file.
fn processors() -> usize {
    static COUNT: OnceLock<usize> = OnceLock::new();
    *COUNT.get_or_init(|| thread::available_parallelism().map_or(1, NonZero::get))
}

/// Starts a thread for `work`, with a deep stack, and leaves it this processor. `None` if there can be no further thread.
pub fn start<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> Option<ScopedJoinHandle<'scope, T>> {
    let thread = thread::Builder::new().stack_size(DEEP_STACK).spawn_scoped(scope, work).ok()?;
    make_way();
    Some(thread)
}

/// Waits for a thread, and passes its panic on.
pub fn wait_for<T>(thread: ScopedJoinHandle<T>) -> T {
    thread.join().unwrap_or_else(|fault| panic::resume_unwind(fault))
}

/// Leaves this processor to the thread that has just been started, where there are two.
///
/// On some virtual machines Linux starts a thread where its parent runs, and lets it wait there for up to 4 ms before it
/// takes it to the idle processor beside it (measured, on Linux 6.18): longer than most of our threads run.
pub(super) fn make_way() {
    #[cfg(target_os = "linux")]
    if processors() == 2 {
        use rustix::thread::{sched_getaffinity, sched_getcpu, sched_setaffinity};
        let Ok(allowed) = sched_getaffinity(None) else { return };
        let mut others = allowed;
        others.unset(sched_getcpu());
        if others.count() > 0 && sched_setaffinity(None, &others).is_ok() {
            // It has moved, and may go where it likes again. If it may not, nothing is lost but a choice.
            let _ = sched_setaffinity(None, &allowed);
        }
    }
}

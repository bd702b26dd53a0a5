//! The second thread: when it saves time, and how it comes to a processor.
//!
//! It starts with the first text that is worth it, and stays: what it has read is freed into its own memory, and is there for
//! what it lowers and writes.

use std::num::NonZero;
use std::sync::OnceLock;
use std::thread;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// In bytes. To wake a thread costs as much as compiling some 5 KB.
const LARGE: usize = 64 * 1024;

/// Room on the stack for blocks nested as deeply as files can nest them, in bytes; memory is used only as it grows.
pub const DEEP_STACK: usize = 512 * 1024 * 1024;

/// Whether a second thread saves time on a text of this many bytes: reading it is a sixth of the work of compiling, and
/// the look at its layout a tenth. It never does for the second thread itself, nor for those of a pool.
pub fn is_worth_a_thread(bytes: usize) -> bool {
    bytes >= LARGE && rayon::current_thread_index().is_none() && processors() > 1
}

/// How many processors there are for this program. To find out takes as long as to compile a small file.
fn processors() -> usize {
    static COUNT: OnceLock<usize> = OnceLock::new();
    *COUNT.get_or_init(|| thread::available_parallelism().map_or(1, NonZero::get))
}

/// The second thread; `None` if there can be none.
fn second() -> Option<&'static ThreadPool> {
    static SECOND: OnceLock<Option<ThreadPool>> = OnceLock::new();
    let second = SECOND.get_or_init(|| {
        let builder = ThreadPoolBuilder::new().num_threads(1).stack_size(DEEP_STACK);
        // Whoever waits for work of [`later`] sees that it ended early. Without a handler the program would end with it.
        let builder = builder.start_handler(|_| processor::keep()).panic_handler(|_| {});
        let second = builder.build().ok();
        processor::leave();
        second
    });
    processor::leave_to_second();
    second.as_ref()
}

/// Does `work` on the second thread beside `here`, and waits for both; a panic of the one is one of the other. `None` if
/// there can be no second thread: then `work` is dropped before `here` begins.
pub fn beside<T: Send, R>(work: impl FnOnce() -> T + Send, here: impl FnOnce() -> R) -> (Option<T>, R) {
    let Some(second) = second() else {
        drop(work);
        return (None, here());
    };
    let mut done = None;
    let result = second.in_place_scope(|scope| {
        let done = &mut done;
        scope.spawn(move |_| *done = Some(work()));
        here()
    });
    (done, result)
}

/// Lets the second thread do `work` when it has done what it has. Whether there is one. A panic ends the work alone.
pub(super) fn later(work: impl FnOnce() + Send + 'static) -> bool {
    second().map(|second| second.spawn(work)).is_some()
}

/// Which of two processors a thread runs on.
///
/// On some virtual machines Linux takes the idle processor for one that is not there: it starts and wakes a thread where the
/// other one runs, and lets it wait there for up to 4 ms before it takes it to the idle one (measured, on Linux 6.18). That
/// is longer than most of our work takes.
mod processor {
    #[cfg(target_os = "linux")]
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    #[cfg(target_os = "linux")]
    use rustix::thread::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};

    /// That of the second thread, if it keeps one.
    #[cfg(target_os = "linux")]
    static SECOND: AtomicUsize = AtomicUsize::new(usize::MAX);

    /// Lets the second thread, which calls this, stay where it is, where there are two.
    pub(super) fn keep() {
        #[cfg(target_os = "linux")]
        if super::processors() == 2 {
            let here = sched_getcpu();
            let mut only = CpuSet::new();
            only.set(here);
            if sched_setaffinity(None, &only).is_ok() {
                SECOND.store(here, Relaxed);
            }
        }
    }

    /// Leaves this processor to the thread that has just been started here, where there are two.
    pub(super) fn leave() {
        #[cfg(target_os = "linux")]
        if super::processors() == 2 {
            let Ok(allowed) = sched_getaffinity(None) else { return };
            let mut others = allowed;
            others.unset(sched_getcpu());
            if others.count() > 0 && sched_setaffinity(None, &others).is_ok() {
                // It has moved, and may go where it likes again. If it may not, nothing is lost but a choice.
                let _ = sched_setaffinity(None, &allowed);
            }
        }
    }

    /// Leaves this processor to the second thread, if it is the one that it keeps.
    pub(super) fn leave_to_second() {
        #[cfg(target_os = "linux")]
        if SECOND.load(Relaxed) == sched_getcpu() {
            leave();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic;
    use std::sync::mpsc::sync_channel;

    use super::*;

    #[test]
    fn both_are_done_and_a_panic_is_passed_on() {
        assert_eq!(beside(|| 1, || 2), (Some(1), 2));
        assert!(panic::catch_unwind(|| beside(|| panic!("there"), || 2)).is_err());
        assert!(panic::catch_unwind(|| beside(|| 1, || panic!("here"))).is_err());
        assert_eq!(beside(|| 1, || 2), (Some(1), 2));
    }

    #[test]
    fn a_panic_in_later_work_ends_that_alone() {
        let (sender, done) = sync_channel::<()>(0);
        assert!(later(move || {
            let _sender = sender;
            panic!("later");
        }));
        assert!(done.recv().is_err(), "what it held is dropped");
        assert_eq!(beside(|| 1, || 2), (Some(1), 2));
    }

    #[test]
    fn the_second_thread_has_none_of_its_own() {
        assert_eq!(beside(|| is_worth_a_thread(usize::MAX), || ()).0, Some(false));
    }
}

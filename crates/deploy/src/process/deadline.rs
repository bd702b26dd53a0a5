//! A moment after which nobody waits any longer.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// A deadline, by the monotonic clock, so that a clock that jumps does no harm.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Instant);

impl Deadline {
    /// `within` from now.
    pub fn after(within: Duration) -> Self {
        let now = Instant::now();
        // A day is as good as for ever, and cannot overflow.
        Self(now + within.min(Duration::from_hours(24)))
    }

    /// What is left; zero when it has passed.
    pub fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// What is left, at least `least`: for a last try that must not be skipped.
    pub fn left_or(self, least: Duration) -> Duration {
        self.left().max(least)
    }

    /// Whether it has passed.
    pub fn has_passed(self) -> bool {
        self.left().is_zero()
    }
}

/// A deadline that another process can read: by the clock that counts from boot, suspends included, and that nobody can
/// set. It passes with a reboot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Which boot, as the kernel names it.
    pub boot: String,
    /// Milliseconds since boot.
    pub millis: u64,
}

impl Moment {
    /// `within` from now.
    pub fn after(within: Duration) -> Self {
        let within = u64::try_from(within.as_millis()).unwrap_or(u64::MAX);
        Self { boot: boot(), millis: since_boot().saturating_add(within) }
    }

    /// Whether it has passed.
    pub fn has_passed(&self) -> bool {
        self.boot != boot() || self.millis <= since_boot()
    }
}

fn boot() -> String {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
    id.unwrap_or_default().trim().to_owned()
}

fn since_boot() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let millis = now.tv_sec.saturating_mul(1000).saturating_add(now.tv_nsec / 1_000_000);
    u64::try_from(millis).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_of_this_boot() {
        let soon = Moment::after(Duration::from_mins(1));
        assert!(!soon.has_passed());
        assert!(Moment { boot: "another".to_owned(), ..soon }.has_passed());
        assert!(Moment::after(Duration::ZERO).has_passed());
    }
}

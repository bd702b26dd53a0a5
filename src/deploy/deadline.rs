//! A moment after which nobody waits any longer.

use std::time::{Duration, Instant};

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

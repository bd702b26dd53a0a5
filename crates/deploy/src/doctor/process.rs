//! Limits of the running process and of the kernel that Caddy meets under load.

use std::path::Path;

use super::Finding;
use caddyctl_host::regular;

/// How many file descriptors a process has open, and how many it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Descriptors {
    /// Open ones.
    pub open: u64,
    /// The limit that is in force.
    pub most: u64,
}

impl Descriptors {
    /// Those of the process `pid`; `None` where it may not be looked at, or has no limit.
    pub fn of(pid: u32) -> Option<Self> {
        let process = Path::new("/proc").join(pid.to_string());
        let open = std::fs::read_dir(process.join("fd")).ok()?.count() as u64;
        let limits = regular::read_text(&process.join("limits"), regular::MOST).ok()?;
        Some(Self { open, most: most(&limits)? })
    }

    /// Whether hardly a connection more can be accepted: each takes one.
    pub fn is_short(self) -> bool {
        self.open.saturating_mul(10) >= self.most.saturating_mul(9)
    }
}

/// The limit in the text of `/proc/PID/limits` (proc(5)).
fn most(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// What to do about a process of the unit `name` that is short of descriptors.
pub(super) fn help(name: &str, most: u64) -> String {
    format!(
        "raise the limit of {most} with `LimitNOFILE=1048576` in [Service] (`systemctl edit {name}`), then run `systemctl restart {name}`"
    )
}

/// The buffers of UDP, which HTTP/3 needs larger than the kernel allows; `words` are those of Caddy's log.
pub fn udp_buffers(words: &str) -> Finding {
    let sizes =
        words.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(sizes, _)| sizes);
    let sizes = if sizes.is_empty() { String::new() } else { format!(" ({sizes})") };
    Finding::warning(
        format!("the kernel limits the UDP buffers{sizes}: HTTP/3 is slower than it could be"),
        "`sysctl -w net.core.rmem_max=7500000 net.core.wmem_max=7500000`, and the same in a file of /etc/sysctl.d; then restart Caddy",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit() {
        let text = "Limit                     Soft Limit           Hard Limit           Units     \n\
                    Max open files            40                   40                   files     \n";
        assert_eq!((most(text), most("")), (Some(40), None));
        let short = |open| Descriptors { open, most: 40 }.is_short();
        assert!(short(36) && short(40) && !short(35));
        assert!(Descriptors::of(std::process::id()).is_some_and(|found| found.open > 0));
        let said = udp_buffers("failed to sufficiently increase receive buffer size (was: 208 kiB, wanted: 7168 kiB, got: 416 kiB). See x").fault;
        assert_eq!(
            said,
            "the kernel limits the UDP buffers (was: 208 kiB, wanted: 7168 kiB, got: 416 kiB): HTTP/3 is slower than it could be"
        );
    }
}

//! What `check` finds, against what the real Caddy finds.
//!
//! `CADDYCTL_BLESS=1` asks the Caddy in `target/caddy/bin/caddy` again and rewrites what is stored.

#![expect(clippy::print_stdout, reason = "scores are to be seen in the run")]

mod golden;
mod machine;
mod parity;
mod probes;
mod verdict;

//! What `check` finds, against what the real Caddy finds.
//!
//! `CADDYCTL_BLESS=1` asks the Caddy in `target/caddy/bin/caddy` again and rewrites what is stored.

#[path = "check"]
mod check {
    mod caddy;
    mod golden;
    mod parity;
    mod probes;
}

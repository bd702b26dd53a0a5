//! The `caddyctl` program.

fn main() {}

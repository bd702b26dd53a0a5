//! Links the program at a fixed address on Linux, as Caddy's own is.
//!
//! A program that can lie anywhere has 24,000 addresses to put right each time it starts, which takes longer than
//! compiling a Caddyfile of one site.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}

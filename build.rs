//! Links the program on Linux so that it starts fast.
//!
//! It lies at a fixed address, as Caddy's own does: a program that can lie anywhere has 24,000 addresses to put right each
//! time it starts, which takes longer than compiling a Caddyfile of one site. And what unwinds its stack is part of it,
//! and `pow`, for which alone it needed the C library's mathematics, loads that when it is asked: two libraries less at
//! each start.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
        println!("cargo:rerun-if-changed=src/link");
        let files = ["src/link/memory.c", "src/link/pow.c"];
        cc::Build::new().files(files).link_lib_modifier("+whole-archive").compile("start");
        if std::env::var("HOST") == std::env::var("TARGET")
            && let Some(folder) = archive("libgcc_eh.a").as_deref().and_then(Path::parent)
        {
            println!("cargo:rustc-link-search=native={}", folder.display());
            println!("cargo:rustc-link-lib=static:-bundle,+whole-archive=gcc_eh");
        }
    }
}

/// Where the compiler has the archive `file`.
fn archive(file: &str) -> Option<PathBuf> {
    let said = Command::new("cc").arg(format!("-print-file-name={file}")).output().ok()?;
    let path = PathBuf::from(String::from_utf8(said.stdout).ok()?.trim());
    path.is_absolute().then_some(path).filter(|path| path.is_file())
}

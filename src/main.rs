//! The `caddyctl` program: reads its arguments, runs one command, and exits with what came of it.

use std::process::ExitCode;

mod cli;

/// A compilation makes millions of small pieces.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}

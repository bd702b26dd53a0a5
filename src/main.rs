//! The `caddyctl` program: reads its arguments, runs one command, and exits with what came of it.

use std::process::ExitCode;

mod cli;

/// A compilation makes millions of small pieces.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Room for blocks nested as deeply as files can nest them; memory is used only as the stack grows.
pub(crate) const STACK: usize = 512 * 1024 * 1024;

fn main() -> ExitCode {
    stacker::grow(STACK, cli::main)
}

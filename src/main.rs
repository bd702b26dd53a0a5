//! The `caddyctl` program: reads its arguments, runs one command, and exits with what came of it.

use std::process::ExitCode;
use std::thread;

mod cli;

/// A compilation makes millions of small pieces.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Room for blocks nested as deeply as files can nest them; memory is used only as the stack grows.
const STACK: usize = 512 * 1024 * 1024;

fn main() -> ExitCode {
    let Ok(running) = thread::Builder::new().stack_size(STACK).spawn(cli::main) else {
        return cli::main();
    };
    // A panic has been reported by its thread.
    running.join().unwrap_or(ExitCode::from(101))
}

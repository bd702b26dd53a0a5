//! The `caddyctl` program: reads its arguments, runs one command, and exits with what came of it.

use std::process::ExitCode;

mod cli;

fn main() -> ExitCode {
    cli::main()
}

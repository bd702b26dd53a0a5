//! The tests of the program, and of its crates together. `./test NAME::` runs those of one file.

#![allow(missing_docs)]

mod adapt;
mod check;
mod circles;
mod cli;
mod cli_environment;
mod cli_fmt;
mod cli_lint;
mod deploy;
mod diff;
mod diff_cli;
mod diff_schema;
mod differential;
mod editor;
mod elf;
mod envfile;
mod errors;
mod fmt;
mod fuzz_replay;
mod generate;
mod growth;
mod hostile_folder;
mod hostile_git;
mod inventory;
mod large;
mod library;
mod limits;
mod lint;
mod lsp;
mod map;
mod opener;
mod overwrite;
mod pages;
mod parity;
mod plugins;
mod random_caddyfile;
mod render;
mod robust;
mod secrets;
mod session;
mod shown;
mod support;
mod tables;
mod untouched;

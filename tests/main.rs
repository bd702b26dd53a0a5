//! The tests of the program, and of its crates together. `./test NAME::` runs those of one file.

#![allow(missing_docs)]

mod adapt;
mod advisories;
mod builds;
mod check;
#[cfg(unix)]
mod ci;
mod circles;
#[cfg(unix)]
mod cli;
#[cfg(target_os = "linux")]
mod cli_environment;
#[cfg(unix)]
mod cli_fmt;
#[cfg(unix)]
mod cli_lint;
#[cfg(feature = "deploy")]
mod declared;
mod deploy;
mod diff;
mod diff_cli;
mod diff_proof;
mod diff_schema;
mod differential;
mod editor;
mod elf;
mod english;
mod envfile;
mod errors;
mod findings;
mod fmt;
#[cfg(feature = "deploy")]
mod fuzz_replay;
mod generate;
mod growth;
#[cfg(feature = "deploy")]
mod hostile_folder;
#[cfg(feature = "deploy")]
mod hostile_git;
#[cfg(unix)]
mod init;
mod inventory;
#[cfg(unix)]
mod judges;
mod large;
mod library;
mod limits;
mod lint;
mod lint_behaviour;
mod lists;
mod lsp;
mod map;
mod opener;
#[cfg(target_os = "linux")]
mod overwrite;
#[cfg(target_arch = "x86_64")]
mod packages;
mod pages;
mod parity;
#[cfg(unix)]
mod plugins;
mod programs;
mod random_caddyfile;
#[cfg(unix)]
mod readme;
mod render;
mod reported;
mod robust;
#[cfg(unix)]
mod rows;
mod secrets;
mod session;
mod settings;
#[cfg(feature = "deploy")]
mod shown;
mod support;
mod tables;
#[cfg(unix)]
mod test;
#[cfg(unix)]
mod trace;
mod untouched;
mod upgrade;
#[cfg(unix)]
mod versions;

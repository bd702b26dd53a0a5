//! What counts as a secret, in a text and in each report: secrets of a text, values of the environment, and files outside the
//! project are planted, and looked for in every form of output.

#![allow(clippy::print_stdout, reason = "scores are to be seen in the run")]

#[path = "secrets/independent.rs"]
mod independent;
#[path = "secrets/kinds.rs"]
mod kinds;
#[path = "secrets/outside.rs"]
mod outside;
#[path = "secrets/prose.rs"]
mod prose;
#[path = "secrets/said.rs"]
mod said;
#[path = "secrets/texts.rs"]
mod texts;
#[path = "secrets/variables.rs"]
mod variables;

//! What counts as a secret, in a text and in each report: secrets of a text, values of the environment, and files outside the
//! project are planted, and looked for in every form of output.

#![allow(clippy::print_stdout, reason = "scores are to be seen in the run")]

mod independent;
mod kinds;
mod outside;
mod prose;
mod output;
mod texts;
mod variables;

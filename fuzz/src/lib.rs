//! What is asked of each part that reads what others wrote. Each module has a function `run`, which takes any bytes and
//! panics when a promise does not hold. libFuzzer calls it with bytes that it makes up; `tests/fuzz_replay.rs` calls it
//! with the seeds and with everything that was ever found.

pub mod adapt;
pub mod archive;
pub mod cel;
pub mod certificates;
pub mod checks;
pub mod diff;
pub mod environment;
pub mod fmt;
pub mod json;
pub mod positions;
pub mod records;
pub mod regexp;
pub mod routes;
pub mod settings;
pub mod unit_file;
pub mod validate;

mod output;
mod case;

/// One target: its name, and its function.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const ALL: &[Target] = &[
    ("adapt", adapt::run),
    ("archive", archive::run),
    ("cel", cel::run),
    ("certificates", certificates::run),
    ("checks", checks::run),
    ("diff", diff::run),
    ("environment", environment::run),
    ("fmt", fmt::run),
    ("json", json::run),
    ("positions", positions::run),
    ("records", records::run),
    ("regexp", regexp::run),
    ("routes", routes::run),
    ("settings", settings::run),
    ("unit_file", unit_file::run),
    ("validate", validate::run),
];

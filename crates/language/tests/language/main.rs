//! The tests of the package that read files.

#![allow(missing_docs)]

mod plugin_cases;
mod plugin_schema;

//! Tests of the analysis crate as its users see it.

mod stack;

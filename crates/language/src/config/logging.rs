//! The logs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Module, is_zero};

/// All logs.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Logging {
    /// By name; `default` is the one that takes everything else.
    #[serde(skip_serializing_if = "is_zero")]
    pub logs: BTreeMap<String, Log>,
}

/// One log.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Log {
    /// Where it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub writer: Option<Module>,
    /// How an entry looks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoder: Option<Module>,
    /// A core instead of writer and encoder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub core: Option<Module>,
    /// The lowest level that is logged.
    #[serde(skip_serializing_if = "is_zero")]
    pub level: String,
    /// Which entries are dropped when there are many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampling: Option<Sampling>,
    /// The loggers it takes.
    #[serde(skip_serializing_if = "is_zero")]
    pub include: Vec<String>,
    /// The loggers it does not take.
    #[serde(skip_serializing_if = "is_zero")]
    pub exclude: Vec<String>,
}

/// In each interval the first entries are logged, and then every so-many-th.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Sampling {
    /// Nanoseconds.
    #[serde(skip_serializing_if = "is_zero")]
    pub interval: i64,
    /// How many are logged.
    #[serde(skip_serializing_if = "is_zero")]
    pub first: i64,
    /// Each how many-th is logged afterwards.
    #[serde(skip_serializing_if = "is_zero")]
    pub thereafter: i64,
}

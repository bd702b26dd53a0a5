//! The `headers` handler, and what asks for the headers of a response.

use serde_json::Value;

use super::fields::{Json, texts};
use crate::requests::regexp::Regexp;

/// The `headers` handler.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct Headers {
    pub(in crate::requests) request: Option<Operations>,
    pub(in crate::requests) response: Option<Operations>,
    /// Whether the response is changed only when it is written.
    pub(in crate::requests) is_deferred: bool,
    pub(in crate::requests) require: Option<ResponseMatcher>,
}

/// What is done to header fields, in this order.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct Operations {
    pub(in crate::requests) delete: Vec<String>,
    pub(in crate::requests) add: Vec<(String, Vec<String>)>,
    pub(in crate::requests) set: Vec<(String, Vec<String>)>,
    pub(in crate::requests) replace: Vec<(String, Vec<Replacement>)>,
    /// Whether a value reads a field that the same operations change, which Caddy does in any order.
    pub(in crate::requests) is_tangled: bool,
}

/// One replacement in the values of a field.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct Replacement {
    pub(in crate::requests) search: String,
    pub(in crate::requests) regexp: Option<Regexp>,
    pub(in crate::requests) by: String,
}

/// What a response must be like.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct ResponseMatcher {
    pub(in crate::requests) status: Vec<i64>,
    /// Fields with the values that they may have; `None` where there must be no such field.
    pub(in crate::requests) headers: Vec<(String, Option<Vec<String>>)>,
}

impl Headers {
    pub(super) fn decode(value: &Value) -> Self {
        let response = value.at("response");
        Self {
            request: Operations::decode(value.at("request")),
            response: Operations::decode(response),
            is_deferred: response.flag("deferred"),
            require: ResponseMatcher::decode(response.at("require")),
        }
    }
}

/// Fields with the values that they get.
type Changes = Vec<(String, Vec<String>)>;

impl Operations {
    pub(in crate::requests) fn decode(value: &Value) -> Option<Self> {
        value.as_object()?;
        let fields = |name: &str| {
            value.pairs(name).into_iter().map(|(field, values)| (field.to_owned(), texts(values))).collect()
        };
        let replace = value.pairs("replace").into_iter().map(|(field, list)| {
            let list = list.as_array().map_or(&[][..], Vec::as_slice);
            (field.to_owned(), list.iter().map(Replacement::decode).collect())
        });
        let (add, set): (Changes, Changes) = (fields("add"), fields("set"));
        let changes = || add.iter().chain(&set);
        let is_read = |value: &String, name: &String| {
            value.contains('{')
                && value.to_lowercase().contains(&format!(".header.{}}}", name.to_lowercase()))
        };
        let is_tangled = changes().any(|(own, values)| {
            let mut others = changes().filter(|(name, _)| name != own);
            others.any(|(name, _)| values.iter().any(|value| is_read(value, name)))
        });
        Some(Self { delete: value.texts("delete"), replace: replace.collect(), is_tangled, add, set })
    }
}

impl Replacement {
    fn decode(value: &Value) -> Self {
        let pattern = value.text("search_regexp");
        Self {
            search: value.text("search"),
            regexp: (!pattern.is_empty()).then(|| Regexp::new(pattern)),
            by: value.text("replace"),
        }
    }
}

impl ResponseMatcher {
    pub(in crate::requests) fn decode(value: &Value) -> Option<Self> {
        value.as_object()?;
        let status = value.list("status_code").iter().filter_map(Value::as_f64);
        #[expect(clippy::cast_possible_truncation, reason = "status codes are small")]
        let status = status.map(|code| code as i64).collect();
        Some(Self { status, headers: fields(value.at("headers")) })
    }

    /// Whether a response with this status has one that is asked for.
    pub(in crate::requests) fn has_status(&self, status: i64) -> bool {
        self.status.is_empty()
            || self.status.iter().any(|known| {
                *known == status || (*known < 100 && (known * 100..(known + 1) * 100).contains(&status))
            })
    }
}

/// Header fields of a matcher.
pub(super) fn fields(value: &Value) -> Vec<(String, Option<Vec<String>>)> {
    let object = value.as_object();
    let pairs = object.into_iter().flatten();
    pairs.map(|(field, values)| (field.clone(), (!values.is_null()).then(|| texts(values)))).collect()
}

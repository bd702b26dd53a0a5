//! The `rewrite` handler.

use serde_json::Value;

use super::fields::Json;
use crate::requests::regexp::Regexp;

/// What is done to the URI, in this order.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct Rewrite {
    pub(in crate::requests) method: String,
    pub(in crate::requests) uri: String,
    pub(in crate::requests) strip_prefix: String,
    pub(in crate::requests) strip_suffix: String,
    /// Texts to find, what replaces them, and how often; 0 for always.
    pub(in crate::requests) substrings: Vec<(String, String, usize)>,
    pub(in crate::requests) regexps: Vec<(Regexp, String)>,
    pub(in crate::requests) query: Option<QueryOperations>,
}

/// What is done to the query, in this order.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct QueryOperations {
    pub(in crate::requests) rename: Vec<(String, String)>,
    pub(in crate::requests) set: Vec<(String, String)>,
    pub(in crate::requests) add: Vec<(String, String)>,
    pub(in crate::requests) replace: Vec<QueryReplacement>,
    pub(in crate::requests) delete: Vec<String>,
}

/// One replacement in the values of a key.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct QueryReplacement {
    pub(in crate::requests) key: String,
    pub(in crate::requests) search: String,
    pub(in crate::requests) regexp: Option<Regexp>,
    pub(in crate::requests) by: String,
}

impl Rewrite {
    pub(in crate::requests) fn decode(value: &Value) -> Self {
        let query = value.at("query");
        let substrings = value.list("uri_substring").iter().map(|one| {
            (one.text("find"), one.text("replace"), usize::try_from(one.number("limit")).unwrap_or(0))
        });
        let regexps = value.list("path_regexp").iter();
        Self {
            method: value.text("method"),
            uri: value.text("uri"),
            strip_prefix: value.text("strip_path_prefix"),
            strip_suffix: value.text("strip_path_suffix"),
            substrings: substrings.collect(),
            regexps: regexps.map(|one| (Regexp::new(one.text("find")), one.text("replace"))).collect(),
            query: query.is_object().then(|| QueryOperations::decode(query)),
        }
    }
}

impl QueryOperations {
    fn decode(value: &Value) -> Self {
        let pairs =
            |name: &str| value.list(name).iter().map(|one| (one.text("key"), one.text("val"))).collect();
        let replace = value.list("replace").iter().map(|one| {
            let pattern = one.text("search_regexp");
            QueryReplacement {
                key: one.text("key"),
                search: one.text("search"),
                regexp: (!pattern.is_empty()).then(|| Regexp::new(pattern)),
                by: one.text("replace"),
            }
        });
        Self {
            rename: pairs("rename"),
            set: pairs("set"),
            add: pairs("add"),
            replace: replace.collect(),
            delete: value.texts("delete"),
        }
    }
}

//! Matchers of requests.

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::fields::{Json, texts, weak};
use super::headers;
use crate::check::expression::ast::{Expr, Kind, Literal};
use crate::check::expression::tree;
use crate::check::values::hostname;
use crate::requests::ranges::Range;
use crate::requests::regexp::Regexp;

/// Matchers that must all hold.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct MatcherSet {
    pub(in crate::requests) matchers: Vec<Matcher>,
}

/// One matcher.
#[derive(Clone, Debug)]
pub(in crate::requests) enum Matcher {
    Host(Hosts),
    Path(Vec<String>),
    PathRegexp(NamedRegexp),
    Method(Vec<String>),
    Header(Vec<(String, Option<Vec<String>>)>),
    HeaderRegexp(Vec<(String, NamedRegexp)>),
    Query(Vec<(String, Vec<String>)>),
    Protocol(String),
    Tls { handshake_complete: Option<bool> },
    RemoteIp(Ranges),
    ClientIp(Ranges),
    Vars(Vec<(String, Vec<String>)>),
    VarsRegexp(Vec<(String, NamedRegexp)>),
    File(FileMatcher),
    Expression(Box<Expression>),
    UrlPattern { pattern: String, base: String, ignores_case: bool },
    Not(Vec<MatcherSet>),
    Unknown(String),
}

/// Hosts of a matcher, as Caddy compares them.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct Hosts {
    /// As written.
    pub(in crate::requests) all: Vec<String>,
    /// Those without wildcard and placeholder, in lower case.
    pub(in crate::requests) exact: FxHashSet<String>,
    /// The others.
    pub(in crate::requests) patterns: Vec<String>,
}

/// An expression and the name under which its groups are kept.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct NamedRegexp {
    pub(in crate::requests) name: String,
    pub(in crate::requests) regexp: Regexp,
}

/// Ranges of addresses; those with placeholders are read when they are asked.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct Ranges {
    pub(in crate::requests) known: Vec<Range>,
    pub(in crate::requests) open: Vec<String>,
}

/// Which of the files that exist is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::requests) enum TryPolicy {
    #[default]
    First,
    FirstOrLast,
    Largest,
    Smallest,
    Newest,
}

/// `file`.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct FileMatcher {
    pub(in crate::requests) root: String,
    pub(in crate::requests) file_system: String,
    pub(in crate::requests) try_files: Vec<String>,
    pub(in crate::requests) policy: TryPolicy,
    pub(in crate::requests) split: Vec<String>,
}

/// A CEL expression.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct Expression {
    pub(in crate::requests) text: String,
    pub(in crate::requests) name: String,
    tree: OnceCell<Option<Tree>>,
}

/// The tree of an expression, and its calls of matchers whose arguments are written out, by where they stand.
#[derive(Clone, Debug)]
pub(in crate::requests) struct Tree {
    pub(in crate::requests) root: Expr,
    pub(in crate::requests) calls: FxHashMap<usize, Matcher>,
}

impl Expression {
    /// Its tree; `None` where Caddy refuses the expression.
    pub(in crate::requests) fn tree(&self) -> Option<&Tree> {
        let read = || {
            let root = tree(&self.text).ok()?;
            let mut calls = FxHashMap::default();
            collect(&root, &self.name, &mut calls);
            Some(Tree { root, calls })
        };
        self.tree.get_or_init(read).as_ref()
    }
}

/// Calls of matchers whose arguments are known.
fn collect(expr: &Expr, name: &str, calls: &mut FxHashMap<usize, Matcher>) {
    if let Kind::Matcher(function, args) = &expr.kind
        && let Some(args) = args.iter().map(constant).collect::<Option<Vec<_>>>()
    {
        calls.insert(expr.at, Matcher::call(function, &args, name));
    }
    expr.children().into_iter().for_each(|child| collect(child, name, calls));
}

fn constant(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        Kind::Literal(Literal::Text(text)) => Some(Value::from(text.as_str())),
        Kind::List(items) => items.iter().map(constant).collect::<Option<Vec<_>>>().map(Value::from),
        Kind::Map(entries) => {
            let pair = |(key, value): &(Expr, Expr)| Some((key.text()?.to_owned(), constant(value)?));
            entries.iter().map(pair).collect::<Option<serde_json::Map<_, _>>>().map(Value::Object)
        }
        _ => None,
    }
}

impl MatcherSet {
    /// A set of Caddy's JSON: an object of matchers by name.
    pub(in crate::requests) fn decode(value: &Value) -> Self {
        let object = value.as_object();
        let matchers = object.into_iter().flatten().map(|(name, value)| Matcher::decode(name, value));
        Self { matchers: matchers.collect() }
    }

    /// Several sets.
    pub(in crate::requests) fn decode_all(value: &Value) -> Vec<Self> {
        value.as_array().map_or(&[][..], Vec::as_slice).iter().map(Self::decode).collect()
    }

    /// The hosts that it asks for; `None` for any.
    pub(in crate::requests) fn hosts(&self) -> Option<&[String]> {
        self.matchers.iter().find_map(|matcher| match matcher {
            Matcher::Host(hosts) => Some(hosts.all.as_slice()),
            _ => None,
        })
    }
}

impl Matcher {
    /// The name of the matcher in Caddy's JSON.
    pub(in crate::requests) fn name(&self) -> &str {
        match self {
            Self::Host(_) => "host",
            Self::Path(_) => "path",
            Self::PathRegexp(_) => "path_regexp",
            Self::Method(_) => "method",
            Self::Header(_) => "header",
            Self::HeaderRegexp(_) => "header_regexp",
            Self::Query(_) => "query",
            Self::Protocol(_) => "protocol",
            Self::Tls { .. } => "tls",
            Self::RemoteIp(_) => "remote_ip",
            Self::ClientIp(_) => "client_ip",
            Self::Vars(_) => "vars",
            Self::VarsRegexp(_) => "vars_regexp",
            Self::File(_) => "file",
            Self::Expression(_) => "expression",
            Self::UrlPattern { .. } => "url_pattern",
            Self::Not(_) => "not",
            Self::Unknown(name) => name,
        }
    }

    /// A matcher of Caddy's JSON.
    pub(in crate::requests) fn decode(name: &str, value: &Value) -> Self {
        let lists = || {
            let object = value.as_object();
            object.into_iter().flatten().map(|(key, values)| (key.clone(), texts(values))).collect()
        };
        let regexps = || {
            let object = value.as_object();
            object
                .into_iter()
                .flatten()
                .map(|(key, value)| (key.clone(), NamedRegexp::decode(value)))
                .collect()
        };
        match name {
            "host" => Self::Host(Hosts::new(texts(value))),
            "path" => Self::Path(paths(texts(value))),
            "path_regexp" => Self::PathRegexp(NamedRegexp::decode(value)),
            "method" => Self::Method(texts(value).iter().map(|method| method.to_uppercase()).collect()),
            "header" => Self::Header(headers::fields(value)),
            "header_regexp" => Self::HeaderRegexp(regexps()),
            "query" => Self::Query(lists()),
            "protocol" => Self::Protocol(weak(value)),
            "tls" => Self::Tls { handshake_complete: value.at("handshake_complete").as_bool() },
            "remote_ip" => Self::RemoteIp(Ranges::new(value.texts("ranges"))),
            "client_ip" => Self::ClientIp(Ranges::new(value.texts("ranges"))),
            "vars" => Self::Vars(lists()),
            "vars_regexp" => Self::VarsRegexp(regexps()),
            "file" => Self::File(FileMatcher::decode(value)),
            "expression" => Self::Expression(Box::new(match value {
                Value::String(text) => Expression { text: text.clone(), ..Expression::default() },
                _ => {
                    Expression { text: value.text("expr"), name: value.text("name"), ..Expression::default() }
                }
            })),
            "url_pattern" => Self::UrlPattern {
                pattern: value.text("pattern"),
                base: value.text("base_url"),
                ignores_case: value.flag("ignore_case"),
            },
            "not" => Self::Not(MatcherSet::decode_all(value)),
            other => Self::Unknown(other.to_owned()),
        }
    }

    /// A matcher that is called as a function of an expression; `name` is the name of the expression.
    pub(in crate::requests) fn call(function: &str, args: &[Value], name: &str) -> Self {
        let all = || args.iter().map(weak).collect::<Vec<String>>();
        let regexp = |own: Option<&Value>, pattern: Option<&Value>| {
            let own = own.map(weak).filter(|own| !own.is_empty());
            NamedRegexp {
                name: own.unwrap_or_else(|| name.to_owned()),
                regexp: Regexp::new(pattern.map(weak).unwrap_or_default()),
            }
        };
        let first = args.first().unwrap_or(&Value::Null);
        match (function, args) {
            // As a function it does not change its arguments to upper case.
            ("method", _) => Self::Method(all()),
            ("host" | "path", _) => Self::decode(function, &Value::from(all())),
            ("remote_ip" | "client_ip", _) => Self::decode(function, &serde_json::json!({ "ranges": all() })),
            ("path_regexp", [pattern]) => Self::PathRegexp(regexp(None, Some(pattern))),
            ("path_regexp", [own, pattern]) => Self::PathRegexp(regexp(Some(own), Some(pattern))),
            ("header_regexp", [field, pattern]) => {
                Self::HeaderRegexp(vec![(weak(field), regexp(None, Some(pattern)))])
            }
            ("header_regexp", [own, field, pattern]) => {
                Self::HeaderRegexp(vec![(weak(field), regexp(Some(own), Some(pattern)))])
            }
            ("vars_regexp", [field, pattern]) => {
                Self::VarsRegexp(vec![(weak(field), regexp(None, Some(pattern)))])
            }
            ("vars_regexp", [own, field, pattern]) => {
                Self::VarsRegexp(vec![(weak(field), regexp(Some(own), Some(pattern)))])
            }
            ("file", [Value::Object(options)]) => {
                let mut options = options.clone();
                if let Some(Value::Array(list)) = options.get_mut("root")
                    && let Some(root) = list.pop()
                {
                    options.insert("root".to_owned(), root);
                }
                Self::File(FileMatcher::decode(&Value::Object(options)))
            }
            ("file", []) => Self::File(FileMatcher::decode(&Value::Null)),
            ("file", _) => Self::File(FileMatcher::decode(&serde_json::json!({ "try_files": all() }))),
            ("url_pattern", _) => Self::UrlPattern {
                pattern: weak(first),
                base: args.get(1).map(weak).unwrap_or_default(),
                ignores_case: false,
            },
            _ => Self::decode(function, first),
        }
    }
}

/// Patterns of paths as Caddy keeps them: in lower case, and a `*` behind the first comes first and ends that.
fn paths(mut patterns: Vec<String>) -> Vec<String> {
    for at in 0..patterns.len() {
        if patterns[at] == "*" && at > 0 {
            "*".clone_into(&mut patterns[0]);
            break;
        }
        patterns[at] = patterns[at].to_lowercase();
    }
    patterns
}

impl Hosts {
    fn new(all: Vec<String>) -> Self {
        let normal = all.iter().map(|host| hostname::ascii(host));
        let (exact, patterns): (Vec<String>, Vec<String>) =
            normal.partition(|host| !host.contains(['*', '{']));
        let exact = exact.iter().map(|host| host.to_lowercase()).collect();
        Self { all, exact, patterns }
    }
}

impl NamedRegexp {
    fn decode(value: &Value) -> Self {
        Self { name: value.text("name"), regexp: Regexp::new(value.text("pattern")) }
    }
}

impl Ranges {
    /// As written.
    pub(in crate::requests) fn texts(&self) -> Vec<String> {
        self.known.iter().map(ToString::to_string).chain(self.open.iter().cloned()).collect()
    }

    pub(in crate::requests) fn new(texts: Vec<String>) -> Self {
        let mut ranges = Self::default();
        for text in texts {
            match Range::parse(&text) {
                Some(range) => ranges.known.push(range),
                None => ranges.open.push(text),
            }
        }
        ranges
    }
}

impl FileMatcher {
    fn decode(value: &Value) -> Self {
        let or = |text: String, default: &str| if text.is_empty() { default.to_owned() } else { text };
        Self {
            root: or(value.text("root"), "{http.vars.root}"),
            file_system: or(value.text("fs"), "{http.vars.fs}"),
            try_files: match value.at("try_files") {
                Value::Null => vec!["{http.request.uri.path}".to_owned()],
                list => texts(list),
            },
            policy: match value.text("try_policy").as_str() {
                "first_exist_fallback" => TryPolicy::FirstOrLast,
                "largest_size" => TryPolicy::Largest,
                "smallest_size" => TryPolicy::Smallest,
                "most_recently_modified" => TryPolicy::Newest,
                _ => TryPolicy::First,
            },
            split: value.texts("split_path"),
        }
    }
}

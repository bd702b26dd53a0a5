//! From Caddy's JSON to routes and handlers.

use serde_json::Value;

use caddyctl_language::config;
use caddyctl_language::config::Trace;
use caddyctl_language::source::secrets::UNREAD;

use super::fields::{Json, texts};
use super::files::FileServer;
use super::headers::{Headers, ResponseMatcher};
use super::matchers::MatcherSet;
use super::proxy::{Proxy, ResponseHandler};
use super::rewrite::Rewrite;
use super::route::{Encode, Handler, Kind, Login, Map, Mapping, Place, Respond, Route, Templates};
use crate::requests::regexp::Regexp;

/// The types that `encode` compresses, where the configuration does not say: the list of Caddy's documentation.
const COMPRESSED_TYPES: [&str; 35] = [
    "application/atom+xml*",
    "application/eot*",
    "application/font*",
    "application/geo+json*",
    "application/graphql+json*",
    "application/graphql-response+json*",
    "application/javascript*",
    "application/json*",
    "application/ld+json*",
    "application/manifest+json*",
    "application/opentype*",
    "application/otf*",
    "application/rss+xml*",
    "application/truetype*",
    "application/ttf*",
    "application/vnd.api+json*",
    "application/vnd.ms-fontobject*",
    "application/wasm*",
    "application/x-httpd-cgi*",
    "application/x-javascript*",
    "application/x-opentype*",
    "application/x-otf*",
    "application/x-perl*",
    "application/x-protobuf*",
    "application/x-ttf*",
    "application/xhtml+xml*",
    "application/xml*",
    "font/ttf*",
    "font/otf*",
    "image/svg+xml*",
    "image/vnd.microsoft.icon*",
    "image/x-icon*",
    "multipart/bag*",
    "multipart/mixed*",
    "text/*",
];

/// The smallest response that `encode` compresses, where the configuration does not say (bytes).
const MINIMUM: usize = 512;

/// A route at the top of a server before it is decoded.
#[derive(Clone, Copy, Debug)]
pub(in crate::requests) enum Raw<'c> {
    /// From Caddy's JSON.
    Json(&'c Value),
    /// From a Caddyfile.
    Compiled(&'c config::Route, Trace<'c>),
    /// Made by Caddy itself, and decoded.
    Made,
}

impl Raw<'_> {
    /// The hosts that it asks for; `None` where one of its sets takes any.
    pub(super) fn hosts(&self) -> Option<Vec<String>> {
        let mut all = Vec::new();
        match self {
            Self::Json(route) => {
                let sets = route.list("match");
                if sets.is_empty() {
                    return None;
                }
                for set in sets {
                    all.extend(texts(set.get("host")?));
                }
            }
            Self::Compiled(route, _) => {
                if route.matchers.is_empty() {
                    return None;
                }
                for set in &route.matchers {
                    let hosts = set.get("host")?.as_array()?;
                    all.extend(hosts.iter().filter_map(|host| host.as_str().map(str::to_owned)));
                }
            }
            Self::Made => return None,
        }
        Some(all)
    }

    /// The hosts that any of its sets asks for.
    pub(super) fn all_hosts(&self) -> Vec<String> {
        match self {
            Self::Json(route) => {
                route.list("match").iter().filter_map(|set| set.get("host")).flat_map(texts).collect()
            }
            Self::Compiled(route, _) => {
                let sets = route.matchers.iter().filter_map(|set| set.get("host")?.as_array());
                sets.flatten().filter_map(|host| host.as_str().map(str::to_owned)).collect()
            }
            Self::Made => Vec::new(),
        }
    }

    /// The route.
    pub(super) fn decode(&self, pointer: &str) -> Route {
        match self {
            Self::Json(value) => route(value, pointer, None),
            Self::Compiled(compiled, trace) => {
                route(&serde_json::to_value(compiled).unwrap_or_default(), pointer, Some(*trace))
            }
            Self::Made => Route::default(),
        }
    }
}

/// A list of routes.
pub(super) fn routes(value: &Value, pointer: &str, trace: Option<Trace<'_>>) -> Vec<Route> {
    let list = value.as_array().map_or(&[][..], Vec::as_slice);
    let one = |(number, value): (usize, &Value)| {
        let key = number.to_string();
        route(value, &format!("{pointer}/{key}"), trace.map(|trace| trace.step(&key)))
    };
    list.iter().enumerate().map(one).collect()
}

/// One route.
pub(super) fn route(value: &Value, pointer: &str, trace: Option<Trace<'_>>) -> Route {
    let below = trace.map(|trace| trace.step("handle"));
    let handlers = value.list("handle").iter().enumerate().map(|(number, value)| {
        let key = number.to_string();
        handler(value, format!("{pointer}/handle/{key}"), below.map(|trace| trace.step(&key)))
    });
    Route {
        group: Some(value.text("group")).filter(|group| !group.is_empty()),
        sets: MatcherSet::decode_all(value.at("match")),
        handlers: handlers.collect(),
        terminal: value.flag("terminal"),
        place: Place { pointer: pointer.to_owned(), span: trace.and_then(Trace::span) },
    }
}

fn handler(value: &Value, pointer: String, trace: Option<Trace<'_>>) -> Handler {
    let kind = kind(value, &pointer, trace);
    let name = value.text("handler");
    Handler { kind, name, place: Place { pointer, span: trace.and_then(Trace::span) } }
}

fn kind(value: &Value, pointer: &str, trace: Option<Trace<'_>>) -> Kind {
    let name = value.text("handler");
    let nested =
        |key: &str| routes(value.at(key), &format!("{pointer}/{key}"), trace.map(|trace| trace.step(key)));
    match name.as_str() {
        "subroute" => {
            let errors = value.at("errors");
            Kind::Subroute {
                routes: nested("routes"),
                errors: errors
                    .is_object()
                    .then(|| routes(errors.at("routes"), &format!("{pointer}/errors/routes"), trace)),
            }
        }
        "static_response" => Kind::Respond(Respond {
            status: value.text("status_code"),
            headers: value
                .pairs("headers")
                .into_iter()
                .map(|(name, values)| (name.to_owned(), texts(values)))
                .collect(),
            body: value.text("body"),
            close: value.flag("close"),
            abort: value.flag("abort"),
        }),
        "error" => Kind::Error { status: value.text("status_code"), message: value.text("error") },
        "headers" => Kind::Headers(Box::new(Headers::decode(value))),
        "rewrite" => Kind::Rewrite(Box::new(Rewrite::decode(value))),
        "reverse_proxy" => Kind::Proxy(Box::new(Proxy::decode(value, responses(value, pointer, trace)))),
        "copy_response" => Kind::CopyResponse { status: value.text("status_code") },
        "copy_response_headers" => {
            Kind::CopyResponseHeaders { include: value.texts("include"), exclude: value.texts("exclude") }
        }
        "file_server" => Kind::Files(Box::new(FileServer::decode(value))),
        "vars" => {
            let object = value.as_object();
            let pairs = object.into_iter().flatten().filter(|(name, _)| *name != "handler");
            Kind::Vars(pairs.map(|(name, value)| (name.clone(), value.clone())).collect())
        }
        "map" => Kind::Map(Box::new(map(value))),
        "encode" => Kind::Encode(Box::new(encode(value))),
        "templates" => Kind::Templates(templates(value)),
        "intercept" => Kind::Intercept(responses(value, pointer, trace)),
        // Of a plugin's logins only the name is known.
        "authentication" if !value.at(UNREAD).is_null() => Kind::Unknown(name),
        "authentication" => Kind::Login(Box::new(login(value))),
        "request_body" => Kind::RequestBody {
            max_size: u64::try_from(value.number("max_size")).unwrap_or(0),
            set: value.text("set"),
        },
        "invoke" => Kind::Invoke(value.text("name")),
        "log_append" => Kind::Nothing("adds a field to the log"),
        "timeouts" => Kind::Nothing("sets time limits"),
        "push" => Kind::Nothing("pushes over HTTP/2 only"),
        "tracing" => Kind::Tracing,
        "" => Kind::Nothing("does nothing"),
        _ => Kind::Unknown(name),
    }
}

fn responses(value: &Value, pointer: &str, trace: Option<Trace<'_>>) -> Vec<ResponseHandler> {
    let one = |(number, value): (usize, &Value)| {
        let list = value.at("routes");
        ResponseHandler {
            matcher: ResponseMatcher::decode(value.at("match")),
            status: value.text("status_code"),
            routes: list
                .is_array()
                .then(|| routes(list, &format!("{pointer}/handle_response/{number}/routes"), trace)),
        }
    };
    value.list("handle_response").iter().enumerate().map(one).collect()
}

fn map(value: &Value) -> Map {
    let braces = |name: &String| name.trim_matches(['{', '}']).to_owned();
    let mappings = value.list("mappings").iter().map(|line| {
        let pattern = line.text("input_regexp");
        let outputs = line.list("outputs").iter().map(|output| match output {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(super::fields::scalar(other)),
        });
        Mapping {
            input: line.text("input"),
            regexp: (!pattern.is_empty()).then(|| Regexp::new(pattern)),
            outputs: outputs.collect(),
        }
    });
    Map {
        source: value.text("source"),
        destinations: value.texts("destinations").iter().map(braces).collect(),
        mappings: mappings.collect(),
        defaults: value.texts("defaults"),
    }
}

fn encode(value: &Value) -> Encode {
    let minimum = usize::try_from(value.number("minimum_length")).unwrap_or(0);
    let types = COMPRESSED_TYPES.iter().map(|kind| (*kind).to_owned()).collect();
    Encode {
        encodings: value.pairs("encodings").into_iter().map(|(name, _)| name.to_owned()).collect(),
        prefer: value.texts("prefer"),
        minimum: if minimum == 0 { MINIMUM } else { minimum },
        matcher: ResponseMatcher::decode(value.at("match")).unwrap_or_else(|| ResponseMatcher {
            status: Vec::new(),
            headers: vec![("Content-Type".to_owned(), Some(types))],
        }),
    }
}

fn templates(value: &Value) -> Templates {
    let types = value.texts("mime_types");
    let default = || ["text/html", "text/plain", "text/markdown"].map(str::to_owned).to_vec();
    let delimiters = value.texts("delimiters");
    Templates {
        types: if types.is_empty() { default() } else { types },
        delimiters: match delimiters.as_slice() {
            [open, close] => Some((open.clone(), close.clone())),
            _ => None,
        },
    }
}

fn login(value: &Value) -> Login {
    let providers = value.at("providers");
    let basic = providers.at("http_basic");
    let accounts = basic.list("accounts").iter();
    let algorithm = basic.at("hash").text("algorithm");
    Login {
        providers: value.pairs("providers").len(),
        algorithm: if algorithm.is_empty() { "bcrypt".to_owned() } else { algorithm },
        realm: basic.text("realm"),
        accounts: accounts.map(|account| (account.text("username"), account.text("password"))).collect(),
    }
}

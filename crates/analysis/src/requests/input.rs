//! A request as a caller describes it.

use std::collections::BTreeMap;

use serde_json::Value;

/// A request, as its bytes would be sent, and what is assumed about those who are asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whether it goes over TLS.
    pub tls: bool,
    /// The value of the Host header; `None` without such a header.
    pub host: Option<String>,
    /// The method, as sent.
    pub method: String,
    /// The target, as sent.
    pub target: String,
    /// Header fields in order, apart from Host.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// The port that is connected to; the HTTP or HTTPS port without one.
    pub port: Option<u16>,
    /// The TLS server name; by default the host, unless that is an address.
    pub sni: Option<String>,
    /// The address of the client.
    pub from: String,
    /// The address that is connected to.
    pub to: String,
    /// The version of HTTP, such as `1.1`.
    pub version: String,
    /// What upstreams answer, by the address that is dialled. Others answer 200.
    pub replies: BTreeMap<String, Reply>,
}

/// The body that an upstream is assumed to send. Only its kind and that it is short are known.
const ASSUMED_BODY: &str = "{\"assumed\":true}";

/// What an upstream answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Whether nothing listens there.
    pub refused: bool,
    /// The status.
    pub status: i64,
    /// Header fields in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            tls: false,
            host: None,
            method: "GET".to_owned(),
            target: "/".to_owned(),
            headers: Vec::new(),
            body: String::new(),
            port: None,
            sni: None,
            from: "127.0.0.1".to_owned(),
            to: "127.0.0.1".to_owned(),
            version: "1.1".to_owned(),
            replies: BTreeMap::new(),
        }
    }
}

impl Default for Reply {
    fn default() -> Self {
        Self {
            refused: false,
            status: 200,
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body: ASSUMED_BODY.to_owned(),
        }
    }
}

/// Why a description is none: where in it, and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: expected {expected}")]
pub struct Malformed {
    /// The JSON pointer of the part.
    pub at: String,
    /// What was expected.
    pub expected: &'static str,
}

impl Request {
    /// Reads a request from JSON.
    ///
    /// # Errors
    ///
    /// A field that has another kind of value than it may have.
    pub fn of_json(value: &Value, pointer: &str) -> Result<Self, Malformed> {
        let fault = |name: &str, expected| Malformed { at: format!("{pointer}{name}"), expected };
        let fields = value.as_object().ok_or_else(|| fault("", "an object that describes a request"))?;
        let text = |name: &str| match fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(fault(&format!("/{name}"), "a text")),
        };
        let mut request = Self::default();
        request.tls = match text("scheme")?.as_deref() {
            None | Some("http") => false,
            Some("https") => true,
            Some(_) => return Err(fault("/scheme", "`http` or `https`")),
        };
        request.host = text("host")?;
        request.sni = text("sni")?;
        request.method = text("method")?.unwrap_or(request.method);
        request.target = text("target")?.unwrap_or(request.target);
        request.body = text("body")?.unwrap_or_default();
        request.from = text("from")?.unwrap_or(request.from);
        request.to = text("to")?.unwrap_or(request.to);
        request.version = text("http_version")?.unwrap_or(request.version);
        request.port = match fields.get("port") {
            None | Some(Value::Null) => None,
            Some(Value::String(port)) => Some(port.parse().map_err(|_| fault("/port", "a port number"))?),
            Some(port) => {
                let port = port.as_u64().and_then(|port| u16::try_from(port).ok());
                Some(port.ok_or_else(|| fault("/port", "a port number"))?)
            }
        };
        if let Some(headers) = fields.get("headers").filter(|headers| !headers.is_null()) {
            request.headers = pairs(headers).ok_or_else(|| fault("/headers", "a list of [name, value]"))?;
        }
        if let Some(replies) = fields.get("upstream_replies").filter(|replies| !replies.is_null()) {
            let replies = replies.as_object().ok_or_else(|| {
                fault("/upstream_replies", "an object from the addresses of upstreams to their answers")
            })?;
            for (address, reply) in replies {
                let pointer =
                    format!("{pointer}/upstream_replies/{}", address.replace('~', "~0").replace('/', "~1"));
                request.replies.insert(address.clone(), Reply::of_json(reply, &pointer)?);
            }
        }
        Ok(request)
    }
}

impl Reply {
    /// Reads an answer from JSON.
    ///
    /// # Errors
    ///
    /// A field that has another kind of value than it may have.
    pub fn of_json(value: &Value, pointer: &str) -> Result<Self, Malformed> {
        let fault = |name: &str, expected| Malformed { at: format!("{pointer}{name}"), expected };
        let fields = value.as_object().ok_or_else(|| fault("", "an object that describes an answer"))?;
        let mut reply = Self::default();
        if let Some(refused) = fields.get("refused") {
            reply.refused = refused.as_bool().ok_or_else(|| fault("/refused", "true or false"))?;
        }
        if let Some(status) = fields.get("status") {
            let status = status.as_i64().filter(|status| (100..=999).contains(status));
            reply.status = status.ok_or_else(|| fault("/status", "a status code from 100 to 999"))?;
        }
        if let Some(headers) = fields.get("headers") {
            let given = pairs(headers).ok_or_else(|| fault("/headers", "header fields with their values"))?;
            let named = |name: &str| name.eq_ignore_ascii_case("Content-Type");
            let is_left_out = headers.as_object().is_some_and(|fields| fields.keys().any(|name| named(name)));
            if is_left_out || given.iter().any(|(name, _)| named(name)) {
                reply.headers.clear();
            }
            reply.headers.extend(given);
        }
        if let Some(body) = fields.get("body") {
            body.as_str().ok_or_else(|| fault("/body", "a text"))?.clone_into(&mut reply.body);
        }
        Ok(reply)
    }
}

/// Fields as a list of pairs, or as an object whose values are texts or lists of texts.
fn pairs(value: &Value) -> Option<Vec<(String, String)>> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match value {
        Value::Array(list) => list
            .iter()
            .map(|pair| match pair.as_array()?.as_slice() {
                [name, value] => Some((text(name)?, text(value)?)),
                _ => None,
            })
            .collect(),
        Value::Object(fields) => {
            let mut all = Vec::new();
            for (name, values) in fields {
                match values {
                    Value::Array(list) => {
                        for value in list {
                            all.push((name.clone(), text(value)?));
                        }
                    }
                    Value::Null => {}
                    value => all.push((name.clone(), text(value)?)),
                }
            }
            Some(all)
        }
        _ => None,
    }
}

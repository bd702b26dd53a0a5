//! Requests against the served sites: `checks.toml` says what is asked and what has to come back.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::blocking::{Client, Response};
use serde::{Deserialize, Serialize};

/// A file of checks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checks {
    /// Each `[[check]]`.
    #[serde(default)]
    pub check: Vec<Check>,
}

/// One request, and what has to come back.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What is requested: `https://example.com/path`.
    pub url: String,
    /// What the check is called; without it, method and URL.
    pub name: Option<String>,
    /// The method; `GET` without it.
    #[serde(default = "get")]
    pub method: String,
    /// Headers of the request.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Body of the request.
    pub body: Option<String>,
    /// The status that has to come; without it any below 400, or 101 for a WebSocket.
    pub status: Option<u16>,
    /// Headers of the answer and the text that each has to contain.
    #[serde(default)]
    pub expect_headers: BTreeMap<String, String>,
    /// Text that the body has to contain.
    pub contains: Option<String>,
    /// Where the answer has to redirect to.
    pub redirect: Option<String>,
    /// Whether this is a WebSocket, which has to be upgraded.
    #[serde(default)]
    pub websocket: bool,
    /// Seconds until it has to be answered; 10 without it.
    #[serde(default = "ten")]
    pub seconds: u64,
    /// How often to try again, a second later each time.
    #[serde(default)]
    pub retries: u32,
}

fn get() -> String {
    "GET".to_owned()
}

fn ten() -> u64 {
    10
}

/// How the names of the checks are reached, and what their certificates are trusted by.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Addresses that take the place of what a resolver would say: host, and where it is.
    pub resolve: Vec<(String, SocketAddr)>,
    /// Certificates in PEM to trust beside those of the system.
    pub roots: Vec<Vec<u8>>,
}

/// What came of one check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// What the check is called.
    pub name: String,
    /// What was wrong; `None` when all was as it should be.
    pub fault: Option<String>,
    /// Milliseconds that the last try took.
    pub millis: u128,
}

/// Checks that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The file is not as it should be.
    #[error("the checks cannot be understood: {0}")]
    Toml(#[from] toml::de::Error),
    /// A certificate or the TLS library.
    #[error("the checks cannot be made: {0}")]
    Client(#[from] reqwest::Error),
}

/// Understands the text of a `checks.toml`.
pub fn parse(text: &str) -> Result<Checks, VerifyError> {
    Ok(toml::from_str(text)?)
}

/// Makes all checks, side by side; outcomes are in the order of the checks.
pub fn verify(checks: &Checks, reach: &Reach) -> Result<Vec<Outcome>, VerifyError> {
    let client = client(reach)?;
    Ok(std::thread::scope(|scope| {
        let running: Vec<_> = checks.check.iter().map(|check| scope.spawn(|| run(check, &client))).collect();
        // A thread of ours does not panic; should one, its check has failed.
        let outcomes = running.into_iter().zip(&checks.check).map(|(thread, check)| {
            thread.join().unwrap_or_else(|_| Outcome {
                name: check.shown(),
                fault: Some("the check broke off".to_owned()),
                millis: 0,
            })
        });
        outcomes.collect()
    }))
}

fn client(reach: &Reach) -> Result<Client, VerifyError> {
    super::tls::prepare();
    let mut builder = Client::builder().no_proxy().http1_only().redirect(reqwest::redirect::Policy::none());
    for (host, address) in &reach.resolve {
        builder = builder.resolve(host, *address);
    }
    let mut roots = Vec::new();
    for pem in &reach.roots {
        roots.extend(reqwest::Certificate::from_pem_bundle(pem)?);
    }
    if !roots.is_empty() {
        builder = builder.tls_certs_merge(roots);
    }
    Ok(builder.build()?)
}

impl Check {
    /// What it is called.
    fn shown(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("{} {}", self.method, self.url))
    }
}

fn run(check: &Check, client: &Client) -> Outcome {
    let mut tries = 0;
    loop {
        let begun = Instant::now();
        let fault = ask(check, client).err();
        let millis = begun.elapsed().as_millis();
        if fault.is_none() || tries >= check.retries {
            return Outcome { name: check.shown(), fault, millis };
        }
        tries += 1;
        std::thread::sleep(Duration::from_secs(1));
    }
}

/// The key of the example in RFC 6455, section 1.3, and the answer to it.
const KEY: (&str, &str) = ("dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");

fn ask(check: &Check, client: &Client) -> Result<(), String> {
    let method = Method::from_bytes(check.method.as_bytes())
        .map_err(|_| format!("`{}` is no method", check.method))?;
    let url = match check.url.strip_prefix("ws") {
        Some(rest) => format!("http{rest}"),
        None => check.url.clone(),
    };
    let mut request = client.request(method, url).timeout(Duration::from_secs(check.seconds));
    for (name, value) in &check.headers {
        request = request.header(name, value);
    }
    if check.websocket {
        request = request.header("Connection", "Upgrade").header("Upgrade", "websocket");
        request = request.header("Sec-WebSocket-Version", "13").header("Sec-WebSocket-Key", KEY.0);
    }
    if let Some(body) = &check.body {
        request = request.body(body.clone());
    }
    judge(check, request.send().map_err(|error| words(&error))?)
}

fn judge(check: &Check, response: Response) -> Result<(), String> {
    let status = response.status().as_u16();
    let header = |name: &str| {
        let value =
            response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        value.unwrap_or_default()
    };
    match check.status {
        Some(wanted) if wanted != status => return Err(format!("status {status}, expected {wanted}")),
        None if check.websocket && status != 101 => return Err(format!("status {status}, expected 101")),
        None if status >= 400 => return Err(format!("status {status}")),
        _ => {}
    }
    if check.websocket && status == 101 && header("Sec-WebSocket-Accept") != KEY.1 {
        return Err("the upgrade was not answered by a WebSocket server".to_owned());
    }
    if let Some(wanted) = &check.redirect
        && header("Location") != *wanted
    {
        return Err(format!("redirects to `{}`, expected `{wanted}`", header("Location")));
    }
    for (name, wanted) in &check.expect_headers {
        let value = header(name);
        if !value.contains(wanted.as_str()) {
            return Err(format!("header {name} is `{value}`, expected `{wanted}` in it"));
        }
    }
    match &check.contains {
        Some(wanted) => {
            let body = response.text().map_err(|error| words(&error))?;
            if body.contains(wanted.as_str()) {
                Ok(())
            } else {
                Err(format!("the body does not contain `{wanted}`"))
            }
        }
        None => Ok(()),
    }
}

/// The innermost cause, which says what is wrong: a name, a certificate, a refused connection.
fn words(error: &reqwest::Error) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(next) = last.source() {
        last = next;
    }
    last.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_checks() {
        let checks = parse(
            "[[check]]\nurl = \"http://127.0.0.1:1/\"\n\n[[check]]\nname = \"chat\"\nurl = \"ws://127.0.0.1:1/\"\nwebsocket = true\n",
        )
        .unwrap();
        assert_eq!((checks.check[0].method.as_str(), checks.check[0].seconds), ("GET", 10));
        let outcomes = verify(&checks, &Reach::default()).unwrap();
        assert_eq!(
            (outcomes[0].name.as_str(), outcomes[1].name.as_str()),
            ("GET http://127.0.0.1:1/", "chat")
        );
        assert!(outcomes[0].fault.as_ref().unwrap().contains("refused"), "{outcomes:?}");
        assert!(parse("[[check]]\nurl = \"x\"\nstatsu = 1\n").is_err());
    }
}

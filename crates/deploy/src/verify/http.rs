//! A plain request of HTTP.

use std::io::Read as _;

use reqwest::Method;
use reqwest::blocking::Client;
use reqwest::header::HOST;

use super::way::{Place, Way};
use super::{Answer, Check};
use crate::process::deadline::Deadline;
use crate::tls::{self, Roots};

/// So much of a body is looked at (bytes).
const LARGEST_BODY: u64 = 4 << 20;

/// Reads a method.
pub(super) fn method(written: &str) -> Result<Method, String> {
    Method::from_bytes(written.as_bytes()).map_err(|_| format!("`{written}` is not a method"))
}

/// Asks.
pub(super) fn ask(check: &Check, way: &Way, roots: &Roots, deadline: Deadline) -> Result<Answer, String> {
    let mut url = way.url.clone();
    let mut builder = Client::builder().no_proxy().http1_only().redirect(reqwest::redirect::Policy::none());
    builder = if url.scheme() == "https" {
        builder.tls_backend_preconfigured(roots.client_config()?)
    } else {
        // A machine may have no certificates; without TLS none are needed.
        builder.tls_certs_only([])
    };
    if let Place::Unix(path) = &way.place {
        builder = builder.unix_socket(path.as_path());
    } else {
        let addresses = way.addresses()?;
        // The name of the URL is what is asked of the certificate; where it leads is known already.
        if way.tls_name.parse::<std::net::IpAddr>().is_err() {
            let wrong = || format!("`{}` is not a host name", way.tls_name);
            url.set_host(Some(&way.tls_name)).map_err(|_| wrong())?;
            // `0x7f000001` is an address in a URL, to which a connection would be made without asking where it leads.
            builder = builder.resolve_to_addrs(url.domain().ok_or_else(wrong)?, &addresses);
        } else if let Some(at) = addresses.first() {
            let _ = url.set_ip_host(at.ip());
        }
    }
    let client = builder.build().map_err(|error| words(&error))?;
    let mut request = client.request(method(&check.method)?, url).timeout(deadline.left());
    if !check.headers.keys().any(|name| name.eq_ignore_ascii_case("host")) {
        request = request.header(HOST, &way.authority);
    }
    for (name, value) in &check.headers {
        request = request.header(name, value);
    }
    if let Some(body) = &check.body {
        request = request.body(body.clone());
    }
    let response = request.send().map_err(|error| words(&error))?;
    let text = |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let status = response.status().as_u16();
    let mut body = Vec::new();
    if check.contains.is_some() || check.upstream.is_some() {
        let read = response.take(LARGEST_BODY).read_to_end(&mut body);
        read.map_err(|error| format!("the body was cut off: {error}"))?;
    }
    Ok(Answer { status, headers, body })
}

fn words(error: &reqwest::Error) -> String {
    if error.is_timeout() { "no response in time".to_owned() } else { tls::words(error) }
}

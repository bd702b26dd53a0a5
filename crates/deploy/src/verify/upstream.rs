//! Who is behind an answer: the upstream is asked the same past Caddy, and has to answer the same.

use caddyctl_analysis::checks::upstream_url;

use super::way::{Place, Way, parse};
use super::{Answer, Bounds, Check, send};
use crate::process::deadline::Deadline;
use crate::tls::Roots;

/// The way to `upstream` for the request of `check`: the site's path, and the site's name in `Host`, as Caddy passes it on.
pub(super) fn way(check: &Check, upstream: &str) -> Result<Way, String> {
    let site = parse(&check.url)?;
    let place = match upstream.strip_prefix("unix/") {
        Some(path) => Place::Unix(path.into()),
        None => Place::Resolved,
    };
    let mut url = upstream_url(upstream)?;
    url.set_path(site.path());
    url.set_query(site.query());
    let tls_name = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let host = site.host_str().unwrap_or_default();
    let authority = site.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    Ok(Way { url, tls_name, authority, place })
}

/// Asks `upstream`, when `bounds` have it.
pub(super) fn ask(
    check: &Check,
    upstream: &str,
    bounds: Option<&Bounds>,
    roots: &Roots,
    deadline: Deadline,
) -> Result<Answer, String> {
    let way = way(check, upstream)?;
    let way = match bounds {
        Some(bounds) => bounds.upstream(way, upstream)?,
        None => way,
    };
    send(check, &way, roots, deadline)
}

/// Whether `answer`, which came through Caddy, is what `upstream` says itself. A body that is another one each time, such
/// as that of metrics, is not compared.
pub(super) fn compare(
    check: &Check,
    upstream: &str,
    answer: &Answer,
    bounds: Option<&Bounds>,
    roots: &Roots,
    deadline: Deadline,
) -> Result<(), String> {
    let again = || {
        ask(check, upstream, bounds, roots, deadline)
            .map_err(|error| format!("the answer is not from the upstream {upstream}: {error}"))
    };
    let direct = again()?;
    let differs = |what: &str, is: &str, wanted: &str| {
        Err(format!(
            "the answer is not from the upstream {upstream}: its {what} is {wanted}, the site's {is}"
        ))
    };
    if direct.status != answer.status {
        return differs("status", &answer.status.to_string(), &direct.status.to_string());
    }
    let kind = "Content-Type";
    // Where the upstream names none, Go guesses one on the way through.
    if !direct.header(kind).is_empty() && direct.header(kind) != answer.header(kind) {
        return differs(kind, &format!("`{}`", answer.header(kind)), &format!("`{}`", direct.header(kind)));
    }
    if direct.body != answer.body && direct.body == again()?.body {
        return differs("body", "another one", &format!("of {} bytes", direct.body.len()));
    }
    Ok(())
}

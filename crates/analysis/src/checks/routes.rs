//! The lines of `routes`: `GET https://a.example/x -> localhost:8080`.

use super::case::{Case, Expected, base};
use super::read::Fault;
use super::{Checks, url};
use crate::requests::address;
use caddyctl_language::source::secrets;

/// What divides the request from its answer.
const ARROW: &str = "->";

/// What a line has to be.
const LINE: &str = "a line such as `GET https://example.com/x -> localhost:8080`";

/// The lines that have something, with their numbers from 0.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(number, line)| (number, line.trim()));
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// Reads all lines; those that are malformed with what was expected.
pub(super) fn read(checks: &Checks) -> Vec<Result<Case, Fault>> {
    lines(&checks.routes)
        .map(|(number, line)| {
            let line_number = checks.routes_line + number;
            let one = one(line, checks, line_number);
            one.map_err(|expected| Fault { line: line_number, column: 1, expected: expected.to_owned() })
        })
        .collect()
}

fn one(line: &str, checks: &Checks, number: usize) -> Result<Case, &'static str> {
    let (request, answer) = line.split_once(ARROW).ok_or(LINE)?;
    let words: Vec<&str> = request.split_whitespace().collect();
    let (method, written) = match words.as_slice() {
        [url] => ("GET", *url),
        [method, url] => (*method, *url),
        _ => return Err(LINE),
    };
    if !url::is_method(method) {
        return Err("a method of HTTP in front of the URL");
    }
    if !written.starts_with("http://") && !written.starts_with("https://") {
        return Err("a URL that starts with http:// or https://");
    }
    let parsed = address::request(written)?;
    let assumed = base(checks);
    let request = crate::requests::Request {
        method: method.to_owned(),
        to: assumed.to,
        from: assumed.from,
        replies: assumed.replies,
        ..parsed
    };
    let answer = answer.trim();
    let words: Vec<&str> = answer.split_whitespace().collect();
    let expected = match words.as_slice() {
        ["file", ..] => {
            let path = answer["file".len()..].trim();
            if path.is_empty() {
                return Err("the path of a file after `file`");
            }
            vec![Expected::File(path.to_owned())]
        }
        ["closed"] => vec![Expected::Closed],
        [status] if is_number(status) => vec![Expected::Status(vec![status_of(status)?])],
        [status, location] if is_number(status) => {
            vec![Expected::Status(vec![status_of(status)?]), Expected::Redirect((*location).to_owned())]
        }
        [upstream] if is_upstream(upstream) => vec![Expected::Upstream((*upstream).to_owned())],
        [upstream, target] if is_upstream(upstream) && target.starts_with('/') => {
            vec![Expected::Upstream((*upstream).to_owned()), Expected::Target((*target).to_owned())]
        }
        _ => {
            return Err("an upstream with its port, a status, a status with the address of a redirect, \
                        `file` with a path, or `closed` after `->`");
        }
    };
    let name = format!("{method} {} {ARROW} {answer}", secrets::hide_within(written));
    Ok(Case { name, line: number, request, expected, is_websocket: false })
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

fn status_of(word: &str) -> Result<u16, &'static str> {
    let status = word.parse().ok().filter(|status| (100..=999).contains(status));
    status.ok_or("a status code from 100 to 999")
}

/// Whether a word is an upstream: one with a port, or a unix socket.
fn is_upstream(word: &str) -> bool {
    if word.starts_with("unix/") {
        return true;
    }
    let rest = word.split_once("://").map_or(word, |(_, rest)| rest);
    let has_port = rest.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    url::upstream(word).is_ok() && (has_port || word.contains("://"))
}

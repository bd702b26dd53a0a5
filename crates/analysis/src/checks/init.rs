//! A first file of checks: for each route a request that reaches it, and what it gets now.

use std::collections::HashSet;

use crate::requests::{About, Aim, Answer, Facts, Place, Program, Request, address};
use caddyctl_language::source::{secrets, shown};

/// How the file begins.
const HEAD: &str = "# Requests and the answers that they get: `caddyctl test` checks them without Caddy, docs/checks.md describes the file.\n\
                    # Written by `caddyctl test --init`: each line is what the configuration does now, not what it should do.\n";

/// The text of the file. `at` gives the file and line of a route.
pub fn init(
    program: &Program<'_>,
    facts: &dyn Facts,
    at: &dyn Fn(&Place) -> Option<(String, usize)>,
) -> String {
    let (mut lines, mut checks) = (Vec::new(), Vec::new());
    let mut reached: HashSet<String> = HashSet::new();
    for aim in program.aims() {
        if reached.contains(&aim.place.pointer) {
            continue;
        }
        let place =
            at(&aim.place).map_or_else(|| aim.place.pointer.clone(), |(file, line)| format!("{file}:{line}"));
        match reaching(program, facts, &aim) {
            None => {
                let words = if aim.words.is_empty() { "every request" } else { &aim.words };
                let words = secrets::hide_within(words);
                lines.push(format!(
                    "# {}: no request was found that reaches: {}",
                    comment(&place),
                    comment(&words)
                ));
            }
            Some((request, answer)) => {
                reached.extend(answer.reached.iter().cloned());
                if request.headers.iter().any(|(name, _)| secrets::is_secret_name(name)) {
                    lines.push(format!("# {}: the request needs a secret header", comment(&place)));
                    continue;
                }
                match written(&request, &answer, facts) {
                    Err(why) => {
                        lines.push(format!("# {}: not decided offline: {}", comment(&place), comment(&why)));
                    }
                    Ok(Written::Line(line)) => lines.push(line),
                    Ok(Written::Check(text)) => checks.push(text),
                }
            }
        }
    }
    let mut out = HEAD.to_owned();
    out += &format!("routes = '''\n{}\n'''\n", lines.join("\n"));
    for check in checks {
        out += &format!("\n{check}");
    }
    out
}

/// A check as the file has it.
enum Written {
    /// A line of `routes`.
    Line(String),
    /// A `[[check]]`.
    Check(String),
}

/// The first request that reaches the route.
fn reaching(program: &Program<'_>, facts: &dyn Facts, aim: &Aim) -> Option<(Request, Answer)> {
    aim.requests.iter().find_map(|request| {
        let answer = program.trace(request, facts, true);
        let is_reached = answer.reached.contains(&aim.place.pointer)
            && answer.none.is_none_or(|none| none == crate::requests::NoAnswer::Aborted);
        is_reached.then(|| (request.clone(), answer))
    })
}

/// What the request gets now; the error says why that is not known.
fn written(request: &Request, answer: &Answer, facts: &dyn Facts) -> Result<Written, String> {
    if let Some(what) = &answer.unknown {
        return Err(what.clone());
    }
    let open = answer.undecided.iter().find(|open| {
        open.about == About::Answer || (open.about == About::Upstream && answer.answered_by.is_some())
    });
    if let Some(open) = open {
        return Err(open.what.clone());
    }
    let upstream = answer.answered_by.and_then(|number| answer.visits.get(number));
    let location = answer.location().filter(|to| is_word(to) && (300..400).contains(&answer.status));
    let status = answer.status;
    let url = address::url(request);
    let is_plain = request.headers.is_empty() && request.from == "127.0.0.1" && is_word(&url);
    if is_plain {
        let end = match (upstream, &answer.file, location) {
            _ if answer.none.is_some() => "closed".to_owned(),
            (Some(visit), ..) => visit.address.clone(),
            (None, Some(file), _) if status == 200 => {
                let here = format!("{}/", facts.working_directory());
                format!("file {}", file.strip_prefix(&here).unwrap_or(file))
            }
            (None, _, Some(to)) => format!("{status} {to}"),
            (None, ..) => status.to_string(),
        };
        let end = comment(&end);
        return Ok(Written::Line(format!("{} {url} -> {end}", request.method)));
    }
    if answer.none.is_some() {
        return Err("the connection is closed, which only a line of `routes` can expect".to_owned());
    }
    let mut text = format!("[[check]]\nurl = {}\n", quoted(&url));
    if request.method != "GET" {
        text += &format!("method = {}\n", quoted(&request.method));
    }
    if request.from != "127.0.0.1" {
        text += &format!("client = {}\n", quoted(&request.from));
    }
    if !request.headers.is_empty() {
        let pairs =
            request.headers.iter().map(|(name, value)| format!("{} = {}", quoted(name), quoted(value)));
        text += &format!("headers = {{ {} }}\n", pairs.collect::<Vec<_>>().join(", "));
    }
    match upstream {
        Some(visit) if matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE") => {
            text += &format!("upstream = {}\n", quoted(&visit.address));
        }
        Some(visit) => {
            return Err(format!("a check with this method cannot name the upstream {}", visit.address));
        }
        None => {
            text += &format!("status = {status}\n");
            if let Some(to) = location {
                text += &format!("redirect = {}\n", quoted(to));
            }
        }
    }
    Ok(Written::Check(text))
}

/// Whether a text is one visible word that no runner of a pipeline obeys, such as `##[group]`.
fn is_word(text: &str) -> bool {
    let is_obeyed = text.contains("'''") || text.contains("##");
    !text.is_empty() && !is_obeyed && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A text in a comment, or in the lines between `'''`.
fn comment(text: &str) -> String {
    shown::line(text).replace("'''", "' ' '")
}

/// A string of TOML. What cannot be seen, and what a runner of a pipeline obeys, is escaped.
fn quoted(text: &str) -> String {
    let is_letter = |c: char| c.is_alphanumeric() && shown::line(c.encode_utf8(&mut [0; 4])).chars().eq([c]);
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '#' if out.ends_with('#') => out += "\\u0023",
            ' ' => out.push(c),
            c if c.is_ascii_graphic() || is_letter(c) => out.push(c),
            c => out += &format!("\\U{:08X}", u32::from(c)),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_in_toml() {
        for (text, shown) in [
            ("/a b", r#""/a b""#),
            ("\"\\", r#""\"\\""#),
            ("ü##[x]\n", r#""ü#\u0023[x]\U0000000A""#),
            ("\u{3164}", r#""\U00003164""#),
            ("a\u{200b}\u{301}", r#""a\U0000200B\U00000301""#),
        ] {
            assert_eq!(quoted(text), shown);
            let read: toml::Table = toml::from_str(&format!("x = {shown}")).unwrap();
            assert_eq!(read["x"].as_str(), Some(text));
        }
    }
}

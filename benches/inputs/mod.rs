//! Large Caddyfiles of five kinds, as long as one likes.

#![allow(dead_code, reason = "each user takes what it needs")]

use std::fmt::Write;

/// A kind of Caddyfile: what it tries most.
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// What stands before the sites.
    head: &'static str,
    /// Writes the site of a number.
    site: fn(&mut String, usize),
}

/// The kinds.
pub const KINDS: [Kind; 5] = [
    Kind { name: "proxy", head: PROXY_HEAD, site: proxy },
    Kind { name: "flat", head: "{\n\temail ops@example.com\n}\n\n", site: flat },
    Kind { name: "wild", head: "", site: wild },
    Kind { name: "deep", head: "", site: deep },
    Kind { name: "headers", head: "", site: headers },
];

impl Kind {
    /// The kind called `name`.
    pub fn find(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// A Caddyfile of `sites` sites.
    pub fn caddyfile(&self, sites: usize) -> String {
        let mut text = self.head.to_owned();
        for number in 0..sites {
            (self.site)(&mut text, number);
        }
        text
    }
}

const PROXY_HEAD: &str = "{
	email ops@example.com
	servers {
		trusted_proxies static private_ranges
	}
}

(common) {
	encode zstd gzip
	header {
		Strict-Transport-Security max-age=31536000
		-Server
	}
}

";

/// Sites that import one snippet and pass requests on.
fn proxy(out: &mut String, number: usize) {
    handlers(out, number, "\timport common\n");
}

/// The same without imports.
fn flat(out: &mut String, number: usize) {
    let common =
        "\tencode zstd gzip\n\theader {\n\t\tStrict-Transport-Security max-age=31536000\n\t\t-Server\n\t}\n";
    handlers(out, number, common);
}

fn handlers(out: &mut String, number: usize, common: &str) {
    let (port, high, low) = (3000 + number % 1000, number / 250 % 250, number % 250);
    let _ = write!(
        out,
        "site{number}.example.com {{
{common}	handle /api/auth/* {{
		reverse_proxy localhost:{port}
	}}
	handle /health {{
		reverse_proxy localhost:{port}
	}}
	@ws path /ws /ws/*
	handle @ws {{
		reverse_proxy 10.0.{high}.{low}:8080 {{
			header_up X-Real-IP {{remote_host}}
			lb_policy least_conn
			health_uri /healthz
		}}
	}}
	handle {{
		root * /srv/site{number}
		file_server
	}}
}}
"
    );
}

/// Wildcards and exact names, client certificates, own issuers, several ports, plain HTTP.
fn wild(out: &mut String, number: usize) {
    let (tenant, high, low) = (number / 8, number / 250 % 250, number % 250);
    let _ = match number % 8 {
        0 => write!(
            out,
            "*.t{tenant}.example.net {{\n\ttls {{\n\t\tissuer internal\n\t}}\n\trespond \"t{tenant}\"\n}}\n"
        ),
        1 => write!(
            out,
            "a{number}.t{tenant}.example.net {{\n\ttls ops{}@example.net\n\trespond \"a\"\n}}\n",
            number % 5
        ),
        2 => write!(
            out,
            "b{number}.t{tenant}.example.net:{} {{
	tls {{
		protocols tls1.3
		client_auth {{
			mode request
		}}
	}}
	respond \"b\"
}}
",
            8443 + number % 3
        ),
        3 => write!(
            out,
            "http://c{number}.example.net {{\n\tredir https://c{number}.example.org{{uri}} permanent\n}}\n"
        ),
        _ => write!(
            out,
            "d{number}.example.net, www.d{number}.example.net {{\n\treverse_proxy 10.1.{high}.{low}:80\n}}\n"
        ),
    };
}

/// Twelve levels of `handle`, `route` and `handle_path`, with a named matcher.
fn deep(out: &mut String, number: usize) {
    const LEVELS: usize = 12;
    let _ = write!(out, "deep{number}.example.com {{\n\t@get method GET HEAD\n");
    for level in 0..LEVELS {
        let word = ["handle", "route", "handle_path"][level % 3];
        let tabs = "\t".repeat(level + 1);
        let _ = if word == "handle_path" || level % 2 == 1 {
            writeln!(out, "{tabs}{word} /l{level}/* {{")
        } else {
            writeln!(out, "{tabs}{word} @get {{")
        };
    }
    let _ = writeln!(out, "{}respond \"{number}\"", "\t".repeat(LEVELS + 1));
    for level in (0..=LEVELS).rev() {
        let _ = writeln!(out, "{}}}", "\t".repeat(level));
    }
}

/// Many operations on header fields, with placeholders and characters that JSON escapes.
fn headers(out: &mut String, number: usize) {
    let _ = write!(out, "h{number}.example.com {{\n\theader {{\n");
    for field in 0..12 {
        let _ = if field % 3 == 1 {
            writeln!(out, "\t\t-X-Header-{field}")
        } else {
            let operator = ["+", "", "?"][field % 3];
            writeln!(
                out,
                "\t\t{operator}X-Header-{field} \"{{http.request.host}} {field} <{number}> & {{query.q{field}}}\""
            )
        };
    }
    let port = 3000 + number % 1000;
    let _ = write!(
        out,
        "	}}
	request_header X-Site {number}
	reverse_proxy localhost:{port} {{
		header_up Host {{upstream_hostport}}
		header_down -X-Powered-By
	}}
}}
"
    );
}

//! What stands behind a name: values that fit its syntax and, now and then, some that do not.

use super::Writer;

const PATHS: &[&str] = &["/", "/a", "/a*", "/a/*", "/abc/*", "/b.php", "/x*", "/x/y/z", "\"/quoted\"", "/a"];

impl Writer {
    /// Arguments for a syntax such as `name [<matcher>] <to> [<code>|permanent]`.
    pub(super) fn arguments(&mut self, name: &str, syntax: &str) -> String {
        let line = syntax.split('{').next().unwrap_or("");
        let mut words: Vec<&str> = line.split_whitespace().collect();
        if words.first() == Some(&name) {
            words.remove(0);
        }
        let mut out = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let mut item = words[at].to_owned();
            while item.matches('[').count() > item.matches(']').count() && at + 1 < words.len() {
                at += 1;
                item.push(' ');
                item.push_str(words[at]);
            }
            at += 1;
            if (item.starts_with('[') && self.random.one_in(2)) || self.random.one_in(80) {
                continue;
            }
            let inner = item.replace(['[', ']'], "").replace("@name", "@ok");
            for part in inner.split(' ') {
                let choices: Vec<&str> = part.split('|').collect();
                let choice = self.random.pick(&choices).to_owned();
                let repeats = if choice.contains("...") { 1 + self.random.below(3) } else { 1 };
                for _ in 0..repeats {
                    let value = self.value(&choice.replace("...", ""));
                    out.push(value);
                }
            }
        }
        if self.random.one_in(80) {
            let extra = self.value("<text>");
            out.push(extra);
        }
        out.retain(|word| !word.is_empty());
        out.join(" ")
    }

    /// A value for `<name>`, or the word itself.
    fn value(&mut self, item: &str) -> String {
        let Some((start, rest)) = item.split_once('<') else { return item.to_owned() };
        let name = rest.split('>').next().unwrap_or("");
        let after = rest.split_once('>').map_or("", |(_, after)| after);
        if !after.is_empty() || !start.is_empty() {
            // `<key>=<value>` and the like.
            let first = self.plain_value(name);
            let second = if after.contains('<') { self.value(after) } else { after.to_owned() };
            return format!("{start}{first}{second}");
        }
        if self.random.one_in(40) {
            return self.variable();
        }
        if self.random.one_in(40) {
            let odd =
                ["\"\"", "`a b`", "{env.X}", "-1", "0", "x", "{path}", "é", "\"a\\\"b\"", "<<E\nx\nE", "\\"];
            return self.random.pick(&odd).to_owned();
        }
        self.plain_value(name)
    }

    fn plain_value(&mut self, name: &str) -> String {
        let has = |part: &str| name.contains(part);
        if name == "matcher" {
            if !self.matchers.is_empty() && self.random.one_in(3) {
                return self.matchers[self.random.below(self.matchers.len())].to_owned();
            }
            return self.random.pick(PATHS).to_owned();
        }
        let pool: &[&str] = match name {
            // Paths stand where a directive may take nothing else.
            "path" if self.depth == 0 => &["/srv/www", "/a/*", "/static*", "/api/*"],
            "name" if self.has_route && self.random.one_in(2) => &["app"],
            "path" | "files" | "file" | "folder" | "folders" | "root" | "template" => {
                &["/srv/www", "/index.html", "{path}", "/a.pem", "./x.html", "/static/*"]
            }
            "uri" | "to" | "resource" | "target" => {
                &["/index.html", "/a?b=c", "https://example.com{uri}", "{path}/x", "/y"]
            }
            "directive" => &["respond", "header", "redir", "tracing"],
            "status" | "code" | "codes" | "statuses" => &["200", "404", "301", "503", "418", "308", "5xx"],
            "ratio" => &["0.3", "0.5", "0.9"],
            "level" => &["5", "1", "default", "INFO", "DEBUG"],
            "bits" => &["16", "32", "64"],
            "method" | "methods" => &["GET", "POST", "get", "{method}"],
            "filesystem" => &["assets"],
            _ if has("duration") || has("timeout") || has("interval") || has("delay") => {
                &["1s", "500ms", "1h30m", "2d", "0", "100h", "0s", "1.5d"]
            }
            _ if has("size") || has("bytes") => &["10MB", "1GiB", "512", "1.5kb", "0", "64Ki"],
            _ if has("upstream") || has("address") || has("host:port") => &[
                "localhost:8080",
                "10.0.0.1:80",
                "127.0.0.1:9000",
                "unix//run/a.sock",
                ":9000",
                "localhost:8080-8082",
                "a",
                "https://example.com",
            ],
            _ if has("range") || has("cidr") => &["10.0.0.0/8", "private_ranges", "192.0.2.1", "::1/128"],
            _ if has("host") || has("domain") || has("subject") => {
                &["example.com", "*.example.com", "localhost"]
            }
            _ if has("field") || has("header") => {
                &["X-One", "-X-Two", "+x-three", ">X-Five", "Host", "x_under", "X-A:"]
            }
            _ if has("pattern") || has("regex") => &["^/a", "(.*)\\.php$", "[a-z]+", "a|b"],
            _ if has("number") || has("count") || has("limit") || has("port") || has("int") => {
                &["1", "5", "42", "0", "8443", "10"]
            }
            _ if has("url") || has("endpoint") || has("directory") => {
                &["https://example.com/x", "http://localhost:9000"]
            }
            _ if has("email") => &["ops@example.com"],
            _ if has("protocol") => &["h1", "h2", "h3", "tls1.2", "tls1.3", "https"],
            _ if has("cel") => &["{method}==\"GET\"", "`{path}.startsWith(\"/a\")`"],
            _ => &[
                "text",
                "\"two words\"",
                "name",
                "{host}",
                "on",
                "off",
                "a=b",
                "$1",
                "example",
                "`raw`",
                "10",
                "1.5",
            ],
        };
        self.random.pick(pool).to_owned()
    }
}

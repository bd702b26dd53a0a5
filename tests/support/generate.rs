//! Caddyfiles composed from the tables: a directive that is declared is generated, with its subdirectives and values
//! that fit (and, now and then, values that do not).

use caddyctl::spec::{Kind, MatcherModule, ModuleSpec, Row};
use caddyctl::{directives, matchers, modules, options};

/// A small generator of random numbers (xorshift64*), so that a seed gives the same file everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % limit.max(1)
    }

    /// True once in `n`.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// A Caddyfile for `seed`.
pub fn caddyfile(seed: u64) -> String {
    let mut writer = Writer {
        random: Random::new(seed),
        out: String::new(),
        indent: 0,
        depth: 0,
        matchers: Vec::new(),
        has_snippet: false,
        has_route: false,
    };
    writer.file();
    let mut text = writer.out;
    if writer.random.one_in(5) {
        text = spoil(&mut writer.random, &text);
    }
    text
}

/// Whether the file changes the order of directives, which a running Caddy would remember.
pub fn changes_order(text: &str) -> bool {
    text.contains("order")
}

struct Writer {
    random: Random,
    out: String,
    indent: usize,
    depth: usize,
    /// The matchers that may be named here.
    matchers: Vec<&'static str>,
    has_snippet: bool,
    has_route: bool,
}

const ADDRESSES: &[&str] = &[
    "example.com",
    "www.example.com",
    "*.example.com",
    "sub.a.example.com",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "http://example.com",
    "https://example.org",
    "http://",
    "https://",
    ":80",
    ":443",
    ":8080",
    "example.com:8443",
    "http://example.net:8080",
    "example.com/path",
    "internal.local",
    "*.internal.test",
    "{env.HOST}",
    "EXAMPLE.org",
    "a.b.ts.net",
    "*",
    "example.com:80",
    "http://localhost:2015",
    "10.0.0.1:443",
];

const PATHS: &[&str] = &["/", "/a", "/a*", "/a/*", "/abc/*", "/b.php", "/x*", "/x/y/z", "\"/quoted\"", "/a"];

/// The modules that a subdirective or option names.
fn modules_of(name: &str) -> Option<&'static [&'static ModuleSpec]> {
    Some(match name {
        "output" => modules::writer::NAMESPACE.all,
        "format" | "wrap" => modules::encoder::NAMESPACE.all,
        "lb_policy" | "fallback" => modules::selection::NAMESPACE.all,
        "transport" => modules::transport::NAMESPACE.all,
        "dynamic" => modules::upstreams::NAMESPACE.all,
        "issuer" | "cert_issuer" => modules::issuer::NAMESPACE.all,
        "get_certificate" => modules::certificate_manager::NAMESPACE.all,
        "permission" => modules::permission::NAMESPACE.all,
        "trust_pool" | "tls_trust_pool" => modules::trust_pool::NAMESPACE.all,
        "verifier" => modules::client_verifier::NAMESPACE.all,
        "storage" => modules::storage::NAMESPACE.all,
        "trusted_proxies" => modules::ip_source::NAMESPACE.all,
        "network_proxy" => modules::network_proxy::NAMESPACE.all,
        "core" => modules::log_core::NAMESPACE.all,
        _ => return None,
    })
}

impl Writer {
    fn line(&mut self, text: &str) {
        for _ in 0..self.indent {
            self.out.push('\t');
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn open(&mut self, text: &str) {
        self.line(&format!("{text} {{"));
        self.indent += 1;
    }

    fn close(&mut self) {
        self.indent -= 1;
        self.line("}");
    }

    fn file(&mut self) {
        if self.random.one_in(3) {
            self.global_options();
        }
        if self.random.one_in(4) {
            self.open("(snippet)");
            self.directive(true);
            if self.random.one_in(2) {
                self.line("respond {args[0]} \"{args[1]}\"");
            }
            if self.random.one_in(3) {
                self.line("{block}");
            }
            self.close();
            self.has_snippet = true;
        }
        if self.random.one_in(6) {
            self.open("&(app)");
            self.directive(true);
            if self.random.one_in(2) {
                self.directive(true);
            }
            self.close();
            self.has_route = true;
        }
        for _ in 0..=self.random.below(2) {
            self.site();
        }
    }

    fn global_options(&mut self) {
        self.line("{");
        self.indent += 1;
        for _ in 0..=self.random.below(3) {
            let option = options::ALL[self.random.below(options::ALL.len())];
            // Nothing of the stock build can follow these.
            if matches!(option.name, "dns" | "acme_dns" | "filesystem") && !self.random.one_in(10) {
                continue;
            }
            self.statement(option.name, option.syntax, option.rows);
        }
        self.close();
    }

    fn site(&mut self) {
        let mut keys = vec![self.random.pick(ADDRESSES)];
        while self.random.one_in(3) {
            keys.push(self.random.pick(ADDRESSES));
        }
        self.open(&keys.join(", "));
        self.matchers.clear();
        for name in ["@one", "@two"] {
            if self.random.one_in(2) {
                self.matcher(name);
                self.matchers.push(name);
            }
        }
        if self.has_snippet && self.random.one_in(2) {
            if self.random.one_in(3) {
                self.open("import snippet /a b");
                self.directive(true);
                self.close();
            } else {
                self.line("import snippet /a b");
            }
        }
        for _ in 0..=self.random.below(3) {
            self.directive(false);
        }
        self.close();
    }

    fn matcher(&mut self, name: &str) {
        if self.random.one_in(2) {
            let matcher = self.matcher_module();
            let args = self.arguments(matcher.name, matcher.syntax);
            return self.block_of(&format!("{name} {} {args}", matcher.name), matcher.rows);
        }
        self.open(name);
        for _ in 0..=self.random.below(2) {
            let matcher = self.matcher_module();
            self.statement(matcher.name, matcher.syntax, matcher.rows);
        }
        self.close();
    }

    fn matcher_module(&mut self) -> &'static MatcherModule {
        matchers::ALL[self.random.below(matchers::ALL.len())]
    }

    fn directive(&mut self, nested: bool) {
        loop {
            let directive = directives::ALL[self.random.below(directives::ALL.len())];
            let only_in_sites = matches!(directive.name, "bind" | "log" | "tls" | "handle_errors");
            let missing = directive.name == "invoke" && !self.has_route;
            if !((nested && only_in_sites) || missing) || self.random.one_in(60) {
                return self.statement(directive.name, directive.syntax, directive.rows);
            }
        }
    }

    /// A line of `name` with arguments that fit its syntax, and a block of its rows or of directives.
    fn statement(&mut self, name: &str, syntax: &str, rows: &[Row]) {
        // `uri strip_prefix <prefix>`: the rows are operations that stand on the line.
        if name == "uri"
            && let Some(row) = rows.get(self.random.below(rows.len()))
        {
            let args = self.arguments(row.name, row.args);
            return self.line(&format!("uri {} {args}", row.name));
        }
        if let Some(modules) = modules_of(name).filter(|modules| !modules.is_empty()) {
            return self.module(name, modules);
        }
        if name == "not" || name == "lb_retry_match" {
            let matcher = self.matcher_module();
            let args = self.arguments(matcher.name, matcher.syntax);
            return self.block_of(&format!("{name} {} {args}", matcher.name), matcher.rows);
        }
        let args = self.arguments(name, syntax);
        let head = format!("{name} {args}").trim_end().to_owned();
        if syntax.contains("<directives...>") {
            return self.directives_in(&head);
        }
        self.block_of(&head, rows);
    }

    fn module(&mut self, name: &str, modules: &[&'static ModuleSpec]) {
        let module = modules[self.random.below(modules.len())];
        let args = self.arguments(module.name, module.syntax);
        self.depth += 1;
        self.block_of(format!("{name} {} {args}", module.name).trim_end(), module.rows);
        self.depth -= 1;
    }

    fn directives_in(&mut self, head: &str) {
        if self.depth >= 3 || self.random.one_in(8) {
            return self.line(head);
        }
        self.depth += 1;
        self.open(head);
        for _ in 0..=self.random.below(2) {
            self.directive(true);
        }
        self.close();
        self.depth -= 1;
    }

    /// A line, and a block of some of its rows.
    fn block_of(&mut self, head: &str, rows: &[Row]) {
        // Their blocks say again what the line says.
        let says_twice =
            (head.starts_with("respond ") || head.starts_with("error ")) && !self.random.one_in(8);
        if rows.is_empty() || self.depth > 4 || says_twice || self.random.one_in(3) {
            return self.line(head);
        }
        self.open(head);
        if head.starts_with("forward_auth") && !self.random.one_in(10) {
            self.line("uri /auth");
        }
        let has_answers = rows.iter().any(|row| row.name == "@name");
        if has_answers && self.random.one_in(3) {
            self.line("@ok status 2xx");
        }
        let mut used = Vec::new();
        for _ in 0..=self.random.below(4) {
            let at = self.random.below(rows.len());
            if used.contains(&at) && !self.random.one_in(8) {
                continue;
            }
            used.push(at);
            self.row(&rows[at]);
        }
        self.close();
    }

    fn row(&mut self, row: &Row) {
        let args = self.arguments(row.name, row.args);
        let head = format!("{} {args}", row.name).trim_end().to_owned();
        match (row.kind, modules_of(row.name)) {
            (Kind::Block(rows) | Kind::CustomBlock(_, rows), _) => self.block_of(&head, rows),
            (Kind::Module(namespace), _) if !namespace.all.is_empty() => self.module(row.name, namespace.all),
            (_, Some(modules)) if row.args.starts_with('<') => self.module(row.name, modules),
            _ if row.name == "lb_retry_match" => self.statement(row.name, row.args, &[]),
            _ if row.name == "uri" && row.args == "<uri>" && !self.random.one_in(10) => {
                self.line("method GET");
            }
            _ if row.name == "@name" => self.line("@name header X-Accel-Redirect *"),
            _ if row.args.contains("<directives...>") => self.directives_in(&head),
            _ => self.line(&head),
        }
    }

    /// Arguments for a syntax such as `name [<matcher>] <to> [<code>|permanent]`.
    fn arguments(&mut self, name: &str, syntax: &str) -> String {
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

/// One small mistake of the kind that people make.
fn spoil(random: &mut Random, text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = random.below(lines.len());
    match random.below(9) {
        0 => drop(lines.remove(at)),
        1 => lines[at].push_str(" {"),
        2 => lines[at] = lines[at].replace(['{', '}'], ""),
        3 => lines[at].push_str(" \""),
        4 => lines.insert(at, "}".to_owned()),
        5 => {
            let word: String = lines[at].chars().filter(|c| *c != 'e').collect();
            lines[at] = word;
        }
        6 => lines[at].push_str(" }"),
        7 => {
            let line = lines[at].clone();
            lines.insert(at, line);
        }
        _ => lines[at].push_str(" \\"),
    }
    lines.join("\n") + if random.one_in(3) { "" } else { "\n" }
}

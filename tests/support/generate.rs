//! Caddyfiles composed from the tables: a directive that is declared is generated, with its subdirectives and values
//! that fit (and, now and then, values that do not).

use caddyctl::spec::{Kind, Row};
use caddyctl::{directives, matchers, options};

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

const PATHS: &[&str] =
    &["/", "/a", "/a*", "/a/*", "/abc/*", "/b.php", "*", "@one", "@two", "/x/y/z", "\"/quoted\"", "@missing"];

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
        if self.random.one_in(2) {
            self.global_options();
        }
        if self.random.one_in(4) {
            self.open("(snippet)");
            self.directive();
            if self.random.one_in(2) {
                self.line("respond {args[0]} \"{args[1]}\"");
            }
            if self.random.one_in(3) {
                self.line("{block}");
            }
            self.close();
        }
        if self.random.one_in(6) {
            self.open("&(route)");
            self.directive();
            self.close();
        }
        for _ in 0..=self.random.below(3) {
            self.site();
        }
    }

    fn global_options(&mut self) {
        self.line("{");
        self.indent += 1;
        for _ in 0..=self.random.below(3) {
            let option = options::ALL[self.random.below(options::ALL.len())];
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
        if self.random.one_in(2) {
            self.matcher("@one");
        }
        if self.random.one_in(3) {
            self.matcher("@two");
        }
        if self.random.one_in(5) {
            self.line("import snippet /a b");
        }
        for _ in 0..=self.random.below(4) {
            self.directive();
        }
        self.close();
    }

    fn matcher(&mut self, name: &str) {
        let pick = |random: &mut Random| matchers::ALL[random.below(matchers::ALL.len())];
        if self.random.one_in(2) {
            let matcher = pick(&mut self.random);
            let (args, _) = self.arguments(matcher.syntax);
            self.statement_with(&format!("{name} {} {args}", matcher.name), matcher.rows);
            return;
        }
        self.open(name);
        for _ in 0..=self.random.below(2) {
            let matcher = pick(&mut self.random);
            self.statement(matcher.name, matcher.syntax, matcher.rows);
        }
        self.close();
    }

    fn directive(&mut self) {
        let directive = directives::ALL[self.random.below(directives::ALL.len())];
        self.statement(directive.name, directive.syntax, directive.rows);
    }

    /// A line of `name` with arguments that fit its syntax, and a block of its rows.
    fn statement(&mut self, name: &str, syntax: &str, rows: &[Row]) {
        let (args, nests) = self.arguments(syntax);
        let head = format!("{name} {args}").trim_end().to_owned();
        if !nests {
            return self.statement_with(&head, rows);
        }
        if self.depth >= 3 || self.random.one_in(8) {
            return self.line(&head);
        }
        self.depth += 1;
        self.open(&head);
        for _ in 0..=self.random.below(2) {
            self.directive();
        }
        self.close();
        self.depth -= 1;
    }

    fn statement_with(&mut self, head: &str, rows: &[Row]) {
        if rows.is_empty() || self.random.one_in(3) {
            return self.line(head);
        }
        self.open(head);
        for _ in 0..=self.random.below(3) {
            let row = rows[self.random.below(rows.len())];
            self.row(&row);
        }
        self.close();
    }

    fn row(&mut self, row: &Row) {
        let (args, nests) = self.arguments(row.args);
        let head = format!("{} {args}", row.name).trim_end().to_owned();
        match row.kind {
            Kind::Block(rows) => self.statement_with(&head, rows),
            _ if nests && self.depth < 3 => {
                self.depth += 1;
                self.open(&head);
                self.directive();
                self.close();
                self.depth -= 1;
            }
            _ => self.line(&head),
        }
    }

    /// Arguments for a syntax such as `[<matcher>] <to> [<code>|permanent]`, and whether directives follow in a block.
    fn arguments(&mut self, syntax: &str) -> (String, bool) {
        let nests = syntax.contains("<directives...>");
        let line = syntax.split('{').next().unwrap_or("");
        let mut words: Vec<&str> = line.split_whitespace().collect();
        // The name itself, in the syntax of a directive.
        if words.first().is_some_and(|first| !first.starts_with(['<', '[']) && !first.contains('|'))
            && syntax.contains(' ')
        {
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
            if item.starts_with('[') && self.random.one_in(2) {
                continue;
            }
            if self.random.one_in(30) {
                continue;
            }
            let inner = item.trim_start_matches('[').trim_end_matches(']');
            for part in inner.split(' ') {
                let choices: Vec<&str> = part.split('|').collect();
                let choice = self.random.pick(&choices).trim_matches(['[', ']']).to_owned();
                let repeats = if choice.contains("...") { 1 + self.random.below(3) } else { 1 };
                for _ in 0..repeats {
                    out.push(self.value(&choice.replace("...", "")));
                }
            }
        }
        if self.random.one_in(30) {
            out.push(self.value("<text>"));
        }
        (out.join(" "), nests)
    }

    /// A value for `<name>`, or the word itself.
    fn value(&mut self, item: &str) -> String {
        let Some(name) = item.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) else {
            return item.to_owned();
        };
        if self.random.one_in(25) {
            return self
                .random
                .pick(&["\"\"", "`a b`", "{env.X}", "-1", "0", "x", "{path}", "é", "\"a\\\"b\""])
                .to_owned();
        }
        let has = |part: &str| name.contains(part);
        let pool: &[&str] = if has("matcher") {
            PATHS
        } else if has("duration") || has("timeout") || has("interval") || has("delay") || has("period") {
            &["1s", "500ms", "1h30m", "2d", "0", "100h", "0s", "1.5d", "5"]
        } else if has("size") || has("bytes") {
            &["10MB", "1GiB", "512", "1.5kb", "0", "64Ki"]
        } else if has("code") || has("status") {
            &["200", "404", "5xx", "301", "{code}", "0404", "+04", "418"]
        } else if has("address") || has("upstream") || item == "<to>" {
            &[
                "localhost:8080",
                "10.0.0.1:80",
                "https://example.com",
                "h2c://a:1",
                "unix//run/a.sock",
                ":9000",
                "a b",
                "http://x:80",
                "localhost:8080-8082",
                "{env.UP}",
            ]
        } else if has("path") || has("file") || has("folder") || has("root") || has("uri") {
            &["/srv/www", "/index.html", "{path}", "/a?b=c", "./x", "a.pem", "{http.vars.root}"]
        } else if has("range") || has("cidr") {
            &["10.0.0.0/8", "private_ranges", "192.0.2.1", "::1/128"]
        } else if has("host") || has("domain") {
            &["example.com", "*.example.com", "localhost", "{host}"]
        } else if has("field") || has("header") {
            &["X-One", "-X-Two", "+x-three", "?X-Four", ">X-Five", "Host", "x_under"]
        } else if has("pattern") || has("regex") {
            &["^/a", "(.*)\\.php$", "[a-z]+", "a|b"]
        } else if has("int")
            || has("number")
            || has("count")
            || has("limit")
            || has("port")
            || has("level")
            || has("ratio")
        {
            &["1", "5", "42", "0", "0.5", "8443", "10"]
        } else if has("url") || has("endpoint") {
            &["https://example.com/x", "http://localhost:9000"]
        } else {
            &["text", "\"two words\"", "name", "{host}", "on", "off", "a=b", "$1", "example", "`raw`", "10"]
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

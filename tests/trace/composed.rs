//! Sites of nine kinds, each composed of what belongs to it, with requests that are aimed at it.

mod failing;
mod files;
mod heading;
mod matching;
mod proxying;
mod rewriting;
mod scripts;
mod setting;
mod sites;

use serde_json::{Map, Value, json};

use crate::generate::random::Random;

/// Requests for each site.
const REQUESTS: usize = 40;

/// Kinds of sites.
pub const KINDS: usize = 9;

/// A site and what to ask of it.
pub struct Composed {
    /// Lines of the global options.
    pub options: String,
    pub caddyfile: String,
    /// Paths and contents of files.
    pub files: Vec<(&'static str, &'static str)>,
    pub requests: Vec<Value>,
}

/// What a request of a kind is composed of.
struct Aim<'t> {
    hosts: &'t str,
    paths: &'t str,
    queries: &'t str,
    methods: &'t str,
    headers: &'t str,
    /// What the first upstream answers, and the second one: status, header fields, body.
    replies: bool,
}

const METHODS: &str = "GET ~ GET ~ GET ~ GET ~ HEAD ~ POST ~ PUT ~ DELETE ~ OPTIONS ~ get ~ PURGE";

const HOSTS: &str = "v.test ~ v.test ~ V.test:80 ~ a.b.test ~ 127.0.0.1 ~ [::1]:80 ~ v.test.";

const PATHS: &str = "/ ~ /a ~ /a/ ~ /a/b ~ /A/B ~ /ab ~ /a/b/c.php ~ /x.css ~ //a ~ /a/../b ~ /a%2Fb ~ /%61 ~ /b/é ~ \
    /a//b ~ /a%20b ~ /a+b ~ /a/./b ~ /a/.. ~ /api/v1/x.json ~ /api/v1/ ~ /api ~ /x%25y ~ /b/%C3%A9 ~ \
    /a;b=1 ~ /a:b ~ /a/b%3Fc ~ /~u/x ~ /a\\b ~ /a|b ~ /a'b ~ /a\"b ~ /a/b. ~ /a%2fb/ ~ /a/%2e%2e/b";

const QUERIES: &str = " ~  ~  ~  ~ ? ~ ?a=1 ~ ?a=1&b=2 ~ ?b=2&a=1 ~ ?a=x%20y ~ ?a=x+y ~ ?a ~ ?a= ~ ?a=1&a=2 ~ ?k=v ~ ?k=%zz ~ \
    ?a=1;b=2 ~ ?A=1 ~ ?a=é ~ ?a=%C3%A9&&b ~ ?x[]=1&x[]=2 ~ ?a=5 ~ ?a=/p/q ~ ?%61=1 ~ ?q=a%26b%3Dc";

const HEADERS: &str = "X-Id: 7 ~ X-Id:  ~ X-Id: a b ~ x-id: abc ~ X-Two: 1, 2 ~ Cookie: s=1; t=\"q\"; u ~ Cookie: t=2 ~ \
    Accept: text/html,*/*;q=0.8 ~ Content-Type: application/json; charset=utf-8 ~ \
    Content-Type: application/grpc ~ X-Forwarded-For: 10.0.0.9, 192.0.2.7 ~ X-Forwarded-For: 127.0.0.1 ~ \
    X-Forwarded-Proto: https ~ X-Forwarded-Host: o.test ~ User-Agent: curl/8.1 ~ Referer: https://r.test/x ~ \
    Origin: https://o.test ~ Authorization: Bearer x ~ Connection: Upgrade ~ Upgrade: websocket ~ \
    X-Real-Ip: 192.0.2.1 ~ Accept-Encoding: gzip, br ~ Accept-Encoding: zstd;q=0.5, gzip ~ Range: bytes=0-3 ~ \
    Cache-Control: no-cache ~ Via: 1.0 p";

const TEXTS: &str = "{path} ~ {uri} ~ {query} ~ {query.a} ~ {header.X-Id} ~ {method} ~ {host} ~ {hostport} ~ {labels.0} ~ \
    {labels.1} ~ {file} ~ {dir} ~ {path.0} ~ {path.1} ~ {re.r.1} ~ {re.1} ~ {re.r.n} ~ {vars.v} ~ \
    {cookie.s} ~ {cookie.t} ~ {scheme} ~ {http.request.proto} ~ {http.request.orig_uri.path} ~ \
    {http.request.orig_method} ~ {file.base} ~ {file.ext} ~ {client_ip} ~ {remote_host} ~ {?query} ~ \
    {%path} ~ {http.request.orig_uri.query} ~ {http.request.uri.path.dir} ~ \
    {http.request.uri.path.file.ext} ~ {header.Cookie} ~ {header.X-Two} ~ {http.request.host.labels.2} ~ \
    {env.NONE} ~ {nothing} ~ {http.vars.v} ~ {http.request.uri_escaped} ~ \
    {http.request.uri.query_escaped} ~ {http.request.cookie.u} ~ {http.request.header.Accept} ~ \
    {http.regexp.r.0} ~ {http.error.status_code} ~ {prefixed_query} ~ {http.request.uri.prefixed_query} ~ \
    {http.request.local.host} ~ {http.request.method}";

/// Expressions; none of them raises an error.
const EXPRESSIONS: &str = "{query.a} == \"1\" ~ {query.a} != \"\" ~ {query.a}.startsWith(\"x\") ~ {path}.endsWith(\".php\") ~ \
    {path}.contains(\"a\") ~ {path}.matches(\"^/a/.+$\") ~ {query.a} in [\"1\", \"5\"] ~ \
    path(\"/a/*\", \"/b/*\") ~ path_regexp(\"^/a\") ~ path_regexp(\"r\", \"^/(?P<n>[ab])(.*)$\") ~ \
    header({\"X-Id\": \"a*\"}) ~ header({\"X-Id\": [\"7\", \"a b\"], \"Accept\": \"*\"}) ~ \
    header_regexp(\"X-Id\", \"^[a-z]\") ~ header_regexp(\"r\", \"X-Id\", \"(.)b\") ~ \
    host(\"v.test\", \"*.b.test\") ~ method(\"GET\", \"PUT\") ~ method(\"post\") ~ protocol(\"http\") ~ \
    protocol(\"https\") ~ query({\"a\": \"1\"}) ~ query({\"a\": [\"1\", \"5\"], \"b\": \"*\"}) ~ \
    remote_ip(\"127.0.0.1/8\") ~ client_ip(\"192.0.2.0/24\") ~ vars({\"v\": \"1\"}) ~ \
    vars_regexp(\"r\", \"{vars.v}\", \"^(.)\") ~ \
    {method} == \"GET\" && {query.a} == \"1\" || {path} == \"/a\" ~ !path(\"/a*\") ~ \
    !(method(\"GET\") && path(\"/a\")) ~ {path}.size() > 4 ~ size({query.a}) < 2 ~ {query.a} < \"4\" ~ \
    {path}.lowerAscii() == \"/a/b\" ~ {path}.split(\"/\").size() == 3 ~ {path}.split(\"/\")[1] == \"a\" ~ \
    {path}.substring(1).startsWith(\"a\") ~ {path}.replace(\"/\", \"\") == \"ab\" ~ \
    {path}.indexOf(\"b\") > 2 ~ ({query.a} == \"1\" ? \"x\" : \"y\") == \"x\" ~ \
    {host}.upperAscii() == \"V.TEST\" ~ {header.X-Id}.trim() == \"7\" ~ [1, 2, 3].exists(n, n > 2) ~ \
    {labels.0} == \"test\" ~ {cookie.t} == \"2\" ~ {path}.charAt(1) == \"a\" ~ \
    {path}.lastIndexOf(\"/\") == 0 ~ [{query.a}, \"z\"].join(\"-\") == \"1-z\" ~ \
    {http.request.uri.query}.contains(\"=\") ~ {client_ip} == \"127.0.0.1\" ~ {scheme} == \"http\" ~ \
    true ~ false || {query.b} == \"2\" ~ {http.request.port} == 80 ~ \
    {query.a}.matches(\"^[0-9]+$\") && int({query.a}) > 3 ~ {header.Accept}.contains(\"html\") ~ \
    {header.Content-Type}.startsWith(\"application/\") ~ \
    {http.request.header.X-Two}.split(\", \").exists(x, x == \"2\") ~ {vars.v} == \"1\" ~ \
    {re.none.1} == \"\" ~ {query.x} == null ~ \"/a\" == {path} ~ {path}[0:1] == \"/\" || true";

const REPLY_HEADERS: &str = "X-Up: 1 ~ X-One: up ~ Server: up/1 ~ Location: /moved?x=1 ~ Location: http://v.test/abs ~ \
    Set-Cookie: c=1 ~ Content-Type: text/html ~ Cache-Control: max-age=5 ~ X-User: kim ~ X-Group: g ~ \
    Etag: \"e\" ~ X-Other: o ~ Www-Authenticate: Basic ~ Vary: Accept ~ Via: 1.0 other ~ \
    Keep-Alive: timeout=5 ~ X-Accel-Redirect: /b.txt";

/// What stands before and behind a colon.
fn pair(text: &str) -> (&str, &str) {
    text.split_once(": ").unwrap_or_default()
}

/// One of the texts of a list, which ` ~ ` separates.
fn one<'t>(random: &mut Random, list: &'t str) -> &'t str {
    let count = list.split(" ~ ").count();
    list.split(" ~ ").nth(random.below(count)).unwrap_or_default()
}

/// Between `least` and `most` lines.
fn several(
    random: &mut Random,
    least: usize,
    most: usize,
    mut line: impl FnMut(&mut Random) -> String,
) -> String {
    let count = least + random.below(most - least + 1);
    (0..count).map(|_| line(random)).collect::<Vec<_>>().join("\n")
}

fn text(random: &mut Random) -> String {
    (0..=random.below(3)).map(|_| one(random, TEXTS)).collect::<Vec<_>>().join("|")
}

fn reply(random: &mut Random) -> Value {
    let mut headers = Map::new();
    for _ in 0..random.below(4) {
        let (name, value) = pair(one(random, REPLY_HEADERS));
        headers.insert(name.to_owned(), json!(value));
    }
    let status =
        [200, 200, 201, 204, 301, 302, 304, 400, 401, 403, 404, 418, 500, 502, 503][random.below(15)];
    let mut reply = json!({"status": status, "headers": headers});
    match random.below(4) {
        0 => reply["body"] = "".into(),
        1 => reply["body"] = "short".into(),
        2 => reply["body"] = "long text ".repeat(100).into(),
        _ => {}
    }
    reply
}

fn requests(random: &mut Random, aim: &Aim<'_>) -> Vec<Value> {
    let compose = |_| {
        let method = one(random, aim.methods);
        let mut headers = Vec::new();
        for _ in 0..random.below(4) {
            let (name, value) = pair(one(random, aim.headers));
            headers.push(json!([name, value]));
        }
        let body = if matches!(method, "POST" | "PUT") && random.below(4) > 0 { "abc" } else { "" };
        let target = format!("{}{}", one(random, aim.paths), one(random, aim.queries));
        let mut request = json!({
            "scheme": "http", "host": one(random, aim.hosts), "method": method, "target": target, "headers": headers, "body": body,
        });
        if aim.replies {
            let mut replies = Map::new();
            for name in ["B1", "B2", "B3"] {
                if random.below(3) > 0 {
                    replies.insert(format!("127.0.0.1:{{${name}}}"), reply(random));
                }
            }
            request["upstream_replies"] = replies.into();
        }
        if random.one_in(25) {
            request["http_version"] = "1.0".into();
        }
        request
    };
    (0..REQUESTS).map(compose).collect()
}

/// A pattern in place of a matcher.
fn in_place(random: &mut Random) -> String {
    loop {
        let found = pattern(random);
        if found.starts_with('/') || found == "*" {
            return quoted(found);
        }
    }
}

fn pattern(random: &mut Random) -> &'static str {
    one(
        random,
        "/a ~ /a/* ~ /a* ~ /A/b ~ /b/* ~ /a%2fb ~ /a/*/c.php ~ //a ~ /* ~ * ~ *.php ~ *b* ~ /api/* ~ \
             /api/v?/* ~ /[ab]* ~ /a/b ~ /x.css ~ /%* ~ /a/%*/c ~ /{query.a}* ~ /a%20b ~ /a b ~ /A%2Fb ~ /b/é ~ \
             /~* ~ */b ~ *a%2fb* ~ /a;* ~ /a?b",
    )
}

/// A line of a named matcher.
fn matcher(random: &mut Random) -> String {
    match random.below(17) {
        0 => format!("path {} {}", quoted(pattern(random)), quoted(pattern(random))),
        1 => format!("path {}", quoted(pattern(random))),
        2 => format!(
            "path_regexp {}",
            one(
                random,
                "r ^/(?P<n>[ab])(.*)$ ~ \\.(css|php)$ ~ r ^/A ~ r (?i)^/(A)/ ~ ^/api/v(\\d+)/ ~ r ^/([^/]+)/?$ ~ é ~ \
             r /(b)\\b ~ r {query.a}"
            )
        ),
        3 => format!(
            "header {}",
            one(
                random,
                "X-Id * ~ X-Id a* ~ X-Id *b ~ X-Id ~ !X-Id ~ x-id 7 ~ X-Two *2* ~ Cookie *s=1* ~ \
             Content-Type application/json* ~ Host v.test ~ Accept-Encoding *gzip* ~ X-Id {query.a} ~ \
             Connection *Upgrade*"
            )
        ),
        4 => format!(
            "header_regexp {}",
            one(
                random,
                "r X-Id ^(\\w) ~ X-Id ^$ ~ r Cookie s=([^;]*) ~ Host ^v ~ Accept html ~ r X-Two (?P<n>\\d)$"
            )
        ),
        5 => format!("method {}", one(random, "GET ~ GET HEAD ~ post ~ PUT DELETE ~ PURGE")),
        6 => format!(
            "query {}",
            one(
                random,
                "a=1 ~ a=* ~ a= ~ a=1 b=2 ~ a=1 a=5 ~ x[]=1 ~ A=1 ~ *=* ~ {query.k}=v ~ a={query.b} ~ a=x* ~ q=a&b=c"
            )
        ),
        7 => format!(
            "protocol {}",
            one(
                random,
                "http ~ https ~ grpc ~ http/1 ~ http/1.0 ~ http/1.1 ~ http/1+ ~ http/1.1+ ~ http/2 ~ http/2+"
            )
        ),
        8 => format!(
            "host {}",
            one(
                random,
                "v.test ~ V.TEST ~ *.b.test ~ *.test ~ 127.0.0.1 ~ ::1 ~ a.*.test ~ v.test a.b.test ~ {labels.0}.test ~ \
             * ~ *.*.test"
            )
        ),
        9 => format!(
            "remote_ip {}",
            one(random, "127.0.0.1 ~ 10.0.0.0/8 ~ private_ranges ~ 127.0.0.0/8 ::1 ~ ::/0")
        ),
        10 => format!(
            "client_ip {}",
            one(random, "127.0.0.1 ~ 10.0.0.0/8 ~ 192.0.2.0/24 ~ private_ranges ~ 0.0.0.0/0")
        ),
        11 => format!(
            "vars {}",
            one(
                random,
                "{vars.v} 1 ~ v 1 2 ~ {query.a} 1 5 ~ {path} /a /a/b ~ {header.X-Id} 7 ~ {http.request.host} v.test"
            )
        ),
        12 => format!(
            "vars_regexp {}",
            one(random, "r {query.a} ^(\\d)$ ~ {vars.v} 1 ~ r v ^(.) ~ r {path} ^/(.) ~ r {header.X-Id} b$")
        ),
        13 => format!(
            "not {}",
            one(
                random,
                "path /a /b* ~ method GET ~ header X-Id * ~ query a=* ~ host v.test ~ remote_ip 127.0.0.1 ~ \
             path_regexp ^/a ~ client_ip private_ranges"
            )
        ),
        14 => "not {\npath /a*\nmethod GET HEAD\n}".to_owned(),
        _ => format!("expression `{}`", one(random, EXPRESSIONS)),
    }
}

fn quoted(word: &str) -> String {
    if word.contains(' ') { format!("\"{word}\"") } else { word.to_owned() }
}

const TRUSTED: &str = " ~  ~ servers {\ntrusted_proxies static 127.0.0.0/8\n} ~ \
    servers {\ntrusted_proxies static private_ranges\ntrusted_proxies_strict\n} ~ \
    servers {\ntrusted_proxies static 10.0.0.0/8\n} ~ \
    servers {\ntrusted_proxies static 127.0.0.1\nclient_ip_headers X-Real-Ip X-Forwarded-For\n}";

/// A composed site: its kind follows from `number`.
pub fn compose(random: &mut Random, number: usize) -> Composed {
    let mut aim = Aim {
        hosts: HOSTS,
        paths: PATHS,
        queries: QUERIES,
        methods: METHODS,
        headers: HEADERS,
        replies: false,
    };
    let mut files_of_site = Vec::new();
    let mut options = String::new();
    let one_site = |body: String| format!(":{{$HTTP}} {{\n{body}}}\n");
    let caddyfile = match number % KINDS {
        0 => {
            one(random, TRUSTED).clone_into(&mut options);
            one_site(matching::matching(random))
        }
        1 => one_site(rewriting::rewriting(random)),
        2 => {
            aim.paths = files::FILE_PATHS;
            aim.headers = files::FILE_HEADERS;
            aim.hosts = "v.test";
            aim.queries = " ~  ~  ~ ?a=1 ~ ?k=w ~ ?k=v ~ ?a=203";
            files_of_site = files::FILES.split(" ~ ").map(pair).collect();
            one_site(files::files(random))
        }
        3 => {
            aim.replies = true;
            one(random, TRUSTED).clone_into(&mut options);
            one_site(proxying::proxying(random))
        }
        4 => one_site(heading::heading(random)),
        5 => {
            aim.hosts = "v.test ~ V.test:80 ~ a.b.test ~ w.test ~ v2.test ~ c.test ~ d.test ~ x.test ~ 127.0.0.1 ~ [::1]:80 ~ \
                v.test. ~ a.x.test ~ localhost ~ bücher.test ~ xn--bcher-kva.test ~  ~ test ~ x.y.z.test ~ a..test ~ \
                v.test:99999 ~ A.B.TEST ~ [::1] ~ ::1";
            sites::sites(random)
        }
        6 => one_site(failing::failing(random)),
        8 => {
            aim.replies = true;
            aim.paths = scripts::PHP_PATHS;
            aim.hosts = "v.test";
            aim.queries = " ~  ~  ~ ? ~ ?a=1 ~ ?k=w ~ ?k=v ~ ?a=b%20c&d";
            files_of_site = scripts::PHP_FILES.split(" ~ ").map(pair).collect();
            one(random, TRUSTED).clone_into(&mut options);
            one_site(scripts::scripts(random))
        }
        _ => {
            aim.headers = "X-Id: 7 ~ X-Id: a b ~ Authorization: Basic a2ltOnBhc3N3b3Jk ~ Authorization: Basic a2ltOm5v ~ \
    Cookie: s=1; t=2 ~ authorization: basic a2ltOnBhc3N3b3Jk ~ Content-Type: text/plain";
            let named =
                "&(named) {\nheader X-N 1\nrespond \"named {path}\"\n}\n&(other) {\nrewrite * /o{uri}\n}\n";
            format!("{named}{}", one_site(setting::setting(random)))
        }
    };
    let mut requests = requests(random, &aim);
    if number % KINDS == 5 {
        for request in &mut requests {
            if random.one_in(4) {
                request["port"] = "{$ALT}".into();
            }
        }
    }
    Composed { options, caddyfile, files: files_of_site, requests }
}

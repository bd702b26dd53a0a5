//! Sites of nine kinds, each composed of what belongs to it, with requests that are aimed at it.

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

fn matching(random: &mut Random) -> String {
    let mut body = format!("vars v {}\n", one(random, "1 ~ {query.a} ~ x{path}"));
    let count = 3 + random.below(6);
    for number in 0..count {
        let lines = several(random, 1, 3, matcher);
        let words: Vec<&str> = lines.lines().map(|line| line.split(' ').next().unwrap_or_default()).collect();
        let is_again = |word: &&str| words.iter().filter(|other| *other == word).count() > 1;
        let once = [
            "path_regexp",
            "expression",
            "protocol",
            "remote_ip",
            "client_ip",
            "query",
            "vars_regexp",
            "vars",
        ];
        let lines = if words.iter().any(|word| once.contains(word) && is_again(word)) {
            matcher(random)
        } else {
            lines
        };
        body += &format!("@m{number} {{\n{lines}\n}}\n");
    }
    if random.one_in(3) {
        body += "handle {\n";
        for number in 0..count {
            body += &format!("header @m{number} +X-M {number}\n");
        }
        body += &format!("respond \"{}\"\n}}\n", text(random));
    } else {
        for number in 0..count {
            body += &format!("respond @m{number} \"m{number} {}\"\n", text(random));
        }
        if random.one_in(2) {
            body += &format!("respond {} \"p {}\"\n", in_place(random), text(random));
        }
        body += &format!("respond \"rest {}\"\n", text(random));
    }
    body
}

fn rewriting(random: &mut Random) -> String {
    let named = "@get method GET\n@q query a=1\n@re path_regexp r ^/(?P<n>[ab])(.*)$\n@id header X-Id *\n";
    let line = |random: &mut Random| {
        let at = if random.one_in(2) {
            in_place(random)
        } else {
            one(random, "@get ~ @q ~ @re ~ @id ~ *").to_owned()
        };
        match random.below(9) {
            0..=2 => format!(
                "rewrite {at} {}",
                one(
                    random,
                    "/n{uri} ~ /n{path}?{query} ~ /n?{query}&z=1 ~ ?z={path} ~ /x{path} ~ /y?a={query.a} ~ \
             /re{re.r.2}?n={re.r.n} ~ /{header.X-Id} ~ {path}/more ~ /a/b? ~ \"/sp ace?q=ab\" ~ /f#frag ~ \
             /%2Fenc/%20x ~ //dbl ~ /p/../q ~ /{labels.1}{uri} ~ {query.a} ~ /o{orig_uri} ~ /é?é=é ~ \
             /a?{query}&{query} ~ /i?x={http.request.header.Cookie} ~ /m{?query} ~ /m{%path} ~ \
             /index.php?r={path}&{query} ~ ?{query} ~ /u?{uri}"
                )
            ),
            3 => format!(
                "uri {at} strip_prefix {}",
                one(random, "/a ~ a ~ /A/ ~ /api/v1 ~ /%61 ~ /{query.a} ~ /a%2F ~ //")
            ),
            4 => {
                format!("uri {at} strip_suffix {}", one(random, "b ~ .php ~ / ~ .json ~ %20b ~ /b/"))
            }
            5 => format!(
                "uri {at} replace {}",
                one(random, "a z ~ /a/ /z/ ~ a \"\" 1 ~ %2F / ~ / - 2 ~ b %20 ~ a {query.a} ~ = !")
            ),
            6 => format!(
                "uri {at} path_regexp {}",
                one(
                    random,
                    "/+ / ~ ^/([ab]) /$1$1 ~ \\.php$ \"\" ~ /(.)/(.*) /$2/$1 ~ a b ~ (?P<x>a) ${x}1 ~ /$ \"\""
                )
            ),
            7 => {
                let words = one(
                    random,
                    "+n 1 ~ -a ~ a 9 ~ a>c ~ a 1 2 ~ b {path} ~ +a {query.b} ~ -* ~ a=>x ~ *>up ~ a \\d z ~ * [ab] _ ~ \
             z>y ~ +e \"\" ~ a x z",
                );
                format!("uri {at} query {words}")
            }
            _ => format!(
                "uri {at} query {{\n{}\n}}",
                several(random, 1, 4, |random| one(
                    random,
                    "+n 1 ~ -a ~ a 9 ~ b>c ~ a 1 z ~ +a {path} ~ k {method}"
                )
                .to_owned())
            ),
        }
    };
    let end = |random: &mut Random| match random.below(3) {
        0 => "reverse_proxy 127.0.0.1:{$B1}".to_owned(),
        1 => "respond \"{uri}|{path}|{query}|{orig_uri}|{http.request.uri.path.dir}\"".to_owned(),
        _ => format!("respond \"{{uri}}|{}\"", text(random)),
    };
    let block = |random: &mut Random| {
        let inside = several(random, 1, 3, line);
        let end = end(random);
        match random.below(4) {
            0 => format!(
                "handle_path {} {{\n{inside}\n{end}\n}}",
                one(random, "/a/* ~ /a* ~ /api/v1/* ~ /A/* ~ /b/é ~ /* ~ /a%2F*")
            ),
            1 => format!("handle {} {{\n{inside}\n{end}\n}}", in_place(random)),
            2 => format!("route {} {{\n{inside}\n{end}\n}}", in_place(random)),
            _ => format!("handle @get {{\nroute {{\n{inside}\n}}\n{end}\n}}"),
        }
    };
    let mut body = named.to_owned();
    body += &several(random, 0, 3, line);
    body += "\n";
    body += &several(random, 0, 3, block);
    body += "\n";
    body += &end(random);
    body + "\n"
}

const FILES: &str = "w/index.html: <p>i</p> ~ w/a.txt: hello world ~ w/a.txt.gz: zipped ~ w/a.txt.br: brotli ~ w/b.txt: b ~ \
    w/d/i.txt: di ~ w/d/index.html: <!doctype html>d ~ w/e/x.bin: \u{1}\u{2} ~ w/.git/config: c ~ \
    w/x.secret: s ~ w/sub/hid/y.txt: y ~ w/none.zzz: z ~ w/try.html: t ~ w/fall.html: f {{.Req.Method}} ~ \
    w/404.html: nf ~ w/a b.txt: space ~ w/é.txt: acute ~ w/noext: plain text here ~ w/p.json: {\"a\":1} ~ \
    w/style.css: a{} ~ w/app.js: let a ~ w/d.d/f.txt: f ~ w/x/index.txt: xi ~ \
    w/big.txt: 0123456789012345678901234567890123456789 ~ v/only.txt: v ~ v/a.txt: va";
const FILE_PATHS: &str = "/ ~ /a.txt ~ /A.txt ~ /a.txt/ ~ /b.txt ~ /d ~ /d/ ~ /d/index.html ~ /d/i.txt ~ /e ~ /e/ ~ /e/x.bin ~ \
    /.git/config ~ /.git ~ /x.secret ~ /sub/hid/y.txt ~ /sub/hid/ ~ /sub ~ /none.zzz ~ /try ~ /try.html ~ \
    /none ~ /none/ ~ /a%20b.txt ~ /a b.txt ~ /é.txt ~ /%C3%A9.txt ~ /noext ~ /p.json ~ /style.css ~ \
    /app.js ~ /d.d/f.txt ~ /d.d ~ /x/ ~ /x ~ /../a.txt ~ /d/../a.txt ~ //a.txt ~ //d ~ /d// ~ /a.txt%00 ~ \
    /d%2Fi.txt ~ /big.txt ~ /only.txt ~ /index.html ~ /index.html/ ~ /./a.txt ~ /fall.html ~ /a.txt.gz ~ \
    /d/.. ~ /%2e%2e/a.txt ~ /a.txt/x ~ /s/a.txt ~ /s/d ~ /s ~ /s/";
const FILE_HEADERS: &str = "Accept-Encoding: gzip ~ Accept-Encoding: br, gzip ~ Accept-Encoding: gzip;q=0 ~ Accept-Encoding: * ~ \
    Accept-Encoding: identity ~ Range: bytes=0-4 ~ Range: bytes=-3 ~ Range: bytes=100- ~ Range: bytes=x ~ \
    Range: bytes=0-0,2-3 ~ Range: bytes=5- ~ If-None-Match: * ~ If-Match: \"no\" ~ If-None-Match: \"no\" ~ \
    If-Modified-Since: Tue, 02 Jan 2020 03:04:05 GMT ~ If-Modified-Since: Tue, 02 Jan 2040 03:04:05 GMT ~ \
    If-Unmodified-Since: Tue, 02 Jan 2020 03:04:05 GMT ~ If-Range: \"x\" ~ Accept: text/html ~ \
    Accept: application/json ~ X-Id: 7 ~ User-Agent: ua";

fn files(random: &mut Random) -> String {
    let server = |random: &mut Random| {
        let at = one(random, " ~  ~  ~ /d* ~ /*.txt ~ @t");
        let option = |random: &mut Random| {
            one(
                random,
                "hide .git *.secret sub/hid ~ hide d ~ hide *.txt ~ index i.txt index.html ~ index none ~ \
             index index.txt ~ precompressed gzip br ~ precompressed br gzip ~ precompressed ~ pass_thru ~ \
             status 202 ~ status {query.a} ~ disable_canonical_uris ~ browse ~ root w ~ root v ~ hide /sub ~ \
             hide sub/ ~ etag_file_extensions .etag ~ root w/d",
            )
            .to_owned()
        };
        let mut options = several(random, 0, 3, option);
        let mut seen = Vec::new();
        options = options
            .lines()
            .filter(|line| {
                let word = line.split(' ').next().unwrap_or_default();
                !seen.contains(&word) && {
                    seen.push(word);
                    true
                }
            })
            .collect::<Vec<_>>()
            .join("\n");
        format!("file_server {at} {{\n{options}\n}}")
    };
    let mut body = format!("root * {}\n@t query a=1\n", one(random, "w ~ w ~ w ~ {query.k} ~ w/ ~ ./w ~ v"));
    let line = |random: &mut Random| {
        match random.below(12) {
        0 => format!("try_files {}", one(random, "{path} {path}.html /fall.html ~ {path} {path}/ /index.html ~ {path}.html {path} =404 ~ \
             {path} /d/index.html?x={query.a} ~ {path}/index.html {path} ~ /none =410 ~ {path} {path}.txt?{query} ~ \
             {file} /a.txt ~ {path}/")),
        1 => format!("@f{} file {}", random.below(1000), one(random, "/a.txt ~ {path} {path}.html")),
        2 => format!("rewrite {} {}", one(random, "/none ~ /none/* ~ /s/* ~ @t"), one(random, "/a.txt ~ /d/ ~ /d ~ {path}.html")),
        3 => format!("encode {}", one(random, "gzip ~ zstd gzip ~ gzip {\nminimum_length 5\n} ~ gzip {\nminimum_length 1\nmatch status 200\n} ~ \
             gzip {\nmatch header Content-Type text/css*\nminimum_length 1\n}")),
        4 => format!("header {} {}", one(random, " ~ /*.txt ~ /d/*"), one(random, "Cache-Control max-age=1 ~ -Etag ~ ?Content-Type x/y ~ Content-Type x/z ~ >Vary none ~ \
             Etag \\\"own\\\"")),
        5 => "templates {\nmime text/plain text/html\n}".to_owned(),
        6 => "@ff {\nfile {\ntry_files {path} {path}/index.html /none\ntry_policy first_exist\n}\n}\nheader @ff X-F \"{file_match.relative} {file_match.type} {http.matchers.file.remainder}\"".to_owned(),
        7 => format!("error {} 404", one(random, "/none ~ /d* ~ @t")),
        8 => format!("handle_path /s/* {{\n{}\n}}", server(random)),
        9 => format!("@l file {{\ntry_files {{path}} /b.txt /a.txt\ntry_policy {}\n}}\nheader @l X-L {{file_match.relative}}", one(random, "largest_size ~ smallest_size ~ first_exist_fallback")),
        10 => "@s file {\ntry_files {path}\nsplit_path .txt\n}\nheader @s X-S \"{file_match.relative} {file_match.remainder}\"".to_owned(),
        _ => format!("@c expression `file({})`\nheader @c X-C yes", one(random, "{\"try_files\": [\"{path}\", \"/b.txt\"]} ~ \"{path}.html\" ~ {\"try_files\": [{path}]}")),
    }
    };
    let mut names = Vec::new();
    let lines = several(random, 0, 4, line);
    // A name is defined once.
    let mut is_open = false;
    for part in lines.split('\n') {
        if let Some(name) = part.strip_prefix('@') {
            let name = name.split(' ').next().unwrap_or_default().to_owned();
            if names.contains(&name) {
                is_open = true;
            }
            names.push(name);
        }
        if is_open {
            break;
        }
        body += part;
        body += "\n";
    }
    body += &several(random, 1, 2, server);
    if random.one_in(3) {
        body += one(
            random,
            "\nhandle_errors {\nrewrite * /404.html\nfile_server\n} ~ \
             \nhandle_errors 404 {\nrespond \"{err.status_code} {err.message} {path}\"\n} ~ \
             \nhandle_errors {\nroot * w\nrewrite * /{err.status_code}.html\nfile_server {\nstatus {err.status_code}\n}\n}",
        );
    }
    body + "\n"
}

fn proxying(random: &mut Random) -> String {
    let routes = |random: &mut Random| {
        several(random, 1, 3, |random| {
            one(
                random,
                "copy_response ~ copy_response 299 ~ copy_response_headers ~ \
             copy_response_headers {\ninclude X-Up X-One\n} ~ copy_response_headers {\nexclude Location\n} ~ \
             respond \"r {rp.status_code} {rp.header.X-Up} {rp.status_text}\" ~ respond \"short\" 203 ~ error 503 ~ \
             error \"e {rp.status_code}\" {rp.status_code} ~ header X-Was {rp.status_code} ~ \
             redir /elsewhere?{query} ~ rewrite * /rw{uri}\nreverse_proxy 127.0.0.1:{$B2} ~ vars v 9 ~ \
             header -X-Up ~ respond /a \"only\" ~ method GET\nreverse_proxy 127.0.0.1:{$B2}",
            )
            .to_owned()
        })
    };
    let proxy = |random: &mut Random| {
        let at = one(random, " ~  ~  ~ /a* ~ @get ~ /api/*");
        let to = one(
            random,
            "127.0.0.1:{$B1} ~ 127.0.0.1:{$B1} ~ 127.0.0.1:{$B1} 127.0.0.1:{$B2} ~ 127.0.0.1:{$DOWN} ~ \
             http://127.0.0.1:{$B1} ~ 127.0.0.1:{$DOWN} 127.0.0.1:{$B1}",
        );
        let mut number = 0;
        let mut out = Vec::new();
        if to.contains("} 1") {
            out.push(format!(
                "lb_policy {}",
                one(
                    random,
                    "first ~ header X-Id {\nfallback first\n} ~ query a {\nfallback first\n} ~ uri_hash ~ ip_hash ~ \
             client_ip_hash ~ cookie lb s {\nfallback first\n} ~ header X-Id {\nfallback uri_hash\n}"
                )
            ));
        }
        let mut once = Vec::new();
        for _ in 0..random.below(5) {
            let line = match random.below(16) {
                0..=3 => format!(
                    "header_up {}",
                    one(
                        random,
                        "Host {upstream_hostport} ~ Host inner.test ~ -X-Id ~ X-New {path} ~ +X-Id more ~ \
             X-Id \"(\\w)\" \"<$1>\" ~ -X-* ~ ?X-Id dflt ~ X-Real-IP {remote_host} ~ X-Forwarded-For {client_ip} ~ \
             -X-Forwarded-* ~ -Accept-Encoding ~ User-Agent own ~ -User-Agent ~ Cookie s=\\d s=x ~ \
             X-U {rp.upstream.address} ~ Connection close ~ X-E \"\" ~ -*id ~ X-Uri {uri} ~ \
             Authorization \"Bearer y\" ~ X-H {header.X-Id}|{host}"
                    )
                ),
                4..=6 => format!(
                    "header_down {}",
                    one(
                        random,
                        "-X-Up ~ X-One down ~ +X-One more ~ ?X-Q q ~ Location ^/ https://v.test/ ~ -Server ~ \
             X-S {rp.status_code} ~ -* ~ Server own ~ X-Up (1) [$1] ~ -Via ~ Set-Cookie $ \"; Secure\" ~ \
             X-Rp {rp.header.X-Up} ~ -X-* ~ Vary x ~ Content-Type text/plain"
                    )
                ),
                7 => {
                    once.push("rewrite");
                    format!(
                        "rewrite {}",
                        one(
                            random,
                            "/up{uri} ~ /p{path}?n=1&{query} ~ ?z=1 ~ /x{path} ~ {path}?only ~ /n?q={query.a}"
                        )
                    )
                }
                8 => {
                    once.push("method");
                    format!("method {}", one(random, "GET ~ POST ~ PUT"))
                }
                9 => {
                    format!("trusted_proxies {}", one(random, "127.0.0.1 ~ 10.0.0.0/8 ~ private_ranges"))
                }
                10 => {
                    number += 1;
                    format!(
                        "@s{number} status {}\nhandle_response @s{number} {{\n{}\n}}",
                        one(random, "2xx ~ 404 ~ 3xx ~ 4xx 500 ~ 200 201"),
                        routes(random)
                    )
                }
                11 => {
                    number += 1;
                    format!(
                        "@s{number} header {}\nhandle_response @s{number} {{\n{}\n}}",
                        one(random, "X-Up * ~ X-Up 1 ~ Location /m* ~ X-Accel-Redirect *"),
                        routes(random)
                    )
                }
                12 => format!("replace_status {}", one(random, "299 ~ {query.a}")),
                13 => {
                    number += 1;
                    format!("@s{number} status 4xx\nreplace_status @s{number} 210")
                }
                14 => one(
                    random,
                    "flush_interval -1 ~ request_buffers 10 ~ response_buffers 100 ~ stream_timeout 1s ~ verbose_logs",
                )
                .to_owned(),
                _ => format!("handle_response {{\n{}\n}}", routes(random)),
            };
            let word = line.split(' ').next().unwrap_or_default().to_owned();
            let again = once.iter().filter(|one| **one == word).count() > 1;
            let ends = line.starts_with("handle_response {")
                || line.starts_with("replace_status ") && !line.contains('@');
            let is_ended = out.iter().any(|before: &String| {
                before.starts_with("handle_response {")
                    || before.starts_with("replace_status 2")
                    || before.starts_with("replace_status {")
            });
            if !(again || is_ended && (ends || line.starts_with('@'))) {
                out.push(line);
            }
        }
        format!("reverse_proxy {at} {to} {{\n{}\n}}", out.join("\n"))
    };
    let mut body = "@get method GET HEAD\n".to_owned();
    body += &several(random, 0, 2, |random| match random.below(7) {
        0 => format!(
            "forward_auth {} 127.0.0.1:{{$B2}} {{\nuri /auth?u={{uri}}\n{}\n}}",
            one(random, " ~ /a*"),
            one(
                random,
                "copy_headers X-User X-Group>X-G ~ copy_headers X-User ~  ~ header_up X-A 1 ~ \
             copy_headers {\nX-User\nX-Up>Host\n}"
            )
        ),
        1 => format!(
            "header {} {}",
            one(random, " ~ /a*"),
            one(
                random,
                "X-One site ~ -X-Up ~ >X-One late ~ ?X-Up dflt ~ X-Up (1) <$1> ~ +Set-Cookie d=2 ~ -Via ~ Via none"
            )
        ),
        2 => format!(
            "intercept {{\n@i status {}\nhandle_response @i {{\n{}\n}}\n}}",
            one(random, "404 ~ 5xx ~ 2xx ~ 3xx"),
            one(
                random,
                "respond \"i {resp.status_code} {resp.header.X-Up}\" 410 ~ \
             rewrite * /i\nreverse_proxy 127.0.0.1:{$B2} ~ header X-I 1 ~ error 500"
            )
        ),
        3 => format!(
            "encode {}",
            one(random, "gzip ~ gzip {\nminimum_length 2\n} ~ gzip {\nmatch status 2xx\n}")
        ),
        4 => format!(
            "request_header {}",
            one(
                random,
                "X-Id new ~ -X-Id ~ +X-Id more ~ Host h.test ~ -Cookie ~ X-Id (\\d) <$1> ~ X-Id {path}"
            )
        ),
        5 => format!("{} {}", one(random, "uri strip_prefix ~ uri strip_suffix"), one(random, "/a ~ b")),
        _ => "intercept {\n@i status 404\nreplace_status @i 207\n}".to_owned(),
    });
    body += "\n";
    body += &several(random, 1, 2, proxy);
    if random.one_in(3) {
        body += "\nhandle_errors {\nheader X-Err 1\nrespond \"{err.status_code} {err.status_text} {uri}\"\n}";
    }
    body + "\n"
}

fn heading(random: &mut Random) -> String {
    let operation = |random: &mut Random| {
        one(
            random,
            "X-One {path} ~ +X-One 2 ~ -X-One ~ ?X-One dflt ~ >X-One late ~ -Server ~ Server own ~ \
             X-One (\\d) [$1] ~ X-One a b ~ -X-* ~ -* ~ +Set-Cookie a=1 ~ +Set-Cookie b=2 ~ \
             Set-Cookie $ \"; Secure\" ~ ?Content-Type text/x ~ Content-Type text/y ~ -Content-Type ~ \
             Cache-Control no-store ~ X-Two {header.X-Id} ~ X-Two {http.response.header.X-One} ~ ?X-Two {vars.v} ~ \
             >X-Two (.) $1$1 ~ Location /new ~ X-Empty \"\" ~ x-lower 1 ~ +Vary Origin ~ Etag {path} ~ \
             X-Two {query.a}{cookie.s}",
        )
        .to_owned()
    };
    let at = |random: &mut Random| one(random, " ~  ~  ~ * ~ /a* ~ @id ~ /a/b ~ /*.php").to_owned();
    let line = |random: &mut Random| match random.below(12) {
        0..=3 => format!("header {} {}", at(random), operation(random)),
        4..=5 => format!("header {} {{\n{}\n}}", at(random), several(random, 1, 4, operation)),
        6 => format!("header {} {{\n{}\ndefer\n}}", at(random), several(random, 1, 3, operation)),
        7 => format!(
            "header {{\n{}\nmatch {}\n}}",
            several(random, 1, 2, operation),
            one(random, "status 404 ~ status 2xx ~ header X-Up * ~ {\nstatus 403 5xx\nheader X-One *\n}")
        ),
        8 => format!(
            "request_header {} {}",
            at(random),
            one(random, "X-Id new ~ -X-Id ~ +X-Id more ~ X-Id (.) <$1> ~ Cookie s=9")
        ),
        9 => format!("vars {} v {}", at(random), one(random, "1 ~ {path} ~ x{query.a}")),
        10 => format!("encode {}", one(random, "gzip ~ gzip {\nminimum_length 3\n}")),
        _ => format!(
            "basic_auth {} {{\nkim $2y$05$bvIG6Nmid91Mu9RcmmWZfO5HJIMCT8riNW0hEp8f6/FuA2/mHZFpe\n}}",
            one(random, "/api/* ~ /b*")
        ),
    };
    let end = |random: &mut Random| match random.below(7) {
        0 => "reverse_proxy 127.0.0.1:{$B1}".to_owned(),
        1 => format!(
            "respond {} \"{}\" {}",
            one(random, " ~ /a* ~ @id"),
            text(random),
            one(random, "200 ~ 404 ~ 403 ~ 204 ~ {query.a} ~ 500")
        ),
        2 => format!(
            "error {} \"no {{path}}\" {}",
            one(random, "/a* ~ /b* ~ @id"),
            one(random, "403 ~ 404 ~ 500")
        ),
        3 => format!(
            "redir {} {} {}",
            one(random, "/a* ~ @id ~ *"),
            one(random, "/to ~ https://o.test{uri} ~ /x?{query} ~ {header.Referer}"),
            one(random, "301 ~ 308 ~  ~ html ~ temporary ~ {query.a}")
        ),
        4 => format!(
            "handle {} {{\n{}\nrespond \"{}\"\n}}",
            one(random, "/a* ~  ~ @id"),
            several(random, 1, 2, |random| format!("header {}", operation(random))),
            text(random)
        ),
        5 => "respond <<END\n<p>{path}</p>\nline two\nEND".to_owned(),
        _ => format!("respond \"{}\"", text(random)),
    };
    let mut body = "@id header X-Id *\n".to_owned();
    body += &several(random, 1, 5, line);
    body += "\n";
    body += &several(random, 1, 3, end);
    if random.one_in(3) {
        body += &format!(
            "\nhandle_errors {{\nheader {}\nrespond \"e {{err.status_code}} {{err.message}}\"\n}}",
            operation(random)
        );
    }
    body + "\n"
}

fn sites(random: &mut Random) -> String {
    let addresses = [
        "http://v.test",
        "http://*.b.test",
        "http://a.b.test",
        ":{$HTTP}",
        "http://v.test, http://w.test",
        "http://*.test",
        "http://V2.test",
        "http://*",
        "http://a.*.test",
        ":{$ALT}",
        "http://v.test:{$ALT}",
        "http://",
        "http://v.test.",
        "http://[::1]",
        "http://127.0.0.1",
        "http://xn--bcher-kva.test",
        "http://bücher.test",
        "http://localhost",
        "http://*.*.test",
        "http://v.test/a/*",
        "http://v.test/api*",
        "http://a.b.test:{$HTTP}",
        "http://c.test:{$HTTP}, http://d.test:{$ALT}",
    ];
    let mut chosen: Vec<&str> = Vec::new();
    for _ in 0..2 + random.below(5) {
        let address = addresses[random.below(addresses.len())];
        let words = |text: &str| -> Vec<String> {
            text.split(", ").map(|one| one.trim_end_matches(":{$HTTP}").to_lowercase()).collect()
        };
        let same = |one: &str, other: &str| words(one).iter().any(|word| words(other).contains(word));
        let catch_all = |one: &str| matches!(one, ":{$HTTP}" | "http://");
        let german = |one: &str| one.contains("cher");
        if !chosen.iter().any(|one| {
            same(one, address) || catch_all(one) && catch_all(address) || german(one) && german(address)
        }) {
            chosen.push(address);
        }
    }
    let mut out = String::new();
    for (number, address) in chosen.iter().enumerate() {
        let line = |random: &mut Random| match random.below(8) {
            0 => format!(
                "redir {} https://{}{{uri}}",
                one(random, "/a ~ /a/* ~ /*.php"),
                one(random, "{host} ~ www.{host} ~ {labels.1}.o.test")
            ),
            1 => format!("respond {} \"{number} {}\"", in_place(random), text(random)),
            2 => format!(
                "@h{} host {}\nrespond @h{} \"h {{host}}\"",
                number,
                one(random, "a.b.test ~ v.test"),
                number
            ),
            3 => format!(
                "handle {} {{\nrespond \"{number} h {}\"\n}}",
                one(random, "/a* ~ /api/* ~ "),
                text(random)
            ),
            4 => format!("error {} {}", one(random, "/a* ~ /b*"), one(random, "404 ~ 500")),
            5 => format!("header X-Site {number}"),
            6 => format!("handle_errors {{\nrespond \"{number} e {{err.status_code}}\"\n}}"),
            _ => format!("rewrite {} /rw{{uri}}", one(random, "/a* ~ /b*")),
        };
        let mut lines = Vec::new();
        let mut has = [false; 2];
        for _ in 0..random.below(5) {
            let line = line(random);
            let kind = if line.starts_with("handle_errors") {
                0
            } else if line.starts_with('@') {
                1
            } else {
                2
            };
            if kind < 2 && has[kind] {
                continue;
            }
            if kind < 2 {
                has[kind] = true;
            }
            lines.push(line);
        }
        if random.below(4) > 0 {
            lines.push(format!("respond \"site {number} {}\"", text(random)));
        }
        out += &format!("{address} {{\n{}\n}}\n", lines.join("\n"));
    }
    out
}

fn failing(random: &mut Random) -> String {
    let raise = |random: &mut Random| match random.below(8) {
        0..=2 => format!(
            "error {} {} {}",
            one(random, "/a ~ /a* ~ /b* ~ @q ~ /*.php"),
            one(random, "\"m {path}\" ~ \"\" ~ {query.a}"),
            one(random, "400 ~ 403 ~ 404 ~ 410 ~ 500 ~ 503 ~ {query.a} ~ 599 ~ 600 ~ 99")
        ),
        3 => format!("error {} {}", one(random, "/a ~ /api* ~ @q"), one(random, "404 ~ 502 ~ 401")),
        4 => format!("@x{} `int({{query.a}}) > 1`\nrespond @x{} \"bad\"", 0, 0),
        5 => "reverse_proxy /b* 127.0.0.1:{$DOWN}".to_owned(),
        6 => "file_server /x* {\nroot none\n}".to_owned(),
        _ => format!(
            "handle {} {{\nheader X-In 1\nerror \"deep\" {}\n}}",
            one(random, "/a/* ~ /api/* ~ @q"),
            one(random, "401 ~ 404 ~ 418")
        ),
    };
    let answer = |random: &mut Random| {
        several(random, 1, 3, |random| {
            one(
                random,
                "respond \"E {err.status_code} {err.message} {err.status_text} {path}\" ~ respond \"own\" 200 ~ \
             respond 410 ~ header X-Err {err.status_code} ~ redir /sorry 302 ~ rewrite * /err{uri} ~ \
             error \"again\" 599 ~ reverse_proxy 127.0.0.1:{$B1} ~ \
             @g expression {err.status_code} >= 500\nrespond @g \"server\" ~ \
             @c expression `{err.status_code} in [403, 404]`\nrespond @c \"client {uri} {orig_uri}\" ~ \
             respond \"{http.error} {http.error.trace}\" {err.status_code} ~ respond /a \"at a\" ~ abort ~ \
             vars v e ~ method GET ~ handle /a* {\nrespond \"ha\"\n} ~ root * /tmp\n",
            )
            .to_owned()
        })
    };
    let mut body = "@q query a=1\nheader X-Plain 1\n".to_owned();
    if random.one_in(3) {
        body += "header >X-Late 1\n";
    }
    let mut raised = several(random, 1, 4, raise);
    if let Some(first) = raised.find("@x0 `") {
        let again = raised[first + 1..].find("@x0 `").map(|at| first + 1 + at);
        if let Some(again) = again {
            raised.truncate(again);
        }
    }
    body += &raised;
    body += "\nrespond /ok* \"ok\"\n";
    let codes = ["", "404", "4xx", "5xx", "403 404", "500"];
    let count = random.below(3);
    let from = random.below(codes.len());
    for number in 0..count {
        let code = codes[(from + number * 2) % codes.len()];
        let mut lines = String::new();
        let mut names = Vec::new();
        for line in answer(random).lines() {
            let name = line.strip_prefix('@').and_then(|line| line.split(' ').next()).map(str::to_owned);
            if let Some(name) = name {
                if names.contains(&name) {
                    continue;
                }
                names.push(name);
            }
            lines += line;
            lines += "\n";
        }
        body += &format!("handle_errors {code} {{\n{lines}}}\n");
    }
    body
}

fn setting(random: &mut Random) -> String {
    let line = |random: &mut Random| match random.below(12) {
        0 => format!(
            "map {} {{m1}} {{m2}} {{\n{}\n}}",
            one(random, "{path} ~ {query.a} ~ {host} ~ {header.X-Id} ~ {uri} ~ {path.0}"),
            several(random, 1, 5, |random| {
                one(
                random,
                "/a one 1 ~ ~^/b(.*)$ two$1 - ~ 1 n1 n2 ~ ~^(?P<x>.)b {path} \"$1\" ~ v.test vt {query.a} ~ 7 - seven ~ \
             ~[ab] ${0}x y ~ \"a b\" spaced 2 ~ /A upper 3 ~ ~(?i)^/a ci {method}"
            )
            .to_owned()
            }) + one(random, " ~ \ndefault dflt {query.b} ~ \ndefault - x")
        ),
        1 => format!(
            "vars {} v {}",
            one(random, " ~ /a* ~ @id ~ *"),
            one(random, "1 ~ {path} ~ {m1} ~ x{vars.w} ~ true ~ \"two words\"")
        ),
        2 => format!("vars {{\nv {}\nw {}\n}}", one(random, "1 ~ {query.a}"), one(random, "{vars.v}2 ~ w")),
        3 => format!(
            "basic_auth {} {{\nkim $2y$05$bvIG6Nmid91Mu9RcmmWZfO5HJIMCT8riNW0hEp8f6/FuA2/mHZFpe\n}}",
            one(random, "/api/* ~ @id ~ /a*")
        ),
        4 => "invoke /b* named".to_owned(),
        5 => "invoke /a* other".to_owned(),
        6 => format!("request_body {{\nmax_size {}\n}}", one(random, "2 ~ 2KB ~ 3")),
        7 => {
            format!("method {} {}", one(random, "/a* ~ @id"), one(random, "GET ~ post ~ {query.a}"))
        }
        8 => format!("route {} {{\nvars v in\nheader X-R {{vars.v}}\n}}", one(random, "/a* ~ @id ~ ")),
        9 => format!(
            "templates {}\nheader Content-Type {}",
            one(random, "/a* ~ "),
            one(random, "text/html ~ text/plain ~ image/png")
        ),
        10 => format!("header X-M \"{{m1}} {{m2}} {}\"", text(random)),
        _ => format!("request_body /b* {{\nset \"{}\"\n}}", one(random, "set {path} ~ x")),
    };
    let end = |random: &mut Random| match random.below(5) {
        0 => "reverse_proxy 127.0.0.1:{$B1}".to_owned(),
        1 => "respond \"{m1}|{m2}|{vars.v}|{vars.w}|{http.auth.user.id}\"".to_owned(),
        2 => "respond /a* \"{{.Req.Method}} {{placeholder \\\"http.request.uri\\\"}}\"".to_owned(),
        3 => "respond \"b {http.request.body}\"".to_owned(),
        _ => format!("respond \"{}|{{m1}}\"", text(random)),
    };
    let mut body = "@id header X-Id *\n".to_owned();
    let mut seen: Vec<String> = Vec::new();
    for _ in 0..2 + random.below(5) {
        let line = line(random);
        let word = line.split(' ').next().unwrap_or_default().to_owned();
        if matches!(word.as_str(), "map" | "request_body" | "templates") && seen.contains(&word) {
            continue;
        }
        seen.push(word);
        body += &line;
        body += "\n";
    }
    body += &several(random, 1, 2, end);
    body + "\n"
}

const PHP_FILES: &str = "w/index.php: i ~ w/a.php: a ~ w/d/index.php: d ~ w/b.txt: b ~ w/c.PHP: c ~ w/app/index.php: app ~ \
    w/app/x.php: x ~ w/é.php: acute ~ w/a b.php: space ~ w/e/index.html: e ~ w/p.phtml: p ~ \
    w/f.php/g.php: folder ~ v/index.php: v ~ v/o.php: o ~ w/none/x.txt: x";
const PHP_PATHS: &str = "/ ~ /a.php ~ /a.php/x/y ~ /A.php ~ /c.PHP ~ /c.php ~ /d ~ /d/ ~ /d/x ~ /none.php ~ /none.php/i ~ \
    /b.txt ~ /b.txt/ ~ /nowhere ~ /app/ ~ /app ~ /app/x ~ /app/x.php ~ /a.php.php ~ /d%2F ~ //a.php ~ \
    /a%2Ephp ~ /a.phpx ~ /é.php ~ /%C3%A9.php/i ~ /a%20b.php ~ /a.php/x%2Fy ~ /a.php/.. ~ /../a.php ~ \
    /d/index.php/x ~ /index.php ~ /index.php/z ~ /d.php ~ /e ~ /e/ ~ /p.phtml/i ~ /f.php ~ /f.php/g.php ~ \
    /f.php/g.php/h ~ /o.php ~ /a.php/../b.txt ~ /none ~ /none/ ~ /a.php/%2e%2e/c ~ /app//x.php ~ \
    /a.PHP/x";

fn scripts(random: &mut Random) -> String {
    let proxy = |random: &mut Random| {
        let mut options = Vec::new();
        for _ in 0..random.below(4) {
            let option = one(
                random,
                "root w ~ root v ~ split .php .phtml ~ split .phtml ~ index index.php ~ index off ~ index none.php ~ \
             try_files {path} {path}/index.php index.php ~ try_files {path} =404 ~ \
             try_files {path} /a.php?r={path}&{query} ~ try_files {path}.php {path} index.php ~ env X_Y z ~ \
             env SCRIPT_NAME own ~ env PATH_INFO {path} ~ resolve_root_symlink ~ header_up X-New {path} ~ \
             header_up -User-Agent ~ header_down X-Down {rp.status_code} ~ dial_timeout 1s ~ \
             @s status 404\nhandle_response @s {\nrespond \"h {rp.status_code}\" 410\n} ~ \
             trusted_proxies private_ranges ~ rewrite /r{uri}",
            );
            let word = option.split(' ').next().unwrap_or_default();
            if word == "env" || !options.iter().any(|known: &&str| known.split(' ').next() == Some(word)) {
                options.push(option);
            }
        }
        format!(
            "php_fastcgi {} 127.0.0.1:{{$B3}} {{\n{}\n}}",
            one(random, " ~  ~  ~ /app/* ~ /*.php ~ @get"),
            options.join("\n")
        )
    };
    let mut body = "@get method GET HEAD\n@php path *.php *.php/*\n".to_owned();
    body += one(random, "root * w\n ~ root * w\n ~ root * w\n ~ root * v\n ~ root * {query.k}\n ~ ");
    body += &several(random, 0, 2, |random| {
        one(
            random,
            "file_server ~ file_server {\nhide *.php\n} ~ encode gzip ~ rewrite /app/* /index.php?p={path} ~ \
             uri strip_prefix /app ~ header X-Php {http.matchers.file.relative} ~ error /d* 404 ~ \
             try_files {path} /index.php ~ @h path /b.txt\nrespond @h \"no\" 403 ~ request_header X-Id in",
        )
        .to_owned()
    });
    body += "\n";
    match random.below(6) {
        0 => {
            body +=
                &format!("handle_path /app/* {{\n{}\n}}\nhandle {{\n{}\n}}\n", proxy(random), proxy(random));
        }
        1 => body += &format!("route {{\n{}\nfile_server\n}}\n", proxy(random)),
        2 => {
            body += &format!(
                "reverse_proxy {} 127.0.0.1:{{$B3}} {{\ntransport fastcgi {{\n{}\n}}\n}}\n",
                one(random, " ~ @php"),
                one(random, "split .php ~ root w\nsplit .php ~ env A b ~ root v\nsplit .php .phtml")
            );
        }
        _ => body += &(proxy(random) + "\n"),
    }
    if random.one_in(3) {
        body += "handle_errors {\nrespond \"{err.status_code} {err.message}\"\n}\n";
    }
    body
}

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
            one_site(matching(random))
        }
        1 => one_site(rewriting(random)),
        2 => {
            aim.paths = FILE_PATHS;
            aim.headers = FILE_HEADERS;
            aim.hosts = "v.test";
            aim.queries = " ~  ~  ~ ?a=1 ~ ?k=w ~ ?k=v ~ ?a=203";
            files_of_site = FILES.split(" ~ ").map(pair).collect();
            one_site(files(random))
        }
        3 => {
            aim.replies = true;
            one(random, TRUSTED).clone_into(&mut options);
            one_site(proxying(random))
        }
        4 => one_site(heading(random)),
        5 => {
            aim.hosts = "v.test ~ V.test:80 ~ a.b.test ~ w.test ~ v2.test ~ c.test ~ d.test ~ x.test ~ 127.0.0.1 ~ [::1]:80 ~ \
                v.test. ~ a.x.test ~ localhost ~ bücher.test ~ xn--bcher-kva.test ~  ~ test ~ x.y.z.test ~ a..test ~ \
                v.test:99999 ~ A.B.TEST ~ [::1] ~ ::1";
            sites(random)
        }
        6 => one_site(failing(random)),
        8 => {
            aim.replies = true;
            aim.paths = PHP_PATHS;
            aim.hosts = "v.test";
            aim.queries = " ~  ~  ~ ? ~ ?a=1 ~ ?k=w ~ ?k=v ~ ?a=b%20c&d";
            files_of_site = PHP_FILES.split(" ~ ").map(pair).collect();
            one(random, TRUSTED).clone_into(&mut options);
            one_site(scripts(random))
        }
        _ => {
            aim.headers = "X-Id: 7 ~ X-Id: a b ~ Authorization: Basic a2ltOnBhc3N3b3Jk ~ Authorization: Basic a2ltOm5v ~ \
    Cookie: s=1; t=2 ~ authorization: basic a2ltOnBhc3N3b3Jk ~ Content-Type: text/plain";
            let named =
                "&(named) {\nheader X-N 1\nrespond \"named {path}\"\n}\n&(other) {\nrewrite * /o{uri}\n}\n";
            format!("{named}{}", one_site(setting(random)))
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

//! Sites that serve files.

use super::{one, several};

use crate::generate::random::Random;

pub(super) const FILES: &str = "w/index.html: <p>i</p> ~ w/a.txt: hello world ~ w/a.txt.gz: zipped ~ w/a.txt.br: brotli ~ w/b.txt: b ~ \
    w/d/i.txt: di ~ w/d/index.html: <!doctype html>d ~ w/e/x.bin: \u{1}\u{2} ~ w/.git/config: c ~ \
    w/x.secret: s ~ w/sub/hid/y.txt: y ~ w/none.zzz: z ~ w/try.html: t ~ w/fall.html: f {{.Req.Method}} ~ \
    w/404.html: nf ~ w/a b.txt: space ~ w/é.txt: acute ~ w/noext: plain text here ~ w/p.json: {\"a\":1} ~ \
    w/style.css: a{} ~ w/app.js: let a ~ w/d.d/f.txt: f ~ w/x/index.txt: xi ~ \
    w/big.txt: 0123456789012345678901234567890123456789 ~ v/only.txt: v ~ v/a.txt: va";

pub(super) const FILE_PATHS: &str = "/ ~ /a.txt ~ /A.txt ~ /a.txt/ ~ /b.txt ~ /d ~ /d/ ~ /d/index.html ~ /d/i.txt ~ /e ~ /e/ ~ /e/x.bin ~ \
    /.git/config ~ /.git ~ /x.secret ~ /sub/hid/y.txt ~ /sub/hid/ ~ /sub ~ /none.zzz ~ /try ~ /try.html ~ \
    /none ~ /none/ ~ /a%20b.txt ~ /a b.txt ~ /é.txt ~ /%C3%A9.txt ~ /noext ~ /p.json ~ /style.css ~ \
    /app.js ~ /d.d/f.txt ~ /d.d ~ /x/ ~ /x ~ /../a.txt ~ /d/../a.txt ~ //a.txt ~ //d ~ /d// ~ /a.txt%00 ~ \
    /d%2Fi.txt ~ /big.txt ~ /only.txt ~ /index.html ~ /index.html/ ~ /./a.txt ~ /fall.html ~ /a.txt.gz ~ \
    /d/.. ~ /%2e%2e/a.txt ~ /a.txt/x ~ /s/a.txt ~ /s/d ~ /s ~ /s/";

pub(super) const FILE_HEADERS: &str = "Accept-Encoding: gzip ~ Accept-Encoding: br, gzip ~ Accept-Encoding: gzip;q=0 ~ Accept-Encoding: * ~ \
    Accept-Encoding: identity ~ Range: bytes=0-4 ~ Range: bytes=-3 ~ Range: bytes=100- ~ Range: bytes=x ~ \
    Range: bytes=0-0,2-3 ~ Range: bytes=5- ~ If-None-Match: * ~ If-Match: \"no\" ~ If-None-Match: \"no\" ~ \
    If-Modified-Since: Tue, 02 Jan 2020 03:04:05 GMT ~ If-Modified-Since: Tue, 02 Jan 2040 03:04:05 GMT ~ \
    If-Unmodified-Since: Tue, 02 Jan 2020 03:04:05 GMT ~ If-Range: \"x\" ~ Accept: text/html ~ \
    Accept: application/json ~ X-Id: 7 ~ User-Agent: ua";

pub(super) fn files(random: &mut Random) -> String {
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

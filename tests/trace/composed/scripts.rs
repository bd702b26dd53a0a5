//! Sites with `FastCGI` upstreams.

use super::{one, several};

use crate::generate::random::Random;

pub(super) const PHP_FILES: &str = "w/index.php: i ~ w/a.php: a ~ w/d/index.php: d ~ w/b.txt: b ~ w/c.PHP: c ~ w/app/index.php: app ~ \
    w/app/x.php: x ~ w/é.php: acute ~ w/a b.php: space ~ w/e/index.html: e ~ w/p.phtml: p ~ \
    w/f.php/g.php: folder ~ v/index.php: v ~ v/o.php: o ~ w/none/x.txt: x";

pub(super) const PHP_PATHS: &str = "/ ~ /a.php ~ /a.php/x/y ~ /A.php ~ /c.PHP ~ /c.php ~ /d ~ /d/ ~ /d/x ~ /none.php ~ /none.php/i ~ \
    /b.txt ~ /b.txt/ ~ /nowhere ~ /app/ ~ /app ~ /app/x ~ /app/x.php ~ /a.php.php ~ /d%2F ~ //a.php ~ \
    /a%2Ephp ~ /a.phpx ~ /é.php ~ /%C3%A9.php/i ~ /a%20b.php ~ /a.php/x%2Fy ~ /a.php/.. ~ /../a.php ~ \
    /d/index.php/x ~ /index.php ~ /index.php/z ~ /d.php ~ /e ~ /e/ ~ /p.phtml/i ~ /f.php ~ /f.php/g.php ~ \
    /f.php/g.php/h ~ /o.php ~ /a.php/../b.txt ~ /none ~ /none/ ~ /a.php/%2e%2e/c ~ /app//x.php ~ \
    /a.PHP/x";

pub(super) fn scripts(random: &mut Random) -> String {
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

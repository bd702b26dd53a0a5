//! Sites with upstreams.

use super::{one, several};

use crate::generate::random::Random;

pub(super) fn proxying(random: &mut Random) -> String {
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

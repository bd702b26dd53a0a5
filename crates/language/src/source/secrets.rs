//! What must not be printed: passwords, hashes, tokens, keys, credentials in headers and addresses. One table says what is
//! secret, by name (`names`), by shape (`shapes`) and by the place in a Caddyfile (`marks`), and every form of output asks it.

mod blocks;
pub(super) mod lines;
mod marks;
mod names;
mod pairs;
mod shapes;
mod value;
mod within;
mod words;

pub use marks::{Marks, hide_line, hide_lines};
pub use names::{UNREAD, is_secret_name};
pub use value::{hide_text, hide_value, hide_within, name_below};

/// What stands in the place of a secret.
pub(crate) const HIDDEN: &str = "<hidden>";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names() {
        for name in [
            "api_token",
            "Authorization",
            "Proxy-Authorization",
            "X-Api-Key",
            "mac_key",
            "secret",
            "client_secret",
            "X-Auth-Token",
            "licenseKey",
            "aes_key",
            "sign_key",
            "X-Functions-Key",
            "Ocp-Apim-Subscription-Key",
            "X-Client-Key",
            "DB_PASS",
            "db.password",
            "session",
            "token",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "key_type",
            "keepalive",
            "forward_auth",
            "passive",
            "X-Frame-Options",
            "path",
            "key",
            "token_url",
            "password_file",
            "Sec-WebSocket-Key",
            "cache_key",
            "pass_thru",
            "session_lifetime",
            "author",
            "http_basic",
            "Access-Control-Allow-Credentials-Max",
            "client_auth",
            "X-Auth-Request-User",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn covered_texts_keep_their_length() {
        let text = "basic_auth {\n\tbob $2a$14$Zkx19XLiW6VYouLHR5NmfO\n}\nheader X-Api-Key s3cr3t\r\nreverse_proxy http://u:pass@host\n";
        let covered = Marks::of(text).cover(text, 0..text.len());
        assert_eq!(covered.len(), text.len());
        for secret in ["Zkx19", "s3cr3t", "u:pass"] {
            assert!(!covered.contains(secret), "{covered}");
        }
        let text = "basic_auth {\n\tbob plain\n}\nrespond \"é\" b\n";
        let covered = Marks::of(text).cover(text, 13..text.len());
        assert_eq!(covered, "\tbob *****\n}\nrespond \"é\" b\n");
        // What a map gives for a key is none itself.
        let text = "map /x* {header.X-Api-Key} {tenant} {\n\ts3cr3t one\n\tdefault none\n}\n";
        let covered = Marks::of(text).cover(text, 0..text.len());
        assert_eq!(covered, text.replace("s3cr3t", "******"));
    }

    #[test]
    fn lines() {
        for (line, hidden) in [
            ("\tbob $2a$14$Zkx19XLiW6VYouLHR5N", "\tbob <hidden>"),
            ("\theader_up Authorization \"Bearer abc\"", "\theader_up Authorization <hidden>"),
            ("\tdns cloudflare {env.CF_TOKEN}", "\tdns cloudflare {env.CF_TOKEN}"),
            ("\tdns cloudflare abc123", "\tdns cloudflare <hidden>"),
            ("\tapi_token abc # x", "\tapi_token <hidden> # x"),
            ("\tforward_auth localhost:9091 {", "\tforward_auth localhost:9091 {"),
            ("\treverse_proxy http://u:pw@h:1/", "\treverse_proxy http://u:<hidden>@h:1/"),
        ] {
            assert_eq!(hide_line(line), hidden);
        }
    }

    #[test]
    fn values() {
        let hidden =
            hide_value("", &json!({"api_token": "abc", "eab": {"mac_key": ["k"]}, "uri": "/x?token=abc"}));
        assert_eq!(
            hidden,
            json!({"api_token": "<hidden>", "eab": {"mac_key": ["<hidden>"]}, "uri": "/x?token=<hidden>"})
        );
        let map = json!({"destinations": ["{api_token}"], "mappings": [{"input": "a", "outputs": ["b"]}]});
        assert_eq!(
            hide_value("", &map),
            json!({"destinations": ["{api_token}"], "mappings": [{"input": "a", "outputs": ["<hidden>"]}]})
        );
    }
}

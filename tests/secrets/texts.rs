//! Secrets that a Caddyfile holds itself are in no report.

use std::fmt::Write as _;

use super::output::{BASE, everything, folder, run};

/// A Caddyfile that the stock Caddy takes, with a secret of each kind.
const SECRETS: &str = r#"{
	acme_eab {
		key_id S3KRkid
		mac_key S3KRmac
	}
	on_demand_tls {
		ask http://localhost:5555/check?token=S3KR
	}
}

a.example {
	tls {
		issuer zerossl S3KRzerossl
		issuer acme {
			eab S3KRkid S3KRmac
		}
	}
	basic_auth /b/* {
		bob $2a$14$S3KRS3KRS3KRS3KRS3KRS3OS3KRS3KRS3KRS3KRS3KRS3KRS3KRS3
	}
	@t header X-Token S3KR
	@r header_regexp X-Token ^S3KR$
	@p header Proxy-Authorization "Basic S3KR"
	@q query api_key=S3KR
	@e expression `{header.X-Token} == "S3KR"`
	respond @t "token=S3KR"
	respond @r "https://u:S3KR@h/"
	respond @p "1"
	respond @q "2"
	respond @e "3"
	header X-Api-Key S3KR
	header >Set-Cookie "sid=S3KR; Path=/"
	request_header Authorization "Bearer S3KR"
	request_header Proxy-Authorization "Basic S3KR"
	redir /r https://x.example/?access_token=S3KR
	rewrite /w /verify?secret=S3KR
	uri /u query token S3KR
	map {host} {api_token} {
		a.example S3KRmap
		default S3KRdefault
	}
	vars secret S3KR
	log_append token S3KR
	respond /pem <<PEM
		-----BEGIN PRIVATE KEY-----
		S3KRMIIEvQIBADANBgkq
		-----END PRIVATE KEY-----
		PEM
	respond /body <<END
		user: bob
		password: S3KR
		END
	respond /default "{$DB_PASSWORD:S3KRdefault}"
	reverse_proxy /p/* a:1 b:1 {
		lb_policy cookie lb S3KR
		header_up Authorization "Bearer S3KR"
		header_up Proxy-Authorization "Basic S3KR"
		header_up X-Functions-Key S3KR
		header_up Ocp-Apim-Subscription-Key S3KR
		header_up X-Client-Key S3KR
		header_up 			X-Auth-Token 			"S3KR"
		health_uri /health?token=S3KR
		health_headers {
			Authorization "Bearer S3KR"
		}
	}
	php_fastcgi /php/* a:9000 {
		env DB_PASSWORD S3KR
		env DSN "user:S3KR@tcp(db)/x"
	}
}
"#;

#[test]
fn secrets_of_a_text_are_in_no_report() {
    let other = SECRETS.replace("S3KR", "S3KRother").replace("$2a$14$S3KRother", "$2a$14$S3KR");
    let faulty = SECRETS
        .replace("respond @t", "respnd @t")
        .replace("health_uri", "health_url")
        .replace("/p/* a:1", "/p/* https://u:S3KR@host/path?token=S3KR")
        .replace("issuer zerossl S3KRzerossl", "issuer zerossl S3KRzerossl S3KRmore")
        .replace("lb_policy cookie lb S3KR", "lb_policy cookie lb S3KR S3KRmore");
    let files = [("Caddyfile", SECRETS), ("base", BASE), ("other", &other), ("faulty", &faulty)];
    let folder = folder(&files);
    let mut shown = String::new();
    for (args, printed) in everything(folder.path(), &[]) {
        assert!(!printed.contains("panicked"), "{args}: {printed}");
        for line in printed.lines().filter(|line| line.to_lowercase().contains("s3kr")) {
            let _ = writeln!(shown, "{args}: {}", line.chars().take(200).collect::<String>());
        }
    }
    assert_eq!(shown, "");
}

/// The name of a check is shown without what its URL holds.
#[test]
fn checks_are_named_without_tokens() {
    let checks = "[[check]]\nurl = \"http://127.0.0.1:1/x?token=S3KR\"\n\n[[check]]\nurl = \"http://u:S3KR@127.0.0.1:1/\"\n";
    let broken =
        "[[check]]\nurl = \"http://127.0.0.1:1/\"\nheaders = { Authorization = \"Bearer S3KR\", x }\n";
    let folder = folder(&[("checks.toml", checks), ("broken.toml", broken)]);
    for args in ["verify checks.toml", "verify --format json checks.toml", "verify broken.toml"] {
        let printed = run(folder.path(), &[], args);
        assert!(!printed.contains("S3KR") && !printed.is_empty(), "{args}: {printed}");
    }
}

use super::super::parse;
use super::*;
use serde_json::json;

fn config() -> Value {
    let proxy = |dials: &[&str]| {
        let upstreams: Vec<Value> = dials.iter().map(|dial| json!({"dial": dial})).collect();
        json!({"handler": "reverse_proxy", "upstreams": upstreams})
    };
    json!({"admin": {"listen": "localhost:2019"}, "apps": {"http": {"servers": {
        "any": {"listen": [":8000-8002", "unix//run/site.sock", "udp/:8010", "{env.X}:8011"], "routes": [
            {"handle": [proxy(&["localhost:9000", "unix//run/docker.sock", "169.254.169.254:80", "10.0.0.7:8443"])]}
        ]},
        "named": {"listen": ["127.0.0.1:8020"], "routes": [
            {"match": [{"host": ["a.test", "*.b.test"]}], "handle": [{"handler": "subroute", "routes": [
                {"handle": [proxy(&["{env.UP}:1", ":9001", "[::1]:9002"])]}
            ]}]}
        ]},
        "tls": {"listen": [":443"], "routes": [{"match": [{"host": ["c.test"]}]}]},
        "elsewhere": {"listen": ["169.254.169.254:8030", "203.0.113.9:8031"], "routes": []},
        "bare": {"listen": [":8444"], "tls_connection_policies": [{}], "automatic_https": {"disable_redirects": true},
                 "routes": [{"match": [{"host": ["d.test"]}]}]}
    }}}})
}

fn judge(lines: &str) -> Result<(), String> {
    judge_with("", lines, &Reach::default())
}

fn judge_with(first: &str, lines: &str, reach: &Reach) -> Result<(), String> {
    let checks = parse(&format!("{first}\n[[check]]\n{lines}\n")).unwrap();
    let bounds = Bounds::of_config(&config());
    bounds.judge(&checks, reach).map_err(|(_, reason)| reason)
}

#[test]
fn what_the_configuration_names() {
    for url in [
        "http://localhost:8000/",
        "http://127.0.0.1:8001/x",
        "http://[::1]:8002/",
        "http://127.1.2.3:8000/",
        "http://127.0.0.1:8000/?x",
        "ws://app.localhost:8000/",
        "http://a.test:8020/",
        "http://A.TEST:8020/",
        "http://x.b.test:8020/",
        "https://c.test/",
        "http://c.test/",
        "https://d.test:8444/",
    ] {
        assert_eq!(judge(&format!("url = \"{url}\"")), Ok(()), "{url}");
    }
    for upstream in
        ["localhost:9000", "http://127.0.0.1:9000", "https://10.0.0.7:8443", "localhost:9001", "[::1]:9002"]
    {
        let lines = format!("url = \"http://localhost:8000/\"\nupstream = \"{upstream}\"");
        assert_eq!(judge(&lines), Ok(()), "{upstream}");
    }
}

#[test]
fn what_it_does_not_name() {
    for (url, reason) in [
        ("http://localhost:2019/config/", "the configuration has no HTTP listener on port 2019"),
        ("http://localhost:8003/", "no HTTP listener on port 8003"),
        ("http://localhost:8010/", "no HTTP listener on port 8010"),
        ("http://169.254.169.254:8000/latest/meta-data/", "does not listen at 169.254.169.254:8000"),
        ("http://0xA9FEA9FE:8000/", "does not listen at 169.254.169.254:8000"),
        ("http://[::ffff:169.254.169.254]:8000/", "does not listen at 169.254.169.254:8000"),
        ("http://[fe80::1]:8000/", "does not listen at [fe80::1]:8000"),
        ("http://0.0.0.0:8000/", "does not listen at 0.0.0.0:8000"),
        ("http://203.0.113.9:8000/", "does not listen at 203.0.113.9:8000"),
        ("http://169.254.169.254:8030/", "does not listen at 169.254.169.254:8030"),
        ("http://203.0.113.9:8031/", "does not listen at 203.0.113.9:8031"),
        ("http://internal.example:8000/", "no site `internal.example` on port 8000"),
        ("http://127.0.0.1:8020/", "no site `127.0.0.1` on port 8020"),
        ("http://localhost:8020/", "no site `localhost` on port 8020"),
        ("http://x.y.b.test:8020/", "no site `x.y.b.test`"),
        ("http://127.0.0.2:8020/", "does not listen at 127.0.0.2:8020"),
        ("http://d.test/", "no site `d.test` on port 80"),
        ("http://a.test:8020@169.254.169.254/", "does not listen at 169.254.169.254:80"),
    ] {
        let message = judge(&format!("url = \"{url}\"")).unwrap_err();
        assert!(message.contains(reason), "{url}: {message}");
    }
    for (upstream, reason) in [
        ("unix//run/docker.sock", "is a unix socket, which a check of a source does not use"),
        ("unix//run/site.sock", "is a unix socket"),
        ("unix/@abstract", "is a unix socket"),
        ("localhost:9003", "the configuration has no upstream localhost:9003"),
        ("10.0.0.8:8443", "no upstream 10.0.0.8:8443"),
        ("127.0.0.1:9002", "no upstream 127.0.0.1:9002"),
        ("localhost:9000@10.0.0.8:8443", "no upstream 10.0.0.8:8443"),
        ("169.254.169.254:80", "169.254.169.254 is a link-local address, which checks do not use"),
    ] {
        let lines = format!("url = \"http://localhost:8000/\"\nupstream = \"{upstream}\"");
        let message = judge(&lines).unwrap_err();
        assert!(message.contains(reason), "{upstream}: {message}");
    }
}

#[test]
fn what_leads_to_a_link_local_address() {
    for leads in [
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "fe80::1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "::ffff:0:169.254.169.254",
        "64:ff9b::169.254.169.254",
        "64:ff9b::a9fe:1",
        "64:ff9b:1::169.254.169.254",
        "64:ff9b:1:a9fe:a9:fe00::",
        "64:ff9b:1:a9:fe:a9fe::",
        "64:ff9b:1:0:a9:fea9:fe00:0",
        "2002:a9fe:a9fe::1",
        "2002:6464:64c8::",
        "2001:db8::5efe:169.254.169.254",
    ] {
        assert!(is_link_local(leads.parse().unwrap()), "{leads}");
    }
    for stays in [
        "127.0.0.1",
        "10.0.0.7",
        "::",
        "::1",
        "::ffff:10.0.0.7",
        "fd00::254",
        "64:ff9b::10.0.0.7",
        "2002:a00:7::169.254.169.254",
        "2001:db8::169.254.169.254",
    ] {
        assert!(!is_link_local(stays.parse().unwrap()), "{stays}");
    }
    let upstreams =
        json!({"upstreams": [{"dial": "[64:ff9b::a9fe:a9fe]:80"}, {"dial": "[2002:a9fe:a9fe::]:80"}]});
    let bounds = Bounds::of_config(&json!({"apps": {"http": {"servers": {
        "a": {"listen": [":8000"], "routes": [{"handle": [upstreams]}]}
    }}}}));
    for upstream in ["[64:ff9b::169.254.169.254]:80", "[2002:a9fe:a9fe::]:80"] {
        let text = format!("[[check]]\nurl = \"http://localhost:8000/\"\nupstream = \"{upstream}\"\n");
        let checks = parse(&text).unwrap();
        let (_, message) = bounds.judge(&checks, &Reach::default()).unwrap_err();
        assert!(
            message.contains("is a link-local address, which checks do not use"),
            "{upstream}: {message}"
        );
    }
}

#[test]
fn an_address_for_all_checks() {
    let none = Reach::default();
    let any = "url = \"http://customer.example:8000/\"";
    assert_eq!(judge_with("address = \"127.0.0.1\"", any, &none), Ok(()));
    for address in ["10.0.0.1", "169.254.169.254", "::ffff:169.254.169.254", "0.0.0.0", "224.0.0.1"] {
        let message = judge_with(&format!("address = \"{address}\""), any, &none).unwrap_err();
        assert!(message.contains("does not listen at"), "{address}: {message}");
    }
    let named =
        judge_with("address = \"127.0.0.1\"", "url = \"http://other.test:8020/\"", &none).unwrap_err();
    assert_eq!(named, "the configuration has no site `other.test` on port 8020");
    // What a person says on the command line counts.
    let resolve = vec![("far.test".to_owned(), "10.0.0.1:7000".parse().unwrap())];
    let reach = Reach { resolve, ..Reach::default() };
    assert_eq!(judge_with("", "url = \"http://far.test:7000/\"", &reach), Ok(()));
}

#[test]
fn connections_go_to_the_listener_and_not_where_a_name_leads() {
    let bounds = Bounds::of_config(&config());
    let at = |url: &str| {
        let checks = parse(&format!("[[check]]\nurl = \"{url}\"\n")).unwrap();
        bounds.site(&checks.check[0], None, &Reach::default()).unwrap().addresses().unwrap()
    };
    assert_eq!(at("http://a.test:8020/"), ["127.0.0.1:8020".parse().unwrap()]);
    assert_eq!(at("https://c.test/"), ["127.0.0.1:443".parse().unwrap(), "[::1]:443".parse().unwrap()]);
    let checks =
        parse("[[check]]\nurl = \"http://localhost:8000/\"\nupstream = \"localhost:9002\"\n").unwrap();
    let way = upstream::way(&checks.check[0], "localhost:9002").unwrap();
    assert_eq!(
        bounds.upstream(way, "localhost:9002").unwrap().addresses().unwrap(),
        ["[::1]:9002".parse().unwrap()]
    );
}

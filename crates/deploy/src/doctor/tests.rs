use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::systemd::service::differing;
use caddyctl_language::source::Env;

#[test]
fn what_is_out_of_reach() {
    let here = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let config = json!({"handle": [{"upstreams": [
            {"dial": here.local_addr().unwrap().to_string()}, {"dial": gone.to_string()}, {"dial": "{env.X}:1"}
        ]}], "match": [{"host": ["a.test", "*.b.test", "127.0.0.1", "c.test"]}]});
    let asked = upstreams(&config, Duration::from_secs(5));
    let faults: Vec<String> = asked.findings.into_iter().map(|finding| finding.fault).collect();
    assert_eq!((faults.len(), asked.unasked), (1, 0));
    assert_eq!(upstreams(&config, Duration::ZERO).unasked, 3);
    assert!(faults[0].starts_with(&format!("the upstream {gone} is unreachable: ")), "{faults:?}");
    let resolve =
        |name: &str| Ok(if name == "c.test" { vec![IpAddr::from([192, 0, 2, 7])] } else { Vec::new() });
    let faults = |found: Vec<Finding>| found.into_iter().map(|found| found.fault).collect::<Vec<_>>();
    let hosts: Vec<String> = names_of(&config).into_iter().collect();
    assert_eq!(hosts, ["a.test", "c.test"]);
    let lost = names(&config, &hosts, &resolve, None);
    assert!(!lost[0].help.contains("certificate"), "{lost:?}");
    assert_eq!(faults(lost), ["the name a.test does not resolve"]);
    assert_eq!(
        faults(names(&config, &hosts, &resolve, Some(&is_local)))[1..],
        ["the name c.test resolves to 192.0.2.7, which is not this machine"]
    );
    assert!(is_local(IpAddr::from([127, 0, 0, 1])));
    let servers =
        json!({"apps": {"http": {"servers": {"a": {"listen": [here.local_addr().unwrap().to_string()]}}}}});
    let held = faults(listeners(&servers, true, &|_| Some("nginx".to_owned())));
    assert_eq!(held, [format!("nginx listens on {}, not Caddy", here.local_addr().unwrap())]);
}

#[test]
fn a_clock_that_is_wrong() {
    let at = |second| Timestamp::from_second(second).unwrap();
    let faults =
        |text: &str, last, now| clock(text, last, now).into_iter().map(|f| f.fault).collect::<Vec<_>>();
    assert_eq!(faults("NTP=yes\nNTPSynchronized=yes\n", Some(at(0)), at(1)), Vec::<String>::new());
    assert_eq!(
        faults("NTPSynchronized=no\n", Some(at(60)), at(0)),
        [
            "the clock shows 1970-01-01T00:00:00Z, but the last deployment was at 1970-01-01T00:01:00Z",
            "the clock is not synchronised; a wrong clock makes certificates invalid",
        ]
    );
}

#[test]
fn an_environment_that_is_old() {
    let next = Env::from_iter([("A", "new"), ("B", "same"), ("C", "x")]);
    let running = Env::from_iter([("A", "old"), ("B", "same"), ("PATH", "/bin")]);
    assert_eq!(differing(&running, &next), ["A", "C", "PATH"]);
}

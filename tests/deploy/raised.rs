//! What was deployed with `--raise-limits` is read again without it: by `status`, a recovery and a rollback.

use std::fs;

use crate::deploy::bench::{err, out};
use crate::deploy::hostile::{Scene, with_programs};

/// `systemctl` of a service that runs as long as there is a file `/run/started`.
const SYSTEMCTL: &str = r#"#!/bin/sh
state=inactive; [ -e /run/started ] && state=active
case "$1" in
--version) echo "systemd 252 (252)" ;;
start) touch /run/started ;;
show)
  case "$2" in
  caddy.service)
    printf '%s\n' LoadState=loaded "ActiveState=$state" SubState=x MainPID=0 User=root UnitFileState=enabled \
      'ExecStart={ path=/bin/true ; argv[]=/bin/true run --config /run/site/Caddyfile ; }'
    ;;
  *) echo LoadState=not-found ;;
  esac ;;
esac
"#;

const SYSTEMD_RUN: &str = "#!/bin/sh\necho \"$@\" >>/run/timers\n";

#[test]
fn a_host_remembers_that_limits_were_raised() {
    let Some(scene) = Scene::new("a_host_remembers_that_limits_were_raised") else { return };
    let nested = |n| format!("(s{}) {{\n\timport s{n}\n\timport s{n}\n}}\n", n + 1);
    let large = "(s0) {\n}\n".to_owned()
        + &(0..17).map(nested).collect::<String>()
        + ":80 {\n\timport s17\n\trespond hi\n}\n";
    fs::write(scene.path("repo/large"), large).unwrap();
    fs::write(scene.path("repo/small"), ":80 {\n\trespond ho\n}\n").unwrap();
    let script = r#"run() { rm -f /run/started; "$CADDYCTL" "$@" --compiler caddyctl 2>&1; echo "= $1 $?"; }
        chown -R 0:0 /run/site; how="--no-drop-in --no-probe --admin unix//run/none.sock"
        run deploy repo/large $how
        run deploy repo/large $how --raise-limits 4 --confirm 60s --admin-user daemon; cat /run/timers
        run status
        run deploy repo/small $how
        run rollback $how
        "#;
    let ran = with_programs(&scene, &[("systemctl", SYSTEMCTL), ("systemd-run", SYSTEMD_RUN)], script);
    let all = out(&ran);
    let parts: Vec<&str> = all.split_inclusive("= ").collect();
    assert!(parts[0].contains("imports expand to more than 400,000 words"), "{all}");
    assert!(all.contains("= deploy 1\n") && all.contains("= deploy 0\n"), "{all}{}", err(&ran));
    // The timer finds what the deploy found.
    let timer = all.lines().find(|line| line.starts_with("--on-active=")).unwrap_or_default();
    for option in ["--raise-limits=4", "--admin-user=1", "--compiler=caddyctl", "--admin=unix//run/none.sock"]
    {
        assert!(timer.contains(" recover ") && timer.contains(option), "{option}: {all}");
    }
    assert!(!all.contains("do not compile"), "{all}");
    assert!(all.ends_with("= rollback 0\n"), "{all}");
    assert_eq!(all.matches("= deploy 0\n").count(), 2, "{all}");
}

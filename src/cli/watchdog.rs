//! `caddyctl watchdog`: Caddy's heartbeat, run by caddy-watchdog.service.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use caddyctl_deploy::systemd::Systemd;
use caddyctl_deploy::systemd::notify::{Notify, SYSTEMD};
use caddyctl_deploy::watchdog::{Beat, Health, Watchdog};

use super::deploy::{duration, signals};
use super::fault::Fault;
use super::{print, program};

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Report to systemd that Caddy responds (caddy-watchdog.service runs this)";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// The systemd unit of Caddy.
    #[arg(long, value_name = "NAME", default_value = "caddy.service")]
    unit: String,
    /// How long Caddy may not respond before systemd kills and restarts it.
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration::parse)]
    span: Duration,
    /// The interval between requests.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration::parse)]
    every: Duration,
}

const HELP: &str = "Examples:
  systemctl status caddy-watchdog

Caddy does not support systemd's watchdog itself. This command sends `OPTIONS * HTTP/1.1` to all listeners of Caddy, a \
request that reaches no site, log or upstream. After the first response it turns systemd's watchdog on, and after each \
further one it reports that Caddy is alive. It needs root with CAP_SYS_ADMIN, and should run only in \
caddy-watchdog.service.

Exit status: 0 stopped on request; 2 systemd is not reachable.";

/// The folder that is there where systemd runs: `sd_booted(3)`.
const BOOTED: &str = "/run/systemd/system";

/// Beats until a signal asks it to stop.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if args.every.is_zero() || args.every >= args.span {
        let fault = Fault::system("--every must be longer than 0 and shorter than --span");
        return Err(fault.help("the defaults are --every 10s --span 30s").into());
    }
    if !Path::new(BOOTED).exists() {
        let fault = Fault::system("systemd is unreachable: it does not run on this machine");
        return Err(fault.help("run the watchdog where systemd starts Caddy").into());
    }
    let cancel = signals::cancel();
    let systemd = Systemd::new(program::systemctl(), &args.unit);
    let mut watchdog = Watchdog::new(Notify::new(SYSTEMD)?, args.span);
    let own = std::env::var_os("NOTIFY_SOCKET").map(Notify::new).transpose()?;
    let notify = |words: &str| own.as_ref().map_or(Ok(()), |own| own.send(words));
    notify("READY=1")?;
    let mut last = None;
    while !cancel.is_cancelled() {
        notify("WATCHDOG=1")?;
        let pid = systemd.show(Duration::from_secs(5)).ok().and_then(|unit| unit.main_pid());
        // A process that ended this moment cannot be spoken for; the next round sees what became of it.
        let beat = pid.and_then(|pid| watchdog.beat(pid).ok());
        if beat != last {
            say(&args.unit, beat);
            last = beat;
        }
        // Until it is armed it is looked at often, so that a Caddy that just started is soon watched over.
        let pause =
            if matches!(beat, Some(Beat::Armed | Beat::Alive)) { args.every } else { Duration::from_secs(1) };
        rest(pause, &cancel);
    }
    Ok(ExitCode::SUCCESS)
}

fn say(unit: &str, beat: Option<Beat>) {
    let words = match beat {
        None => "is not running".to_owned(),
        Some(Beat::Armed) => "responds; its watchdog is armed".to_owned(),
        Some(Beat::Alive) => "is alive".to_owned(),
        Some(Beat::Withheld(Health::Gone)) => "is frozen: its process was stopped".to_owned(),
        Some(Beat::Withheld(_)) => "does not respond".to_owned(),
    };
    print::stderr(format!("{unit} {words}\n"));
}

fn rest(pause: Duration, cancel: &caddyctl_deploy::process::cancel::Cancel) {
    let end = std::time::Instant::now() + pause;
    while std::time::Instant::now() < end && !cancel.is_cancelled() {
        std::thread::sleep(Duration::from_millis(100).min(pause));
    }
}

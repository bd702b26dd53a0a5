//! Comparing a file with a server: with what is deployed on it, or with what it runs now.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use caddyctl_analysis::diff::Side;
use caddyctl_deploy::admin::address::Address;
use caddyctl_deploy::admin::{Admin, AdminError};
use caddyctl_deploy::files::host::Host;
use caddyctl_deploy::place::Found;
use caddyctl_deploy::place::judge::unknown;
use caddyctl_deploy::source::overlay::Overlay;
use caddyctl_host::regular;
use caddyctl_language::compile::Compilation;
use caddyctl_language::lower::Registry;
use caddyctl_language::source::{Limits, Loader, shown};
use serde_json::Value;

use super::sides::{Asked, ByHost, Text, With, both, one, side};
use crate::cli::deploy::place::Place;
use crate::cli::fault::Fault;
use crate::cli::with::Plugins;
use crate::cli::{input, print};

/// How long Caddy may take to send its configuration.
const PATIENCE: Duration = Duration::from_secs(10);

/// The unit of Caddy.
const UNIT: &str = "caddy.service";

/// Where the source may keep its drop-in.
const DROP_IN: &str = "systemd/caddy.service.d/override.conf";

/// What help says of the paths.
pub const PATHS: &str = "The old and the new configuration: Caddyfiles or Caddy's JSON; `-` reads standard input. \
With one path, the old configuration is the deployed one. Without a path, the new one is the Caddyfile of this folder";

/// What help shows of it.
pub const EXAMPLES: [&str; 2] = ["  caddyctl diff\n", "  caddyctl diff --live 127.0.0.1:2019 Caddyfile\n"];

/// What else may go wrong.
pub const TROUBLE: &str = ", or Caddy not responding";

/// The arguments that choose a server.
#[derive(Debug, clap::Args)]
pub struct OfHost {
    /// Compare with the configuration that Caddy runs now. ADMIN is the address of its admin API, such as localhost:2019 or
    /// unix//run/caddy/admin.sock; without it, the address in the Caddyfile.
    #[arg(long, value_name = "ADMIN", num_args = 0..=1, default_missing_value = "", conflicts_with = "against")]
    live: Option<String>,
    /// Look for the deployed files below this folder instead of `/`.
    #[arg(long, value_name = "DIR", default_value = "/", hide_default_value = true)]
    root: PathBuf,
}

impl OfHost {
    /// Whether a running Caddy is one of the sides, however many paths are named.
    pub fn is_live(&self) -> bool {
        self.live.is_some()
    }

    /// The server, and the file that `paths` name.
    pub fn read(&self, paths: &[PathBuf], with: &With<'_>) -> anyhow::Result<Option<(Side, Side)>> {
        match &self.live {
            Some(admin) => live(admin, paths, with),
            None => deployed(one(paths, "")?, &self.root, with),
        }
    }
}

/// What Caddy runs now against a file.
fn live(admin: &str, paths: &[PathBuf], with: &With<'_>) -> anyhow::Result<Option<(Side, Side)>> {
    // `--live Caddyfile`: the word is the file when there is such a file.
    let (admin, paths) = match paths {
        [] if !admin.is_empty() && Path::new(admin).is_file() => ("", vec![PathBuf::from(admin)]),
        paths => (admin, paths.to_vec()),
    };
    // The Caddy that runs the file decides which plugins there are.
    let ask = |text: &Text<'_>, path: &Path, compile: &dyn Fn(&Arc<Registry>) -> Compilation| {
        by_host(with.plugins, text, path, compile)
    };
    let host: Option<&Asked> = if with.plugins.build.is_named() { None } else { Some(&ask) };
    let with = &With { host, ..*with };
    let Some(new) = side(one(&paths, "--live")?, with)? else { return Ok(None) };
    let address = if admin.is_empty() {
        let configured = Address::of_config(&new.config).map_err(|error| Fault::system(error.to_string()))?;
        configured.unwrap_or_else(Address::standard)
    } else {
        Address::parse(admin).map_err(|error| Fault::system(error.to_string()))?
    };
    Ok(Some((running(address, with)?, new)))
}

/// The configuration that Caddy runs now, for the commands that look at one.
#[derive(Debug, Default, clap::Args)]
pub struct OfLive {
    /// Use the configuration that Caddy runs now. ADMIN is the address of its admin API, such as unix//run/caddy/admin.sock;
    /// without it, localhost:2019.
    #[arg(long, value_name = "ADMIN", num_args = 0..=1, require_equals = true, default_missing_value = "", conflicts_with = "config")]
    live: Option<String>,
}

impl OfLive {
    /// What runs; `None` unless it was requested.
    pub fn read(&self, with: &With<'_>) -> anyhow::Result<Option<Side>> {
        let Some(admin) = &self.live else { return Ok(None) };
        let address = if admin.is_empty() {
            Address::standard()
        } else {
            Address::parse(admin).map_err(|error| Fault::system(error.to_string()))?
        };
        running(address, with).map(Some)
    }
}

/// What the Caddy at an address of an admin API runs.
fn running(address: Address, with: &With<'_>) -> anyhow::Result<Side> {
    let name = address.to_string();
    let memory = with.raise.limits().memory;
    let running = Admin::new(address).and_then(|admin| admin.with_memory(memory).config(PATIENCE));
    let running = running.map_err(|error| {
        let help = match &error {
            AdminError::TooLarge { .. } => error.help(),
            _ => None,
        };
        let help = help.unwrap_or("check that Caddy is running and that this is its admin address");
        Fault::system(error.to_string()).help(help)
    })?;
    Ok(Side::json(format!("running at {name}"), running))
}

/// What the Caddy of this host makes of a text: its version and its plugins count.
fn by_host(
    plugins: &Plugins,
    text: &Text<'_>,
    path: &Path,
    compile: &dyn Fn(&Arc<Registry>) -> Compilation,
) -> anyhow::Result<Option<ByHost>> {
    let place = Place::of_unit(UNIT).with(plugins.packages.clone(), plugins.caddy);
    let Ok(found) = place.look_around() else { return Ok(None) };
    let wanted = plugins.packages.wanted(Some(path), false, &mut |_| ())?;
    let is_asked = !wanted.requests.is_empty();
    place.know(&found, wanted)?;
    found.is_of_version().map_err(Fault::from)?;
    if let Some(caddy) = found.unknown_caddy() {
        print::stderr(format!("note: {}\n", unknown(caddy)));
        return own_reading(&found, text, path).map(ByHost::Json).map(Some);
    }
    let compilation = compile(&found.words());
    let more = (is_asked || !compilation.is_ok()).then(|| found.more_words()).flatten();
    let compilation = more.map_or(compilation, |words| compile(&words));
    Ok(Some(ByHost::Compiled(Box::new(compilation))))
}

/// The host's Caddy's own reading of a text at an absolute path.
fn own_reading(found: &Found, text: &Text<'_>, path: &Path) -> anyhow::Result<Value> {
    let overlay = Overlay::new(&found.host, text.loader, path, None).read_by(found.reader.as_ref());
    let given = Some(&*text.name);
    let (compiled, _) = found.compiled(&overlay, text.loader, (path, given), false).map_err(Fault::from)?;
    match compiled.verdict {
        Some(verdict) => Ok(caddyctl_deploy::json::read(&verdict.json)?),
        None => Err(Fault::input(format!("the host's Caddy refuses {}", shown::line(&text.name))).into()),
    }
}

/// What is deployed on this host against a file, drop-ins included.
fn deployed(path: &Path, root: &Path, with: &With<'_>) -> anyhow::Result<Option<(Side, Side)>> {
    let host = Host::new(root.canonicalize().unwrap_or_else(|_| root.to_owned()));
    let installed = host.on_disk(&host.caddyfile);
    let shown = root.join(host.caddyfile.strip_prefix("/").unwrap_or(&host.caddyfile));
    let bytes = host.read(&host.caddyfile, regular::MOST).map_err(|error| {
        let fault = Fault::unreadable(&shown, &error);
        if error.kind() == std::io::ErrorKind::NotFound {
            return fault.help("nothing is deployed yet; pass two files to compare them");
        }
        fault
    })?;
    let base = input::disk(with.raise)?.base().to_owned();
    let loader = Rooted {
        disk: caddyctl_deploy::files::disk::Disk::new(&host.root, base),
        host: host.clone(),
        limits: with.raise.limits(),
    };
    let name = shown.to_string_lossy().into_owned();
    let disk = input::disk(with.raise)?;
    let old = Text { name, path: &installed, bytes, loader: &loader };
    // What is installed may be a link into a checkout.
    let target = installed.canonicalize().ok().and_then(|target| Some(target.parent()?.to_owned()));
    let mut reach = with.reach.clone();
    reach.allow_read.extend(target);
    let with = &With { reach: &reach, ..*with };
    let Some((mut old, mut new)) = both(&old, &Text::file(path, &disk, with.raise)?, with)? else {
        return Ok(None);
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let text = |path: PathBuf, bytes: std::io::Result<Vec<u8>>| {
        Some((path.to_string_lossy().into_owned(), String::from_utf8_lossy(&bytes.ok()?).into_owned()))
    };
    // Without a drop-in among the sources a deploy brings its own: nothing to compare.
    let path = folder.join(DROP_IN);
    new.drop_in = text(path.clone(), regular::read(&path, regular::MOST));
    if new.drop_in.is_some() {
        let path = if host.has(&host.own_drop_in()) { host.own_drop_in() } else { host.drop_in() };
        old.drop_in = text(host.on_disk(&path), host.read(&path, regular::MOST));
    }
    Ok(Some((old, new)))
}

/// The disk of a host below a root: absolute imports of the installed Caddyfile lie below it too.
struct Rooted {
    disk: caddyctl_deploy::files::disk::Disk,
    host: Host,
    limits: Limits,
}

impl Rooted {
    fn below(&self, path: &Path) -> PathBuf {
        if path.starts_with(&self.host.root) { path.to_owned() } else { self.host.on_disk(path) }
    }
}

impl Loader for Rooted {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        self.disk.read(&self.below(path))
    }

    fn list(&self, path: &Path) -> Vec<String> {
        self.disk.list(&self.below(path))
    }

    fn exists(&self, path: &Path) -> bool {
        self.disk.exists(&self.below(path))
    }

    fn base(&self) -> &Path {
        self.disk.base()
    }

    fn on_disk(&self, path: &Path) -> PathBuf {
        self.below(path)
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

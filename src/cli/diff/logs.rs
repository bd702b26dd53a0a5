//! `diff --log`: how many requests of access logs would be answered differently.

use std::path::{Path, PathBuf};

use caddyctl_analysis::diff::Side;
use caddyctl_analysis::routes::variables;
use caddyctl_analysis::traffic::format::{self, How};
use caddyctl_analysis::traffic::{Key, Traffic};
use caddyctl_host::Machine;
use caddyctl_language::source::secrets;
use caddyctl_language::source::variables::Mode;
use serde_json::Value;

use super::{Args, Format};
use crate::cli::{input, model};

/// Runs all requests through both sides.
pub fn compare(args: &Args, old: &Side, new: &Side) -> anyhow::Result<Traffic> {
    let env = args.environment.read_with(&args.service)?;
    let machine = Machine::new(input::working_directory()?, env);
    let path = args.paths.last().or(args.config.as_ref()).map_or(Path::new(input::DEFAULT), PathBuf::as_path);
    let plugins = args.plugins.for_service(&args.service);
    let before = model::program(old, path, &plugins)?;
    let after = model::program(new, path, &plugins)?;
    let mut traffic = Traffic::default();
    args.logs.read(&mut traffic, &mut |traffic, entry| {
        traffic.compare(entry, (&before, &machine), (&after, &machine), args.show_secrets);
    })?;
    Ok(traffic)
}

/// Calls `show` with the way in which traffic is shown.
fn with<T>(old: &Side, new: &Side, show: impl FnOnce(&How<'_>) -> T) -> T {
    let place = |side: &Side, pointer: &str| {
        let at = side.place_of(pointer)?;
        Some(format!("{}:{}", at.file.strip_prefix("./").unwrap_or(&at.file), at.line))
    };
    let at = |key: &Key| match (place(old, &key.old), place(new, &key.new)) {
        (Some(old), Some(new)) if old != new => format!("{old} -> {new}"),
        (Some(old), None) => format!("{old} (old)"),
        (_, Some(new)) => new,
        (None, None) => "added by Caddy".to_owned(),
    };
    let (first, second) = (variables(&old.sources), variables(&new.sources));
    let hide = |text: &str| {
        let text = first.hide_distinct(text, Mode::Sentence);
        secrets::hide_within(&second.hide_distinct(&text, Mode::Sentence))
    };
    show(&How { title: "Traffic", verb: "would be answered differently", at: &at, hide: &hide })
}

/// What the traffic showed, behind the report.
pub fn shown(to: Format, traffic: &Traffic, old: &Side, new: &Side) -> String {
    with(old, new, |how| match to {
        Format::Text => format!("\n{}", format::text(traffic, how)),
        Format::Markdown => format::markdown(traffic, how),
        Format::Github => format::github(traffic, how),
        Format::Json | Format::Patch => String::new(),
    })
}

/// The same as JSON.
pub fn json(traffic: &Traffic, old: &Side, new: &Side) -> Value {
    with(old, new, |how| format::json(traffic, how))
}

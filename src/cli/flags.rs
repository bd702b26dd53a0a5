//! `--flag=true`, as programs in Go take it.

use std::collections::HashSet;
use std::ffi::OsString;

use clap::ArgAction;

/// The arguments with `--flag=true` as `--flag`, and without `--flag=false`, for the flags that take no value.
pub fn plain(arguments: impl Iterator<Item = OsString>, definition: &clap::Command) -> Vec<OsString> {
    let arguments: Vec<OsString> = arguments.collect();
    let ends = |argument: &OsString| {
        let text = argument.to_str()?;
        let (name, value) = text.strip_prefix("--")?.split_once('=')?;
        matches!(value, "true" | "false").then(|| (name.to_owned(), value == "true"))
    };
    if !arguments.iter().any(|argument| ends(argument).is_some()) {
        return arguments;
    }
    let mut definition = definition.clone();
    definition.build();
    let mut flags = HashSet::new();
    let mut values = HashSet::new();
    for argument in definition.get_subcommands().flat_map(clap::Command::get_arguments) {
        let list = if matches!(argument.get_action(), ArgAction::SetTrue) { &mut flags } else { &mut values };
        list.extend(argument.get_long().map(str::to_owned));
    }
    let mut is_over = false;
    let kept = arguments.into_iter().filter_map(|argument| {
        is_over |= argument == "--";
        match ends(&argument).filter(|(name, _)| !is_over && flags.contains(name) && !values.contains(name)) {
            Some((name, true)) => Some(OsString::from(format!("--{name}"))),
            Some((_, false)) => None,
            None => Some(argument),
        }
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_with_a_value() {
        let run = |words: &[&str]| {
            let words = words.iter().map(OsString::from);
            let plain = plain(words, &super::super::definition());
            plain.into_iter().map(|word| word.into_string().unwrap()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(run(&["caddyctl", "fmt", "--overwrite=true"]), "caddyctl fmt --overwrite");
        assert_eq!(run(&["caddyctl", "adapt", "--pretty=false", "x"]), "caddyctl adapt x");
        assert_eq!(run(&["caddyctl", "fmt", "--config=true"]), "caddyctl fmt --config=true");
        assert_eq!(run(&["caddyctl", "fmt", "--", "--overwrite=true"]), "caddyctl fmt -- --overwrite=true");
    }
}

//! The drop-in that a deploy installs, and the companion that keeps the watchdog quiet: their texts.

use super::unit_file::{Beyond, Objection, UnitFile};

/// The drop-in that is installed when the source has none.
pub const DROP_IN: &str = include_str!("../../../../systemd/caddy.service.d/override.conf");

/// The companion of `caddy.service`.
pub const COMPANION: &str = include_str!("../../../../systemd/caddy-watchdog.service");

/// The companion of `caddy.service`, as a drop-in of a source names it, whatever the unit is called.
const COMPANION_NAME: &str = "caddy-watchdog.service";

/// So many settings are named in an error.
const SHOWN: usize = 20;

/// A drop-in that is not installed.
#[derive(Debug, thiserror::Error)]
pub enum DropInError {
    /// Its text.
    #[error("{file}: the drop-in is not UTF-8")]
    NotUtf8 {
        /// The file.
        file: String,
    },
    /// systemd ends a line there.
    #[error("{file}: the drop-in has a NUL byte")]
    Nul {
        /// The file.
        file: String,
    },
    /// systemd would read what is left of it without a word.
    #[error("the drop-in is cut off at `{line}`")]
    CutOff {
        /// What is left of the line.
        line: String,
    },
    /// Settings that nobody has allowed.
    #[error("{text}")]
    Beyond {
        /// They, a line each.
        text: String,
    },
}

impl DropInError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotUtf8 { .. } | Self::Nul { .. } => "nothing was changed; fix the file",
            Self::CutOff { .. } => "nothing was changed; use the complete file, with a line break at its end",
            Self::Beyond { .. } => {
                "nothing was changed. A source may set Restart*=, WatchdogSec= and Limit*= in [Service] and the \
                 watchdog's Upholds= in [Unit]. Review the file; then --allow-unit-settings installs it unchanged, and \
                 --no-drop-in skips it"
            }
        }
    }
}

/// The drop-in of a source.
#[derive(Clone, Debug)]
pub struct DropIn {
    pub(crate) text: String,
    /// The file, as faults name it.
    file: String,
    /// Whether it may set anything.
    is_trusted: bool,
}

impl DropIn {
    /// The drop-in of the program itself.
    pub fn own() -> Self {
        Self { text: DROP_IN.to_owned(), file: String::new(), is_trusted: true }
    }

    /// The drop-in `bytes` of a source, which `file` names. `is_trusted` says that it may set anything
    /// (`--allow-unit-settings`, or it was in force on this host before).
    ///
    /// # Errors
    ///
    /// Text that systemd would not read as it stands.
    pub fn new(bytes: Vec<u8>, file: impl Into<String>, is_trusted: bool) -> Result<Self, DropInError> {
        let file = file.into();
        let text = String::from_utf8(bytes).map_err(|_| DropInError::NotUtf8 { file: file.clone() })?;
        if text.contains('\0') && !is_trusted {
            let found = Self { text, file: file.clone(), is_trusted };
            found.judge("")?;
            return Err(DropInError::Nul { file });
        }
        Ok(Self { text, file, is_trusted })
    }

    /// The settings that only a person allows, for the plan. `companion` is the name of the companion unit.
    ///
    /// # Errors
    ///
    /// Such settings in a drop-in that nobody has allowed to have them, and a text that is cut off.
    pub fn judge(&self, companion: &str) -> Result<Vec<Beyond>, DropInError> {
        let text = &self.text;
        let unit = UnitFile::parse(text);
        let beyond = unit.beyond_source(&[COMPANION_NAME, companion]);
        if !self.is_trusted && !beyond.is_empty() {
            return Err(self.refusal(&beyond));
        }
        // systemd would read what is left of it without a word.
        let torn = unit.torn.or_else(|| text.lines().last().filter(|_| !text.ends_with('\n')));
        if let Some(line) = torn {
            return Err(DropInError::CutOff { line: line.escape_debug().to_string() });
        }
        Ok(beyond)
    }

    fn refusal(&self, beyond: &[Beyond]) -> DropInError {
        let mut text = "the source's drop-in has settings that a source may not change:".to_owned();
        for found in beyond.iter().take(SHOWN) {
            let why = match found.why {
                Objection::Key => "",
                Objection::Value => ": its value has characters that are not allowed",
                Objection::Unit => ": it names a unit that the deploy does not install",
            };
            text += &format!("\n  {}:{}: {found}{why}", self.file, found.line);
        }
        if beyond.len() > SHOWN {
            text += &format!("\n  and {} more", beyond.len() - SHOWN);
        }
        DropInError::Beyond { text }
    }
}

/// Whether the watchdog is switched on.
pub(crate) fn has_watchdog(text: &str) -> bool {
    let unit = UnitFile::parse(text);
    unit.last("Service", "WatchdogSec").is_some_and(|value| !is_off(value))
}

/// Whether a value of `WatchdogSec=` switches the watchdog off.
pub(crate) fn is_off(value: &str) -> bool {
    value == "infinity" || !value.contains(|c: char| ('1'..='9').contains(&c))
}

/// `WatchdogSec=` alone would kill a healthy Caddy.
pub(crate) fn without_watchdog(text: &str, companion: &str) -> String {
    let unit = UnitFile::parse(text);
    let mut kept = text.to_owned();
    for found in unit.settings.iter().rev() {
        match (found.section, found.key.as_str()) {
            ("Service", "WatchdogSec") => kept.replace_range(found.lines.clone(), ""),
            ("Unit", "Upholds") => {
                let others: Vec<&str> = found
                    .value
                    .split_whitespace()
                    .filter(|name| *name != COMPANION_NAME && *name != companion)
                    .collect();
                let others = others.join(" ");
                let line = if others.is_empty() { String::new() } else { format!("Upholds={others}\n") };
                kept.replace_range(found.lines.clone(), &line);
            }
            _ => {}
        }
    }
    kept
}

/// `text` without the settings that need the companion, if it has any: once that is gone, systemd would kill a healthy Caddy.
pub fn disarmed(text: &str, companion: &str) -> Option<String> {
    Some(without_watchdog(text, companion)).filter(|kept| kept != text)
}

/// The text for another unit than `caddy.service`.
pub(crate) fn renamed(text: &str, unit: &str) -> String {
    let stem = unit.strip_suffix(".service").unwrap_or(unit);
    text.replace("caddy-watchdog.service", &format!("{stem}-watchdog.service")).replace("caddy.service", unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let plain = without_watchdog(DROP_IN, COMPANION_NAME);
        assert!(plain.contains("Restart=on-failure\nRestartSec=5s\n"), "{plain}");
        assert!(!plain.contains("\nWatchdogSec") && !plain.contains("\nUpholds"));
        let spaced =
            "[Service]\nWatchdogSec = 30s\nRestart=no\n[Unit]\nUpholds = \\\n# c\n caddy-watchdog.service\n";
        assert!(has_watchdog(spaced) && has_watchdog(DROP_IN));
        assert_eq!(without_watchdog(spaced, COMPANION_NAME), "[Service]\nRestart=no\n[Unit]\n");
        for off in ["0", "0s", "infinity", ""] {
            assert!(!has_watchdog(&format!("[Service]\nWatchdogSec=5\nWatchdogSec={off}\n")), "{off}");
        }
        let other = without_watchdog("[Unit]\nUpholds=a.service caddy-watchdog.service\n", COMPANION_NAME);
        assert_eq!(other, "[Unit]\nUpholds=a.service\n");
        assert_eq!(disarmed(&plain, COMPANION_NAME), None);
        assert_eq!(disarmed(DROP_IN, COMPANION_NAME), Some(plain));
        assert!(renamed(DROP_IN, "web.service").contains("Upholds=web-watchdog.service"));
        assert!(renamed(COMPANION, "web.service").contains("BindsTo=web.service\n"));
        assert!(renamed(COMPANION, "web.service").contains("watchdog --unit web.service\n"));
    }
}

//! What a unit is from its next start on: the files that systemd has read, those that it has not read yet, and the drop-in
//! that a deploy is about to install.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Unit;
use super::specifier::Specifiers;
use super::unit_file::UnitFile;
use caddyctl_host::regular;

/// The folders of drop-ins, the first of which has the last word on a file name (systemd.unit(5)).
const FOLDERS: [&str; 5] = [
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
];

/// Settings that decide over what is started, and in which environment.
const OF_START: [&str; 8] = [
    "Environment",
    "EnvironmentFile",
    "ExecStart",
    "Group",
    "PassEnvironment",
    "UnsetEnvironment",
    "User",
    "WorkingDirectory",
];

/// The files of a unit and their texts, in the order in which systemd reads them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitFiles(Vec<(PathBuf, String)>);

impl UnitFiles {
    /// The files of `unit`, as they are on the disk now.
    pub fn of(unit: &Unit, name: &str) -> Self {
        let mut drop_ins: BTreeMap<OsString, PathBuf> = BTreeMap::new();
        let mut note = |path: PathBuf| {
            if let Some(name) = path.file_name() {
                drop_ins.entry(name.to_owned()).or_insert(path);
            }
        };
        for folder in FOLDERS {
            let entries = std::fs::read_dir(Path::new(folder).join(format!("{name}.d")));
            let paths = entries.into_iter().flatten().flatten().map(|entry| entry.path());
            paths.filter(|path| path.extension().is_some_and(|end| end == "conf")).for_each(&mut note);
        }
        // Those of `service.d` and of other folders that systemd knows.
        let known = unit.get("DropInPaths").split_whitespace().map(PathBuf::from);
        known.filter(|path| path.exists()).for_each(&mut note);
        let fragment = Some(unit.get("FragmentPath")).filter(|path| !path.is_empty()).map(PathBuf::from);
        let read = |path: PathBuf| {
            let text = regular::read_text(&path, regular::MOST).ok()?;
            Some((path, text))
        };
        Self(fragment.into_iter().chain(drop_ins.into_values()).filter_map(read).collect())
    }

    /// The same once `text` is at `path`, or nothing is.
    #[must_use]
    pub fn with(&self, path: &Path, text: Option<&str>) -> Self {
        let mut files = self.0.clone();
        files.retain(|(known, _)| known != path);
        if let Some(text) = text {
            // The first is the unit itself.
            let after = files.iter().skip(1).take_while(|(known, _)| known.file_name() < path.file_name());
            let at = (1 + after.count()).min(files.len());
            files.insert(at, (path.to_owned(), text.to_owned()));
        }
        Self(files)
    }

    /// The files and their texts.
    pub fn iter(&self) -> impl Iterator<Item = (&Path, &str)> {
        self.0.iter().map(|(path, text)| (path.as_path(), text.as_str()))
    }

    /// Who has the last word on a setting that is no list, and its value.
    pub fn last(&self, section: &str, key: &str) -> Option<(&Path, String)> {
        self.0.iter().rev().find_map(|(path, text)| {
            let value = UnitFile::parse(text).last(section, key)?.to_owned();
            Some((path.as_path(), value))
        })
    }

    /// The values of a setting that is a list; an empty one starts it anew.
    fn all(&self, key: &str) -> Vec<String> {
        let mut values = Vec::new();
        for (_, text) in &self.0 {
            for found in UnitFile::parse(text).settings {
                if (found.section, found.key.as_str()) == ("Service", key) {
                    if found.value.is_empty() {
                        values.clear();
                    } else {
                        values.push(found.value);
                    }
                }
            }
        }
        values
    }

    /// Whether a text decides over what is started.
    pub fn decides(text: &str) -> bool {
        let unit = UnitFile::parse(text);
        unit.settings.iter().any(|found| found.section == "Service" && OF_START.contains(&&*found.key))
    }
}

impl Unit {
    /// The unit `name` as it is once systemd has read `files`.
    #[must_use]
    pub fn after(&self, files: &UnitFiles, name: &str) -> Self {
        let mut unit = self.clone();
        let specifiers = Specifiers { name, fragment: self.get("FragmentPath") };
        let expanded = |text: &str| specifiers.expanded(text);
        let mut set = |property: &str, value: String| drop(unit.0.insert(property.to_owned(), value));
        for key in ["User", "Group", "Restart"] {
            let value = files.last("Service", key).map(|(_, value)| expanded(&value));
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                set(key, value);
            }
        }
        for key in ["Environment", "PassEnvironment", "UnsetEnvironment"] {
            set(key, expanded(&files.all(key).join(" ")));
        }
        let environment_file = |value: &String| match value.strip_prefix('-') {
            Some(path) => format!("{} (ignore_errors=yes)", expanded(path)),
            None => format!("{} (ignore_errors=no)", expanded(value)),
        };
        let environment: Vec<String> = files.all("EnvironmentFile").iter().map(environment_file).collect();
        set("EnvironmentFiles", environment.join("\n"));
        if let Some(line) = files.all("ExecStart").last() {
            let line = expanded(line.trim_start_matches(['@', '-', ':', '+', '!']));
            let program = line.split_whitespace().next().unwrap_or_default();
            set("ExecStart", format!("{{ path={program} ; argv[]={line} ; ignore_errors=no }}"));
        }
        unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_next_start_has() {
        let files = UnitFiles(vec![
            ("/lib/systemd/system/caddy.service".into(), "[Service]\nUser=caddy\nExecStart=/usr/bin/caddy run --config /etc/caddy/Caddyfile\nRestart=no\n".to_owned()),
            ("/etc/systemd/system/caddy.service.d/override.conf".into(), "[Service]\nEnvironment=A=1\nEnvironment=\"B=two words\"\nEnvironmentFile=-%E/caddy/env\n".to_owned()),
        ]);
        let own = Path::new("/etc/systemd/system/caddy.service.d/50-caddyctl.conf");
        let with = files.with(own, Some("[Service]\nRestart=on-failure\nEnvironment=\nUser=web\n"));
        let order: Vec<_> = with.iter().map(|(path, _)| path.file_name().unwrap().to_owned()).collect();
        assert_eq!(order, ["caddy.service", "50-caddyctl.conf", "override.conf"]);
        assert_eq!(with.last("Service", "Restart"), Some((own, "on-failure".to_owned())));
        let unit = Unit::parse("User=root\nMainPID=7\nEnvironment=OLD=1\n").after(&with, "caddy.service");
        assert_eq!((unit.get("User"), unit.get("Restart"), unit.main_pid()), ("web", "on-failure", Some(7)));
        assert_eq!(unit.get("EnvironmentFiles"), "/etc/caddy/env (ignore_errors=yes)");
        assert_eq!(unit.program(), Some("/usr/bin/caddy".into()));
        let env = unit.environment(&|_| None);
        assert_eq!(env.iter().collect::<Vec<_>>(), [("A", "1"), ("B", "two words")]);
        assert_eq!(with.with(own, None), files);
        assert!(UnitFiles::decides("[Service]\nUser=x\n") && !UnitFiles::decides("[Service]\nRestart=no\n"));
    }
}

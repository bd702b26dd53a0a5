//! `--envfile`: the environment that `{$NAME}` is looked up in.
//!
//! As `caddy adapt --envfile` has it, measured on Caddy 2.11.7: the process's own environment wins over every file, an
//! earlier file over a later one, and in one file the last line of a name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use caddyctl_host::regular;
use caddyctl_language::source::{Env, dotenv, shown};

use super::fault::Fault;
use super::input;

// What asks systemd has a twin for programs that do not.
#[cfg_attr(not(feature = "deploy"), path = "environment/without_service.rs")]
mod service;

pub use service::{EXAMPLE as SERVICE_EXAMPLE, OfService};

/// Where variables come from, for the commands that compile.
#[derive(Debug, Default, clap::Args)]
pub struct Environment {
    /// Set the KEY=VALUE lines of this file as environment variables, except those that are already set. May be given
    /// several times.
    #[arg(long, value_name = "FILE", value_delimiter = ',')]
    envfile: Vec<PathBuf>,
}

impl Environment {
    /// The process's environment, and what the files add to it.
    pub fn read(&self) -> anyhow::Result<Env> {
        let own = std::env::vars_os();
        self.over(
            own.map(|(name, value)| {
                (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned())
            })
            .collect(),
        )
    }

    /// The environment of the unit that `service` names, or else the process's, and what the files add to it.
    pub fn read_with(&self, service: &OfService) -> anyhow::Result<Env> {
        match service.read(&mut |_| {})? {
            Some(env) => self.over(env),
            None => self.read(),
        }
    }

    /// Another environment than the process's, such as the service's, and what the files add to it.
    pub fn over(&self, mut env: Env) -> anyhow::Result<Env> {
        for path in &self.envfile {
            add(&mut env, path)?;
        }
        Ok(env)
    }

    /// The files.
    pub fn files(&self) -> &[PathBuf] {
        &self.envfile
    }
}

/// Adds the variables of the file `path` that are not set yet.
pub fn add(env: &mut Env, path: &Path) -> anyhow::Result<()> {
    for (name, value) in variables(path)? {
        if env.get(&name).is_none() {
            env.set(name, value);
        }
    }
    Ok(())
}

/// The variables that the file `path` sets.
pub fn variables(path: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let bytes = input::named(path, regular::MOST).map_err(|error| Fault::unreadable(path, &error))?;
    Ok(dotenv::parse(&String::from_utf8_lossy(&bytes)).map_err(|fault| {
        Fault::input(format!("{}:{}: {}", shown::path(path), fault.line, fault.message)).help(fault.help)
    })?)
}

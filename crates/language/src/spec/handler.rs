//! Handlers of Caddy's JSON as data: what they do with requests, how reports show them, and which directive makes them.

use super::conduct::Answer;

/// What a handler changes for those that run after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Nothing.
    Nothing,
    /// The path, the query or the method.
    Path,
    /// Variables.
    Variables,
    /// Header fields, those of requests only with this setting.
    Headers(&'static str),
    /// The body of the answer.
    Body,
    /// Anything.
    Anything,
}

/// A part of what a report says about a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The value of this setting.
    Value(&'static str),
    /// The name of this setting, if it is set.
    Flag(&'static str),
    /// The name and the value of this setting, which is a size.
    Size(&'static str),
    /// The value of the second setting, which is hidden if the value of the first is the name of a secret.
    Named(&'static str, &'static str),
    /// Where a proxy sends requests.
    Upstreams,
    /// A body, or where a client is sent, and a status.
    Response,
    /// What becomes of the path, the query and the method.
    Rewrite,
    /// The header fields that are touched.
    Headers,
    /// The encodings.
    Encodings,
    /// Every setting, as a name and its value.
    Variables,
    /// The names of accounts.
    Accounts,
}

/// A handler, as `caddy list-modules` has it below `http.handlers`.
#[derive(Debug)]
pub struct HandlerModule {
    /// Its name.
    pub name: &'static str,
    /// How many requests it answers.
    pub answers: Answer,
    /// The setting with which it passes some on; empty if there is none.
    pub unless: &'static str,
    /// What it changes.
    pub changes: Changes,
    /// Whether it turns away requests that do not show who they are from, and lets the others pass. With a setting
    /// [with which some pass](Self::unless) only then.
    pub guards: bool,
    /// What a report says about it.
    pub shows: &'static [Shown],
}

impl HandlerModule {
    /// A handler that passes every request on, and changes nothing.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            answers: Answer::Never,
            unless: "",
            changes: Changes::Nothing,
            guards: false,
            shows: &[],
        }
    }
}

/// What distinguishes the handler of one directive from that of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// There is something at this JSON pointer.
    Has(&'static str),
    /// There is nothing there.
    Lacks(&'static str),
    /// There is this text.
    Text(&'static str, &'static str),
    /// There is this number.
    Number(&'static str, u64),
    /// It is set.
    True(&'static str),
    /// The handler has so many settings.
    Settings(usize),
}

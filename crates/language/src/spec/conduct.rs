//! What a directive does with the requests that it runs for: facts that rules and reports ask for.

/// How many of the requests that reach it something answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// None: they go on.
    #[default]
    Never,
    /// Some are answered (a login that fails) and others go on, or it cannot be known.
    Sometimes,
    /// Each is answered, or fails.
    Always,
}

/// What a directive answers with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Serves {
    /// It does not answer by itself, or nothing is known of it.
    #[default]
    Nothing,
    /// What is written in the Caddyfile.
    Fixed,
    /// Files.
    Files,
    /// What a program makes of files.
    Program,
    /// What an upstream answers.
    Upstream,
    /// What a named route answers.
    NamedRoute,
    /// What Caddy itself knows.
    Own,
}

/// What a directive asks of clients before it lets them pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Guard {
    /// Nothing.
    #[default]
    None,
    /// A password.
    Password,
    /// That another server knows them.
    Login,
}

/// Whether a directive raises errors that clients cause, which `handle_errors` may answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Raises {
    /// It does not.
    #[default]
    Never,
    /// It does for some arguments.
    Asked,
    /// It does, of requests that are out of the ordinary.
    Seldom,
    /// It does, as part of what it is for.
    Often,
}

/// What a directive does with requests. Nothing is known of what is not set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conduct {
    /// How many it answers, if no line of its block passes some on (`Row::passes_on`).
    pub answers: Answer,
    /// What it answers with.
    pub serves: Serves,
    /// What it asks of clients.
    pub guard: Guard,
    /// Which errors it raises.
    pub raises: Raises,
    /// Whether it reads the request's body.
    pub reads_body: bool,
}

impl Conduct {
    /// A directive that passes every request on.
    pub const NONE: Self = Self {
        answers: Answer::Never,
        serves: Serves::Nothing,
        guard: Guard::None,
        raises: Raises::Never,
        reads_body: false,
    };
}

//! What a comparison found, as data. Rendering is in `format`.

use serde::Serialize;

use super::message::Message;

/// A place in a source file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// The file, as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// What became of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Only the new configuration has it.
    Added,
    /// Only the old configuration has it.
    Removed,
    /// Both have it, with other settings.
    Changed,
    /// Both have it, at places in the order that decide differently.
    Moved,
    /// Both have it, and no request comes to it any more.
    Unreachable,
    /// Both have it, and requests come to it again.
    Reachable,
}

/// What kind of effect a change has on the server as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectKind {
    /// An address is listened on, or no longer.
    Listener,
    /// A site comes, goes, or has another name.
    Site,
    /// A host has a managed certificate, no longer has one, or gets it from somebody else.
    Certificate,
    /// A setting outside the routes.
    Option,
    /// The systemd drop-in.
    Systemd,
    /// Open streams are closed by the reload.
    Streams,
}

/// An effect on the server as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// Which kind.
    pub kind: EffectKind,
    /// What became of it.
    pub change: Change,
    /// What it is about: an address, a host, the name of an option.
    pub subject: String,
    /// One sentence.
    pub message: Message,
    /// What a site that is at another address was before.
    #[serde(skip)]
    pub before: Option<String>,
    /// What has to be done beyond a reload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
    /// The sites it reaches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<String>,
    /// Where the old configuration says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_place: Option<Place>,
    /// Where the new configuration says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_place: Option<Place>,
}

/// One setting with its value before and after. Secrets are hidden already.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Field {
    /// The names on the way to it, joined with dots.
    pub name: String,
    /// Its value before; `None` when it was not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// Its value now; `None` when it is not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}

/// Which kind of access control something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessKind {
    /// A password: `basic_auth`.
    BasicAuth,
    /// Another server that decides: `forward_auth`.
    ForwardAuth,
    /// A certificate that clients must show: `client_auth`.
    ClientAuth,
    /// A route for some client addresses: `remote_ip`, `client_ip`.
    Address,
    /// A route that refuses requests: `abort`, or `respond` or `error` with status 401 or 403.
    Refusal,
    /// A guard of a plugin.
    Guard,
    /// A route that comes before a guard, or that changes what the matcher of a guard sees.
    Order,
}

impl AccessKind {
    /// Whether it asks who sends a request.
    pub(crate) fn is_login(self) -> bool {
        matches!(self, Self::BasicAuth | Self::ForwardAuth | Self::Guard)
    }
}

/// Which side of a comparison controls access with a route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Control {
    /// Both do, or neither does.
    #[default]
    Both,
    /// The old one does, and the new one does not.
    OnlyBefore,
    /// The new one does, and the old one did not.
    OnlyNow,
}

impl Control {
    /// Whether the old side has it, and the new side.
    pub(crate) fn of(old: bool, new: bool) -> Self {
        match (old, new) {
            (true, false) => Self::OnlyBefore,
            (false, true) => Self::OnlyNow,
            _ => Self::Both,
        }
    }
}

/// A change of who may make a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Which kind.
    pub kind: AccessKind,
    /// The route; for a certificate of clients the site, with the mode as its handler.
    pub route: RouteChange,
}

/// A route that is different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RouteChange {
    /// What became of it.
    pub change: Change,
    /// Which access control it is, if it is any.
    #[serde(skip)]
    pub access: Option<AccessKind>,
    /// Which side controls access with it.
    #[serde(skip)]
    pub control: Control,
    /// The sites it reaches.
    pub sites: Vec<String>,
    /// Whether it runs for errors only.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub on_errors: bool,
    /// The matchers in words; empty when several lead to it, each of which then stands behind the name of its site.
    pub matchers: String,
    /// The matchers before, when they are others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_matchers: Option<String>,
    /// Whether it answers requests for good, so that it speaks for the other routes of its directive.
    #[serde(skip)]
    pub answers: bool,
    /// The handler before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// The handler now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// For an added route the one that answered its requests before, for a removed one the one that answers them now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
    /// The settings that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// A sentence more: what it moved past, what takes its requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the old configuration says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_place: Option<Place>,
    /// Where the new configuration says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_place: Option<Place>,
}

/// Whose headers are touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Of the answer to the client.
    Response,
    /// Of the request, before it is handled.
    Request,
    /// Of the request to the upstream (`header_up`).
    Upstream,
    /// Of the upstream's answer (`header_down`).
    Downstream,
}

/// A header that is treated differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeaderChange {
    /// What became of it.
    pub change: Change,
    /// Whether browsers read it as a matter of security.
    pub security: bool,
    /// The sites it reaches.
    pub sites: Vec<String>,
    /// The matchers in words; empty when several lead to it, each of which then stands behind the name of its site.
    pub matchers: String,
    /// Whose headers.
    pub direction: Direction,
    /// The header.
    pub name: String,
    /// What was done to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// What is done to it now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// A sentence more: which other treatment of the same header has the last word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the old configuration says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_place: Option<Place>,
    /// Where the new configuration says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_place: Option<Place>,
}

/// The whole comparison in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing differs, not even the text.
    Same,
    /// The text differs, and no request is treated differently.
    FormattingOnly,
    /// The server will behave differently.
    Different,
}

/// What a comparison found.
#[derive(Clone, Debug)]
pub struct Report {
    /// The name of the old side.
    pub old: String,
    /// The name of the new side.
    pub new: String,
    /// The whole in a word.
    pub verdict: Verdict,
    /// Changes of access control. They are not among the routes.
    pub access: Vec<Access>,
    /// Effects on the server as a whole.
    pub effects: Vec<Effect>,
    /// Routes that differ.
    pub routes: Vec<RouteChange>,
    /// Headers that differ, those that matter to security first.
    pub headers: Vec<HeaderChange>,
    /// Files whose text differs.
    pub texts: Vec<super::hunk::TextChange>,
    /// Whether there were too many matchers to compare them all, so that a move or a route that no request reaches may be missing.
    pub is_incomplete: bool,
}

impl Report {
    /// Whether there is an effect, or access control changes. What every reload does (closing streams) is no difference
    /// by itself.
    pub fn has_effects(&self) -> bool {
        !self.access.is_empty() || self.effects.iter().any(|effect| effect.kind != EffectKind::Streams)
    }

    /// Whether something else than the systemd drop-in differs.
    pub(crate) fn is_about_caddy(&self) -> bool {
        self.has_routes()
            || !self.access.is_empty()
            || self.effects.iter().any(|effect| effect.kind != EffectKind::Systemd)
    }

    /// Whether a route or a header differs, routes of access control included.
    pub fn has_routes(&self) -> bool {
        self.access.iter().any(|access| access.kind != AccessKind::ClientAuth)
            || !self.routes.is_empty()
            || !self.headers.is_empty()
    }
}

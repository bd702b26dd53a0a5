//! Places where a test may stop a deploy dead, as a power cut would. Nothing is stopped unless the caller asks.

/// A place in the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultPoint {
    /// The journal is written, nothing else.
    Journalled,
    /// Every file is staged.
    Staged,
    /// The journal says that a load is coming.
    BeforeLoad,
    /// Caddy runs the new configuration, the disk holds the old one.
    Loaded,
    /// The new configuration was checked; the commit is about to begin.
    Verified,
    /// The Caddyfile points to the staged tree.
    Pointed,
    /// The first of several files is in its place.
    FirstFile,
    /// The Caddyfile is in its place.
    Caddyfile,
    /// The heartbeat program is in its place.
    Program,
    /// The companion unit is in its place.
    Unit,
    /// All files are in their places; systemd and the staged files are left.
    Placed,
    /// systemd has read its units again; the journal is still there.
    Reloaded,
    /// Caddy was started, or started anew, with the new files.
    Started,
    /// An undo has begun.
    Undoing,
    /// An undo has put the first thing back.
    HalfUndone,
}

impl FaultPoint {
    /// Those of a deploy to a Caddy that runs, with their names, in its order.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Journalled, "journalled"),
        (Self::Staged, "staged"),
        (Self::BeforeLoad, "before-load"),
        (Self::Loaded, "loaded"),
        (Self::Verified, "verified"),
        (Self::Pointed, "pointed"),
        (Self::FirstFile, "first-file"),
        (Self::Caddyfile, "caddyfile"),
        (Self::Program, "program"),
        (Self::Unit, "unit"),
        (Self::Placed, "placed"),
        (Self::Reloaded, "reloaded"),
        (Self::Undoing, "undoing"),
        (Self::HalfUndone, "half-undone"),
    ];

    /// Those that only a deploy which starts Caddy comes by.
    pub const STARTING: &'static [(Self, &'static str)] = &[(Self::Started, "started")];

    /// Whether only a deploy that installs systemd's side comes by here.
    pub fn is_of_units(self) -> bool {
        matches!(self, Self::Program | Self::Unit)
    }

    /// The point called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().chain(Self::STARTING).find(|(_, known)| *known == name).map(|(point, _)| *point)
    }
}

/// How a deploy is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The process kills itself (SIGKILL).
    Kill,
    /// The deploy returns at once and leaves everything as it is, as if the process were gone.
    Vanish,
}

/// A test's wish: stop at this place. The default is to stop nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fault(pub Option<(FaultPoint, Stop)>);

/// The deploy was stopped by a [`Fault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

impl Fault {
    /// Stops here when the test wants it.
    pub(crate) fn pass(self, point: FaultPoint) -> Result<(), Stopped> {
        match self.0 {
            Some((at, Stop::Kill)) if at == point => {
                let _ =
                    rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
                Err(Stopped)
            }
            Some((at, Stop::Vanish)) if at == point => Err(Stopped),
            _ => Ok(()),
        }
    }
}

//! What the programs of all known versions make of each word: a table that they were asked for, and that is checked in.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::Version;

/// The table. `CADDYCTL_BLESS=1 ./test versions::table` asks the programs again and writes it.
const TABLE: &str = include_str!("table.tsv");

/// What a version makes of a word, compared with the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The same.
    Same,
    /// Other JSON.
    Other,
    /// It refuses it.
    Refused,
}

/// What each version of [`Version::KNOWN`] makes of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct History(pub [Verdict; Version::KNOWN.len()]);

impl History {
    /// Reads one letter for each version.
    fn parse(letters: &str) -> Option<Self> {
        let verdict = |letter| match letter {
            '.' => Some(Verdict::Same),
            '~' => Some(Verdict::Other),
            'x' => Some(Verdict::Refused),
            _ => None,
        };
        let all: Option<Vec<Verdict>> = letters.chars().map(verdict).collect();
        Some(Self(all?.try_into().ok()?))
    }

    /// One letter for each version, as the table has them.
    pub fn letters(&self) -> String {
        let letter = |verdict: &Verdict| match verdict {
            Verdict::Same => '.',
            Verdict::Other => '~',
            Verdict::Refused => 'x',
        };
        self.0.iter().map(letter).collect()
    }

    /// What `version` makes of the word; that of the newest for a version that is not known.
    pub fn of(&self, version: Version) -> Verdict {
        let place = Version::KNOWN.iter().position(|known| *known == version);
        self.0[place.unwrap_or(Version::KNOWN.len() - 1)]
    }

    /// The first version from which on none refuses the word; `None` if the newest does.
    pub fn since(&self) -> Option<Version> {
        self.from(|verdict| *verdict != Verdict::Refused)
    }

    /// The first version from which on all give the JSON of the newest.
    pub fn unchanged_since(&self) -> Version {
        self.from(|verdict| *verdict == Verdict::Same).unwrap_or(Version::NEWEST)
    }

    fn from(&self, holds: impl Fn(&Verdict) -> bool) -> Option<Version> {
        let later = self.0.iter().rev().take_while(|verdict| holds(verdict)).count();
        (later > 0).then(|| Version::KNOWN[Version::KNOWN.len() - later])
    }
}

/// A word of the table: what kind of word its block belongs to, the name of that, and the way down to the word. The way is
/// empty for the word itself, else the names of the subdirectives with `/` between them.
type Place<'a> = (&'a str, &'a str);

/// The words below one place that some version refuses.
type Words = Vec<(&'static str, History)>;

static PLACES: LazyLock<FxHashMap<Place<'static>, Words>> = LazyLock::new(|| {
    let mut places: FxHashMap<Place, Words> = FxHashMap::default();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let (Some(what), Some(name), Some(way), Some(letters)) =
            (columns.next(), columns.next(), columns.next(), columns.next())
        else {
            continue;
        };
        if let Some(history) = History::parse(letters) {
            places.entry((what, name)).or_default().push((way, history));
        }
    }
    places
});

/// The words of the table below the word `name` of this kind, as `reference` calls it, that `version` refuses; nothing for
/// most. The empty way is the word itself.
pub(crate) fn refused<'a>(
    version: Version,
    what: &'a str,
    name: &'a str,
) -> impl Iterator<Item = (&'static str, History)> + use<'a> {
    let places: &FxHashMap<Place<'a>, Words> = &PLACES;
    let words = places.get(&(what, name)).map(Vec::as_slice).unwrap_or_default();
    words.iter().copied().filter(move |(_, history)| history.of(version) == Verdict::Refused)
}

/// The history of a word; `None` if the table does not have it, as for words of plugins.
pub fn find(what: &str, name: &str, way: &str) -> Option<History> {
    let places: &FxHashMap<Place<'_>, Words> = &PLACES;
    places.get(&(what, name))?.iter().find(|(known, _)| *known == way).map(|(_, history)| *history)
}

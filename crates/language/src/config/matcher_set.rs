//! A set of matchers.

use ecow::EcoString;
use serde::ser::{Serialize, Serializer};

use super::Value;
use super::module::encoded_again;

/// Matchers that must all hold, by module name, sorted. Nearly every set has one, so it is a list: a map would take
/// ten times the room.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MatcherSet(Vec<(EcoString, Value)>);

impl MatcherSet {
    /// No matcher, which holds for every request.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The set of one matcher.
    pub(crate) fn of(name: &'static str, value: Value) -> Self {
        Self(vec![(name.into(), value)])
    }

    /// Whether there is no matcher.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The settings of the matcher `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.place(name).ok().map(|place| &self.0[place].1)
    }

    /// Adds the matcher `name`, over one that is there already.
    pub(crate) fn insert(&mut self, name: &str, value: Value) {
        match self.place(name) {
            Ok(place) => self.0[place].1 = value,
            Err(place) => {
                self.0.reserve_exact(1);
                self.0.insert(place, (name.into(), value));
            }
        }
    }

    /// The set as an object, where nothing encodes it again.
    pub(crate) fn into_value(self) -> Value {
        Value::Object(self.0.into_iter().collect())
    }

    /// How many values there are in it; see [`Value::weight`].
    pub(crate) fn weight(&self) -> usize {
        self.0.iter().map(|(_, value)| value.weight()).sum()
    }

    /// The matchers, sorted by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(name))
    }
}

impl From<&MatcherSet> for serde_json::Value {
    fn from(set: &MatcherSet) -> Self {
        Self::Object(set.iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
    }
}

impl From<MatcherSet> for Value {
    fn from(set: MatcherSet) -> Self {
        Self::Object(set.0.into_iter().map(|(name, value)| (name, again(value))).collect())
    }
}

impl Serialize for MatcherSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(name, value)| (name, Again(value))))
    }
}

/// A matcher as it stands below a handler.
fn again(value: Value) -> Value {
    if value.has_order() { encoded_again(value) } else { value }
}

/// The same, written.
struct Again<'a>(&'a Value);

impl Serialize for Again<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.has_order() {
            return encoded_again(self.0.clone()).serialize(serializer);
        }
        self.0.serialize(serializer)
    }
}

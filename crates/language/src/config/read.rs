//! Reads Caddy's JSON, nested as deeply as Caddy nests it: a Caddyfile with 30 blocks inside each other has more levels
//! than `serde_json` reads by itself. What others wrote is read within a [`Room`]: a value takes up to 110 times as many
//! bytes as its text.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::source::limits::grouped;

/// What the first field of an object takes, and each fifth further one (bytes): a node of a `BTreeMap` has room for eleven
/// fields, and is half full where keys come in order.
const NODE: usize = 640;

/// The fields after which a further node is counted.
const IN_FIRST_NODE: usize = 11;

/// The fields for each further node.
const IN_NODE: usize = 5;

/// A list begins with room for so many elements, and then has room for twice as many each time that it is full.
const SMALLEST: usize = 4;

/// What a text takes in addition to its bytes: an allocation is rounded up (bytes).
const ROUNDED: usize = 16;

/// After so many values the clock is looked at.
const PER_LOOK: u32 = 1024;

/// Why a text is no configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It is not JSON.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// It could be JSON, but nobody needs so many levels.
    #[error("it is nested deeper than {} levels", grouped(*.most))]
    TooDeep {
        /// The most levels that are read.
        most: usize,
    },
    /// Its values take more memory than they may.
    #[error("its values take more than {} MiB of memory", .0 >> 20)]
    TooLarge(usize),
    /// The time for it has passed.
    #[error("the deadline has passed")]
    OutOfTime,
}

/// How much a text that somebody else wrote may take.
#[derive(Clone, Copy)]
pub struct Room<'r> {
    /// The most bytes of memory that its values may take.
    pub memory: usize,
    /// The most levels of arrays and objects.
    pub levels: usize,
    /// Whether the time for it has passed.
    pub is_over: &'r dyn Fn() -> bool,
}

impl Room<'_> {
    /// So many bytes of memory, so many levels, and all the time that it takes.
    pub fn of(memory: usize, levels: usize) -> Self {
        Self { memory, levels, is_over: &|| false }
    }
}

/// The JSON value that `text`, which this program wrote, is. To read it, to look at all of its levels and to drop it takes
/// stack for each level: [`Limits::json_levels`](crate::source::Limits::json_levels) says how many a thread has room for.
///
/// # Errors
///
/// What is not JSON, or is nested deeper than `levels` levels of arrays and objects.
pub fn read(text: &[u8], levels: usize) -> Result<Value, ReadError> {
    read_within(text, Room::of(usize::MAX, levels))
}

/// The same for a text that somebody else wrote.
///
/// # Errors
///
/// Also what takes more than `room`.
pub fn read_within(text: &[u8], room: Room<'_>) -> Result<Value, ReadError> {
    if levels(text) > room.levels {
        return Err(ReadError::TooDeep { most: room.levels });
    }
    let mut json = serde_json::Deserializer::from_slice(text);
    json.disable_recursion_limit();
    let reader =
        Reader { room, left: Cell::new(room.memory), values: Cell::new(0), refused: Cell::new(None) };
    let mut read = || {
        let value = reader.deserialize(&mut json)?;
        json.end()?;
        Ok::<_, serde_json::Error>(value)
    };
    read().map_err(|error| reader.refused.take().unwrap_or(ReadError::Json(error)))
}

/// Makes values, and counts what they take.
struct Reader<'r> {
    room: Room<'r>,
    left: Cell<usize>,
    values: Cell<u32>,
    refused: Cell<Option<ReadError>>,
}

impl Reader<'_> {
    fn take<E: Error>(&self, bytes: usize) -> Result<(), E> {
        let Some(left) = self.left.get().checked_sub(bytes) else {
            return self.refuse(ReadError::TooLarge(self.room.memory));
        };
        self.left.set(left);
        Ok(())
    }

    fn text<E: Error>(&self, text: &str) -> Result<(), E> {
        self.take(text.len() + ROUNDED)
    }

    fn refuse<T, E: Error>(&self, why: ReadError) -> Result<T, E> {
        let words = why.to_string();
        self.refused.set(Some(why));
        Err(E::custom(words))
    }
}

impl<'de> DeserializeSeed<'de> for &Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        self.values.set(self.values.get().wrapping_add(1));
        if self.values.get().is_multiple_of(PER_LOOK) && (self.room.is_over)() {
            return self.refuse(ReadError::OutOfTime);
        }
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.text(value)?;
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut json: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = json.next_element_seed(self)? {
            if list.len() == list.capacity() {
                self.take(list.len().max(SMALLEST) * size_of::<Value>())?;
            }
            list.push(value);
        }
        // Most lists have one element.
        if (1..SMALLEST).contains(&list.len()) {
            self.left.set(self.left.get() + (SMALLEST - list.len()) * size_of::<Value>());
            list.shrink_to_fit();
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut json: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        let mut fields = 0_usize;
        while let Some(name) = json.next_key::<String>()? {
            self.text(&name)?;
            if fields == 0 || fields >= IN_FIRST_NODE && (fields - IN_FIRST_NODE).is_multiple_of(IN_NODE) {
                self.take(NODE)?;
            }
            fields += 1;
            map.insert(name, json.next_value_seed(self)?);
        }
        Ok(Value::Object(map))
    }
}

/// How deeply arrays and objects are nested in `text`, if it is JSON.
fn levels(text: &[u8]) -> usize {
    let (mut level, mut most) = (0_usize, 0);
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                level += 1;
                most = most.max(level);
            }
            b']' | b'}' => level = level.saturating_sub(1),
            b'"' => {
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'\\' => drop(bytes.next()),
                        b'"' => break,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Limits;

    /// More than these tests need.
    const LEVELS: usize = 100;

    fn nested(levels: usize) -> String {
        "[".repeat(levels) + &"]".repeat(levels)
    }

    #[test]
    fn deep_json_is_read_up_to_a_limit() {
        let most = Limits::default().json_levels();
        for levels in [1, 128, most] {
            assert!(read(nested(levels).as_bytes(), most).is_ok());
        }
        let objects = "{\"a\":[".repeat(most / 2) + &"]}".repeat(most / 2);
        assert!(read(objects.as_bytes(), most).is_ok());
        for levels in [most + 1, 1_000_000] {
            assert!(matches!(read(nested(levels).as_bytes(), most), Err(ReadError::TooDeep { .. })));
        }
        let open = "[".repeat(most);
        assert!(matches!(read(open.as_bytes(), most), Err(ReadError::Json(_))));
        assert!(read(b"[1] 2", most).is_err());
        assert!(read((nested(200) + "x").as_bytes(), most).is_err());
    }

    #[test]
    fn brackets_in_texts_do_not_count() {
        assert_eq!(levels(br#"["[[[[", "\"[[", {"a": []}]"#), 3);
    }

    #[test]
    fn the_same_values_as_serde_json_makes() {
        let text = r#" {"b": [1, -2, 2.5, 1e400, true, null, "\u00e9\n", 18446744073709551615], "a": {"a": {}, "a": []}} "#;
        assert!(serde_json::from_str::<Value>(text).is_err() && read(text.as_bytes(), LEVELS).is_err());
        let text = text.replace("1e400", "1e40");
        assert_eq!(read(text.as_bytes(), LEVELS).unwrap(), serde_json::from_str::<Value>(&text).unwrap());
        for wrong in ["", "[1,]", "{\"a\"}", "nul", "\"\\ud800\"", "[1}"] {
            let (ours, theirs) = (read(wrong.as_bytes(), LEVELS), serde_json::from_str::<Value>(wrong));
            assert_eq!(ours.unwrap_err().to_string(), theirs.unwrap_err().to_string(), "{wrong}");
        }
    }

    #[test]
    fn what_somebody_else_wrote_takes_no_more_than_its_room() {
        let objects = |count: usize| format!("[{}]", vec![r#"{"":0}"#; count].join(","));
        let wide = |count: usize| {
            let fields: Vec<String> = (0..count).map(|number| format!("\"{number:06}\":0")).collect();
            format!("{{{}}}", fields.join(","))
        };
        for (text, memory) in [(objects(1_000), 672_000), (wide(10_000), 1_500_000), ("[0]".to_owned(), 128)]
        {
            let within = |memory| read_within(text.as_bytes(), Room::of(memory, LEVELS));
            assert!(within(memory * 2).is_ok(), "{}", &text[..3]);
            assert!(matches!(within(memory / 2), Err(ReadError::TooLarge(_))), "{}", &text[..3]);
        }
        let error = read_within(objects(10_000).as_bytes(), Room::of(2 << 20, LEVELS)).unwrap_err();
        assert_eq!(error.to_string(), "its values take more than 2 MiB of memory");
        let room = Room { memory: usize::MAX, levels: LEVELS, is_over: &|| true };
        assert!(matches!(read_within(objects(1_000).as_bytes(), room), Err(ReadError::OutOfTime)));
    }
}

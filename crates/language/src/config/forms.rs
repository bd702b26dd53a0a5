//! What Caddy's settings are made of, for what walks them with serde: objects, lists, texts, truth values, numbers and
//! nothing else.

use std::fmt;
use std::io;

use serde::ser;

/// Why settings could not be passed on.
#[derive(Debug)]
pub(crate) struct Failure(io::Error);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Failure {}

impl ser::Error for Failure {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(io::Error::other(message.to_string()))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self(error)
    }
}

impl From<Failure> for io::Error {
    fn from(failure: Failure) -> Self {
        failure.0
    }
}

impl Failure {
    /// A form that settings do not have.
    pub(crate) fn form() -> Self {
        ser::Error::custom("settings are objects, lists and plain values")
    }
}

/// The methods of a serializer that lead from what settings are never made of, or rarely, to what they are made of.
macro_rules! other_forms {
    () => {
        type SerializeTuple = serde::ser::Impossible<Self::Ok, Failure>;
        type SerializeTupleStruct = serde::ser::Impossible<Self::Ok, Failure>;
        type SerializeTupleVariant = serde::ser::Impossible<Self::Ok, Failure>;
        type SerializeStructVariant = serde::ser::Impossible<Self::Ok, Failure>;

        fn serialize_i8(self, value: i8) -> Result<Self::Ok, Failure> {
            self.serialize_i64(value.into())
        }

        fn serialize_i16(self, value: i16) -> Result<Self::Ok, Failure> {
            self.serialize_i64(value.into())
        }

        fn serialize_i32(self, value: i32) -> Result<Self::Ok, Failure> {
            self.serialize_i64(value.into())
        }

        fn serialize_u8(self, value: u8) -> Result<Self::Ok, Failure> {
            self.serialize_u64(value.into())
        }

        fn serialize_u16(self, value: u16) -> Result<Self::Ok, Failure> {
            self.serialize_u64(value.into())
        }

        fn serialize_u32(self, value: u32) -> Result<Self::Ok, Failure> {
            self.serialize_u64(value.into())
        }

        fn serialize_f32(self, value: f32) -> Result<Self::Ok, Failure> {
            self.serialize_f64(value.into())
        }

        fn serialize_char(self, value: char) -> Result<Self::Ok, Failure> {
            self.serialize_str(value.encode_utf8(&mut [0; 4]))
        }

        fn serialize_bytes(self, _: &[u8]) -> Result<Self::Ok, Failure> {
            Err(Failure::form())
        }

        fn serialize_none(self) -> Result<Self::Ok, Failure> {
            self.serialize_unit()
        }

        fn serialize_some<T: serde::Serialize + ?Sized>(self, value: &T) -> Result<Self::Ok, Failure> {
            value.serialize(self)
        }

        fn serialize_unit_struct(self, _: &'static str) -> Result<Self::Ok, Failure> {
            self.serialize_unit()
        }

        fn serialize_unit_variant(
            self,
            _: &'static str,
            _: u32,
            variant: &'static str,
        ) -> Result<Self::Ok, Failure> {
            self.serialize_str(variant)
        }

        fn serialize_newtype_struct<T: serde::Serialize + ?Sized>(
            self,
            _: &'static str,
            value: &T,
        ) -> Result<Self::Ok, Failure> {
            value.serialize(self)
        }

        fn serialize_newtype_variant<T: serde::Serialize + ?Sized>(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: &T,
        ) -> Result<Self::Ok, Failure> {
            Err(Failure::form())
        }

        fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Failure> {
            Err(Failure::form())
        }

        fn serialize_tuple_struct(
            self,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeTupleStruct, Failure> {
            Err(Failure::form())
        }

        fn serialize_tuple_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeTupleVariant, Failure> {
            Err(Failure::form())
        }

        fn serialize_struct_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeStructVariant, Failure> {
            Err(Failure::form())
        }
    };
}

pub(crate) use other_forms;

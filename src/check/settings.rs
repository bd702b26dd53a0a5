//! A typed configuration as packed JSON, without the routes of its servers: those are most of it, and are read where
//! they are.

use ecow::EcoString;
use serde::ser::{Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};
use serde_json::{Error, Number};

use crate::config::{Document, Packed};

/// What a server's routes stand in.
const ROUTES: [&str; 3] = ["routes", "errors", "named_routes"];

/// All of `config` but the routes of its servers.
pub(super) fn of(config: &Document) -> Packed {
    config.serialize(Packer).unwrap_or(Packed::Null)
}

/// Makes packed JSON of whatever serde walks.
struct Packer;

/// A list that grows.
struct List(Vec<Packed>);

/// An object that grows.
struct Object {
    fields: Vec<(EcoString, Packed)>,
    name: Option<EcoString>,
    is_server: bool,
}

impl Object {
    fn new(len: usize, is_server: bool) -> Self {
        Self { fields: Vec::with_capacity(len), name: None, is_server }
    }
}

type Done = Result<Packed, Error>;

impl Serializer for Packer {
    type Ok = Packed;
    type Error = Error;
    type SerializeSeq = List;
    type SerializeMap = Object;
    type SerializeStruct = Object;
    type SerializeTuple = Impossible<Packed, Error>;
    type SerializeTupleStruct = Impossible<Packed, Error>;
    type SerializeTupleVariant = Impossible<Packed, Error>;
    type SerializeStructVariant = Impossible<Packed, Error>;

    fn serialize_bool(self, value: bool) -> Done {
        Ok(Packed::Bool(value))
    }

    fn serialize_i64(self, value: i64) -> Done {
        Ok(Packed::Number(value.into()))
    }

    fn serialize_u64(self, value: u64) -> Done {
        Ok(Packed::Number(value.into()))
    }

    fn serialize_f64(self, value: f64) -> Done {
        Ok(Number::from_f64(value).map_or(Packed::Null, Packed::Number))
    }

    fn serialize_str(self, value: &str) -> Done {
        Ok(Packed::Text(value.into()))
    }

    fn serialize_none(self) -> Done {
        Ok(Packed::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        Ok(Packed::Null)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<List, Error> {
        Ok(List(Vec::with_capacity(len.unwrap_or(0))))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Object, Error> {
        Ok(Object::new(len.unwrap_or(0), false))
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Object, Error> {
        Ok(Object::new(len, name == "Server"))
    }

    fn serialize_i8(self, value: i8) -> Done {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Done {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Done {
        self.serialize_i64(value.into())
    }

    fn serialize_u8(self, value: u8) -> Done {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Done {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Done {
        self.serialize_u64(value.into())
    }

    fn serialize_f32(self, value: f32) -> Done {
        self.serialize_f64(value.into())
    }

    fn serialize_char(self, value: char) -> Done {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_bytes(self, _: &[u8]) -> Done {
        Err(no_such_form())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Done {
        Err(no_such_form())
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
        Err(no_such_form())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        Err(no_such_form())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        Err(no_such_form())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        Err(no_such_form())
    }
}

/// Forms that Caddy's settings do not have.
fn no_such_form() -> Error {
    serde::ser::Error::custom("settings are objects, lists and plain values")
}

impl SerializeSeq for List {
    type Ok = Packed;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.0.push(value.serialize(Packer)?);
        Ok(())
    }

    fn end(self) -> Done {
        Ok(Packed::List(self.0.into_boxed_slice()))
    }
}

impl SerializeMap for Object {
    type Ok = Packed;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        if let Packed::Text(name) = key.serialize(Packer)? {
            self.name = Some(name);
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let name = self.name.take().ok_or_else(no_such_form)?;
        self.fields.push((name, value.serialize(Packer)?));
        Ok(())
    }

    fn end(self) -> Done {
        Ok(Packed::Object(self.fields.into_boxed_slice()))
    }
}

impl SerializeStruct for Object {
    type Ok = Packed;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        if !self.is_server || !ROUTES.contains(&name) {
            self.fields.push((name.into(), value.serialize(Packer)?));
        }
        Ok(())
    }

    fn end(self) -> Done {
        SerializeMap::end(self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::compile::compile;
    use crate::source::{Env, Memory};

    #[test]
    fn nothing_but_the_routes_is_left_out() {
        let text = b"{\n\temail a@example.com\n\tservers {\n\t\tstrict_sni_host on\n\t}\n\tlog {\n\t\tlevel INFO\n\t}\n}\na.example {\n\ttls internal\n\tlog\n\trespond x\n}\n";
        let config = compile("Caddyfile", text, &Env::empty(), &Memory::new("")).config.expect("it compiles");
        let mut wanted = serde_json::to_value(&config).expect("it is JSON");
        for server in wanted["apps"]["http"]["servers"].as_object_mut().expect("servers").values_mut() {
            server.as_object_mut().expect("a server").retain(|name, _| !ROUTES.contains(&name.as_str()));
        }
        assert_eq!(Value::from(&of(&config)), wanted);
    }
}

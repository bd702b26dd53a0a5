//! A typed configuration as JSON values, without the routes of its servers: those are most of it, and are read where
//! they are.

use ecow::EcoString;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};
use serde_json::Number;

use super::forms::{Failure, other_forms};
use super::{Document, Fields, Value};

/// What a server's routes stand in.
const ROUTES: [&str; 2] = ["routes", "errors"];

/// All of `config` but the routes of its servers; named routes are there.
pub fn settings(config: &Document) -> Value {
    config.serialize(Packer(At::Document)).unwrap_or(Value::Null)
}

/// Where a value is, on the way to the servers.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Document,
    Apps,
    Http,
    Servers,
    Server,
    Elsewhere,
}

impl At {
    /// Where the field `name` of a value at this place is.
    fn below(self, name: &str) -> Self {
        match (self, name) {
            (Self::Document, "apps") => Self::Apps,
            (Self::Apps, "http") => Self::Http,
            (Self::Http, "servers") => Self::Servers,
            (Self::Servers, _) => Self::Server,
            _ => Self::Elsewhere,
        }
    }
}

/// Makes values of whatever serde walks.
struct Packer(At);

/// A list that grows.
struct List(Vec<Value>);

/// An object that grows.
struct Object {
    fields: Vec<(EcoString, Value)>,
    name: Option<EcoString>,
    at: At,
}

impl Object {
    fn new(len: usize, at: At) -> Self {
        Self { fields: Vec::with_capacity(len), name: None, at }
    }
}

type Done = Result<Value, Failure>;

impl Serializer for Packer {
    type Ok = Value;
    type Error = Failure;
    type SerializeSeq = List;
    type SerializeMap = Object;
    type SerializeStruct = Object;
    other_forms!();

    fn serialize_bool(self, value: bool) -> Done {
        Ok(Value::Bool(value))
    }

    fn serialize_i64(self, value: i64) -> Done {
        Ok(Value::Number(value.into()))
    }

    fn serialize_u64(self, value: u64) -> Done {
        Ok(Value::Number(value.into()))
    }

    fn serialize_f64(self, value: f64) -> Done {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn serialize_str(self, value: &str) -> Done {
        Ok(Value::String(value.into()))
    }

    fn serialize_unit(self) -> Done {
        Ok(Value::Null)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<List, Failure> {
        Ok(List(Vec::with_capacity(len.unwrap_or(0))))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Object, Failure> {
        Ok(Object::new(len.unwrap_or(0), self.0))
    }

    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Object, Failure> {
        Ok(Object::new(len, self.0))
    }
}

impl SerializeSeq for List {
    type Ok = Value;
    type Error = Failure;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        self.0.push(value.serialize(Packer(At::Elsewhere))?);
        Ok(())
    }

    fn end(self) -> Done {
        Ok(Value::Array(self.0.into_boxed_slice()))
    }
}

impl SerializeMap for Object {
    type Ok = Value;
    type Error = Failure;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Failure> {
        if let Value::String(name) = key.serialize(Packer(At::Elsewhere))? {
            self.name = Some(name);
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        let name = self.name.take().ok_or_else(Failure::form)?;
        let value = value.serialize(Packer(self.at.below(&name)))?;
        self.fields.push((name, value));
        Ok(())
    }

    fn end(self) -> Done {
        Ok(self.fields.into_iter().collect::<Fields>().into())
    }
}

impl SerializeStruct for Object {
    type Ok = Value;
    type Error = Failure;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Failure> {
        if self.at != At::Server || !ROUTES.contains(&name) {
            self.fields.push((name.into(), value.serialize(Packer(self.at.below(name)))?));
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
        assert_eq!(Value::from(&settings(&config)), wanted);
    }
}

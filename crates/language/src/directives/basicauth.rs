//! `basicauth`: the old name of `basic_auth`.

use super::basic_auth;
use crate::lower::{Directive, Shape};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive {
    name: "basicauth",
    syntax: "basicauth [<matcher>] [bcrypt|argon2id [<realm>]] { <user> <hashed password> }",
    doc: "The old name of `basic_auth`",
    rows: &[],
    example: "basicauth {\n\tbob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n}",
    shape: Shape::Handler(basic_auth::lower_deprecated),
};

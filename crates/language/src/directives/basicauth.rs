//! `basicauth`: the old name of `basic_auth`.

use super::basic_auth;
use crate::lower::Directive;
use crate::spec::{Conduct, Guard, Raises};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler(
    "basicauth",
    "[bcrypt|argon2id [<realm>]]",
    "The old name of `basic_auth`",
    basic_auth::lower_deprecated,
)
.lines("<user> <hashed password>")
.example("basicauth {\n\tbob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n}")
.makes(&basic_auth::HANDLER)
.renamed("basic_auth")
.conduct(Conduct { guard: Guard::Password, raises: Raises::Often, ..Conduct::NONE });

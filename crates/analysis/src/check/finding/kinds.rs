//! How the kinds of findings of one code are listed: each with its values, its severity, its message, and its help.

/// `Severity Kind { values } at words => "message", "help";` for each. Message and help may show the values, and the value
/// at fault; a help may be empty. The words are those of the Caddyfile that are meant where the value at fault is not found.
macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident($value:ident) {
        $($severity:ident $kind:ident $({ $($field:ident: $type:ty),+ })? $(at $($word:expr),+)? => $message:literal, $help:literal;)+
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub(in crate::check) enum $name {
            $($kind $({ $($field: $type),+ })?,)+
        }

        impl $name {
            /// How bad it is.
            pub(super) fn severity(&self) -> caddyctl_language::diagnostics::Severity {
                match self {
                    $(Self::$kind { .. } => caddyctl_language::diagnostics::Severity::$severity,)+
                }
            }

            /// What is wrong with the value, and what to do about it.
            pub(super) fn words(&self, $value: &str) -> (String, String) {
                let _ = $value;
                match self {
                    $(Self::$kind $({ $($field),+ })? => {
                        $($(let _ = $field;)+)?
                        (std::fmt::format(format_args!($message)), std::fmt::format(format_args!($help)))
                    })+
                }
            }

            /// The words of the Caddyfile that are meant, apart from the value.
            pub(super) fn names(&self) -> Vec<&str> {
                match self {
                    $(Self::$kind $({ $($field),+ })? => {
                        $($(let _ = $field;)+)?
                        let names: &[&str] = &[$($($word),+)?];
                        names.to_vec()
                    })+
                }
            }
        }
    };
}

pub(super) use kinds;

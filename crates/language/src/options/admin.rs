//! `admin`: where the admin API listens (docs: "Global options").

use crate::config::Admin;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Kind, Parsed, Row, Rows, arguments};

/// The option.
pub(crate) static OPTION: GlobalOption =
    GlobalOption::new("admin", "[off|<address>]", "The address of the admin API, or `off`", read)
        .rows(ROWS)
        .example("admin localhost:2020");

/// Where Caddy listens for its admin API, unless its environment has `CADDY_ADMIN`.
const DEFAULT_LISTEN: &str = "localhost:2019";

const ROWS: Rows = &[
    Row::new("enforce_origin", "", Kind::On, "Refuses requests whose Origin is not allowed").lenient(),
    Row::new("origins", "<hosts...>", Kind::Own, "The allowed origins"),
];

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let mut admin = Admin::default();
    if let Some(text) = cursor.arg() {
        if text == "off" {
            admin.disabled = true;
            if cursor.next() {
                return Err(arguments::settings_of_what_is_off(cursor.word()));
            }
        } else {
            admin.listen = text;
            if cursor.next_arg() {
                return Err(arguments::surplus(cursor.word(), "admin", "one address"));
            }
        }
    }
    cursor.block(|cursor| {
        match cursor.text() {
            "enforce_origin" => admin.enforce_origin = true,
            "origins" => admin.origins = cursor.arg_texts(),
            _ => return Err(cursor.unknown("admin", ROWS.iter().map(|row| &*row.name))),
        }
        Ok(())
    })?;
    if admin.listen.is_empty() && !admin.disabled {
        let default = options.admin_from_environment.as_deref().unwrap_or(DEFAULT_LISTEN);
        default.clone_into(&mut admin.listen);
    }
    options.admin = Some(admin);
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::compile::compile;
    use crate::source::{Env, Memory};

    fn listen(env: &Env) -> Option<String> {
        let text = b"{\n\tadmin {\n\t}\n}\n";
        let compilation = compile("./Caddyfile", text, env, &Memory::new("/srv"));
        compilation.config?.admin.map(|admin| admin.listen)
    }

    #[test]
    fn the_environment_has_the_default() {
        assert_eq!(listen(&Env::empty()).as_deref(), Some("localhost:2019"));
        let env: Env = [("CADDY_ADMIN", "10.0.0.1:2019")].into_iter().collect();
        assert_eq!(listen(&env).as_deref(), Some("10.0.0.1:2019"));
        let env: Env = [("CADDY_ADMIN", "")].into_iter().collect();
        assert_eq!(listen(&env).as_deref(), Some(""));
    }
}

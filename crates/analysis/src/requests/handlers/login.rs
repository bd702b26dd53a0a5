//! `basic_auth`.

use base64::Engine;

use crate::requests::notes::About;
use crate::requests::program::Login;
use crate::requests::state::{Raised, State};
use crate::requests::text;

/// Lets a request pass whose user and password are known.
pub(in crate::requests) fn serve(state: &mut State<'_>, config: &Login) -> Result<(), Raised> {
    if config.providers > 1 {
        state.notes.undecided(About::Content, "several ways to log in, which Caddy tries in any order");
    }
    let credentials = credentials(state.request.headers.first("Authorization"));
    let user = credentials.and_then(|(user, password)| {
        let (_, hash) = config.accounts.iter().find(|(known, _)| state.fill(known) == user)?;
        Some((fits(config, &state.fill(hash), &password), user))
    });
    let user = match user {
        Some((None, user)) => {
            let what = format!("the hash of the user {user} takes too much memory to compute here");
            return Err(Raised::Unknown(what));
        }
        Some((Some(true), user)) => Some(user),
        _ => None,
    };
    let Some(user) = user else {
        let realm = if config.realm.is_empty() { "restricted" } else { &config.realm };
        state.headers.set("Www-Authenticate", format!("Basic realm=\"{realm}\""));
        if let Some(place) = state.current {
            state.notes.did(place, || "asks for a login".to_owned());
        }
        return Err(Raised::with(401, "not authenticated"));
    };
    if let Some(place) = state.current {
        state.notes.did(place, || format!("knows the user {user}"));
    }
    state.set("http.auth.user.id", user);
    Ok(())
}

/// User and password of an Authorization header.
fn credentials(header: &str) -> Option<(String, String)> {
    let scheme = header.get(..6).filter(|scheme| scheme.eq_ignore_ascii_case("basic "))?;
    let bytes = base64::engine::general_purpose::STANDARD.decode(&header[scheme.len()..]).ok()?;
    let plain = text::of_bytes(&bytes);
    let (user, password) = plain.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// Whether the password is the one of the hash; `None` where that takes too much memory.
fn fits(config: &Login, hash: &str, password: &str) -> Option<bool> {
    let hash = if hash.starts_with('$') {
        hash.to_owned()
    } else {
        let decoded = base64::engine::general_purpose::STANDARD.decode(hash).unwrap_or_default();
        text::of_bytes(&decoded)
    };
    match config.algorithm.as_str() {
        "bcrypt" => Some(crate::requests::bcrypt::verify(&hash, &text::bytes(password))),
        "argon2id" => crate::requests::argon2id::verify(&hash, &text::bytes(password)),
        _ => Some(false),
    }
}

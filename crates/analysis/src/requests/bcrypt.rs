//! Passwords hashed with bcrypt.

/// Whether `password` is the one of `hash`, such as `$2a$14$…`.
pub(super) fn verify(hash: &str, password: &[u8]) -> bool {
    let mut parts = hash.split('$').skip(1);
    let (Some(version), Some(cost), Some(rest), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let Some(cost) = cost.parse::<u32>().ok().filter(|cost| (4..=31).contains(cost)) else { return false };
    if !version.starts_with('2') || rest.len() != 53 || !rest.is_ascii() || password.len() > 72 {
        return false;
    }
    let (Some(salt), Some(wanted)) = (decode(&rest[..22]), decode(&rest[22..])) else { return false };
    let Ok(salt) = <[u8; 16]>::try_from(salt.get(..16).unwrap_or_default()) else { return false };
    let mut key: Vec<u8> = password.to_vec();
    key.push(0);
    key.truncate(72);
    let made = ::bcrypt::bcrypt(cost, salt, &key);
    made[..23] == wanted[..wanted.len().min(23)]
}

/// The bytes of bcrypt's own base64.
fn decode(text: &str) -> Option<Vec<u8>> {
    const LETTERS: &[u8; 64] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut out = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.bytes() {
        let value = LETTERS.iter().position(|letter| *letter == byte)?;
        bits = (bits << 6) | u32::try_from(value).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from((bits >> count) & 0xff).ok()?);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::verify;

    #[test]
    fn passwords() {
        // Made by `caddy hash-password` with a low cost.
        let hash = "$2y$05$bvIG6Nmid91Mu9RcmmWZfO5HJIMCT8riNW0hEp8f6/FuA2/mHZFpe";
        assert!(verify(hash, b"password") && !verify(hash, b"other") && !verify("$2a$x$", b""));
    }
}

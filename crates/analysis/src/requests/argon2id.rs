//! Passwords hashed with argon2id.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// The most memory that a hash may take (KiB), and the most work: that memory times the passes.
const MOST_MEMORY: u32 = 256 << 10;
const MOST_WORK: u64 = 4 * (MOST_MEMORY as u64);

/// Whether `password` is the one of `hash`, such as `$argon2id$v=19$m=47104,t=1,p=1$…$…`; `None` for a hash that takes too much
/// memory or time to compute.
pub(super) fn verify(hash: &str, password: &[u8]) -> Option<bool> {
    let parts: Vec<&str> = hash.split('$').collect();
    let ["", "argon2id", "v=19", parameters, salt, key] = parts.as_slice() else { return Some(false) };
    let number = |name: &str| {
        let mut all = parameters.split(',').filter_map(|one| one.split_once('='));
        all.find(|(known, _)| *known == name)?.1.parse::<u32>().ok()
    };
    let (Some(memory), Some(passes), Some(lanes)) = (number("m"), number("t"), number("p")) else {
        return Some(false);
    };
    let (Ok(salt), Ok(key)) = (STANDARD_NO_PAD.decode(salt), STANDARD_NO_PAD.decode(key)) else {
        return Some(false);
    };
    // Go takes at least eight blocks for each lane.
    let memory = memory.max(lanes.saturating_mul(8));
    if memory > MOST_MEMORY || u64::from(memory) * u64::from(passes) > MOST_WORK || key.len() > 1024 {
        return None;
    }
    let Ok(parameters) = Params::new(memory, passes, lanes, Some(key.len())) else { return Some(false) };
    let mut made = vec![0; key.len()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    match argon2.hash_password_into(password, &salt, &mut made) {
        Ok(()) => Some(made == key),
        Err(_) => Some(false),
    }
}

//! xxHash64 with the seed 0, and HMAC-SHA256: Caddy chooses upstreams with them.

use sha2::{Digest, Sha256};

const PRIMES: [u64; 5] = [
    0x9E37_79B1_85EB_CA87,
    0xC2B2_AE3D_27D4_EB4F,
    0x1656_67B1_9E37_79F9,
    0x85EB_CA77_C2B2_AE63,
    0x27D4_EB2F_1656_67C5,
];

/// The xxHash64 of `bytes`.
pub(super) fn xxhash(bytes: &[u8]) -> u64 {
    let round = |sum: u64, lane: u64| {
        sum.wrapping_add(lane.wrapping_mul(PRIMES[1])).rotate_left(31).wrapping_mul(PRIMES[0])
    };
    let lane = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap_or_default());
    let mut rest = bytes;
    let mut hash = if bytes.len() >= 32 {
        let mut sums = [PRIMES[0].wrapping_add(PRIMES[1]), PRIMES[1], 0, 0_u64.wrapping_sub(PRIMES[0])];
        while rest.len() >= 32 {
            for (number, sum) in sums.iter_mut().enumerate() {
                *sum = round(*sum, lane(&rest[number * 8..number * 8 + 8]));
            }
            rest = &rest[32..];
        }
        let mut hash = sums[0]
            .rotate_left(1)
            .wrapping_add(sums[1].rotate_left(7))
            .wrapping_add(sums[2].rotate_left(12))
            .wrapping_add(sums[3].rotate_left(18));
        for sum in sums {
            hash = (hash ^ round(0, sum)).wrapping_mul(PRIMES[0]).wrapping_add(PRIMES[3]);
        }
        hash
    } else {
        PRIMES[4]
    };
    hash = hash.wrapping_add(bytes.len() as u64);
    while rest.len() >= 8 {
        hash = (hash ^ round(0, lane(&rest[..8])))
            .rotate_left(27)
            .wrapping_mul(PRIMES[0])
            .wrapping_add(PRIMES[3]);
        rest = &rest[8..];
    }
    if rest.len() >= 4 {
        let word = u32::from_le_bytes(rest[..4].try_into().unwrap_or_default());
        hash = (hash ^ u64::from(word).wrapping_mul(PRIMES[0]))
            .rotate_left(23)
            .wrapping_mul(PRIMES[1])
            .wrapping_add(PRIMES[2]);
        rest = &rest[4..];
    }
    for byte in rest {
        hash = (hash ^ u64::from(*byte).wrapping_mul(PRIMES[4])).rotate_left(11).wrapping_mul(PRIMES[0]);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(PRIMES[1]);
    hash = (hash ^ (hash >> 29)).wrapping_mul(PRIMES[2]);
    hash ^ (hash >> 32)
}

/// The HMAC-SHA256 of `text`, in hexadecimal digits.
pub(super) fn hmac(secret: &str, text: &str) -> String {
    const BLOCK: usize = 64;
    let mut key =
        if secret.len() > BLOCK { Sha256::digest(secret).to_vec() } else { secret.as_bytes().to_vec() };
    key.resize(BLOCK, 0);
    let padded = |mask: u8| key.iter().map(|byte| byte ^ mask).collect::<Vec<u8>>();
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
    let outer = Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize();
    outer.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(xxhash(b""), 0xEF46_DB37_51D8_E999);
        assert_eq!(xxhash(b"a"), 0xD24E_C4F1_A98C_6E5B);
        assert_eq!(xxhash(b"abc"), 0x44BC_2CF5_AD77_0999);
        assert_eq!(
            hmac("key", "The quick brown fox jumps over the lazy dog"),
            "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
        );
    }
}

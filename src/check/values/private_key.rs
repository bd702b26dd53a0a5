//! Whether a private key belongs to a public one.

use x509_parser::der_parser::ber::BerObject;
use x509_parser::der_parser::parse_der;
use x509_parser::public_key::PublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Match {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// The key holds no public half to compare (Ed25519, some EC keys).
    Unknown,
    /// It is no private key.
    Malformed,
}

/// Compares a private key (PKCS #1, SEC 1 or PKCS #8, as DER) with a certificate's public key.
pub(in crate::check) fn matches(der: &[u8], public: &SubjectPublicKeyInfo) -> Match {
    let Ok((_, object)) = parse_der(der) else { return Match::Malformed };
    let Ok(fields) = object.as_sequence() else { return Match::Malformed };
    match fields.as_slice() {
        // PKCS #8: version, algorithm, and the key proper inside an octet string.
        [_, algorithm, inner, ..] if algorithm.as_sequence().is_ok() => match inner.as_slice() {
            Ok(inner) if inner.len() > 34 => matches(inner, public),
            // Ed25519: 32 bytes in a wrapping.
            Ok(_) if public.algorithm.algorithm.to_id_string() == "1.3.101.112" => Match::Unknown,
            Ok(_) => Match::No,
            Err(_) => Match::Malformed,
        },
        // PKCS #1: version, modulus, exponents and primes.
        [_, modulus, _, _, _, _, ..] => rsa(modulus, public),
        // SEC 1: version, secret, parameters, and perhaps the public point.
        [_, _, rest @ ..] => elliptic(rest, public),
        _ => Match::Malformed,
    }
}

fn rsa(modulus: &BerObject, public: &SubjectPublicKeyInfo) -> Match {
    let Ok(PublicKey::RSA(key)) = public.parsed() else { return Match::No };
    let Ok(modulus) = modulus.as_slice() else { return Match::Malformed };
    let significant = |bytes: &[u8]| bytes.iter().copied().skip_while(|b| *b == 0).collect::<Vec<u8>>();
    if significant(modulus) == significant(key.modulus) { Match::Yes } else { Match::No }
}

fn elliptic(rest: &[BerObject], public: &SubjectPublicKeyInfo) -> Match {
    let Ok(PublicKey::EC(key)) = public.parsed() else { return Match::No };
    for field in rest {
        if field.header.tag().0 != 1 {
            continue;
        }
        let Ok(bytes) = field.as_slice() else { continue };
        let Ok((_, point)) = parse_der(bytes) else { return Match::Malformed };
        let Ok(point) = point.as_bitstring() else { return Match::Malformed };
        return if *point.data == *key.data() { Match::Yes } else { Match::No };
    }
    Match::Unknown
}

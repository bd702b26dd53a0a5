//! Whether a private key belongs to a public one.

use ed25519_dalek::SigningKey;
use p256::NistP256;
use p256::elliptic_curve::array::typenum::Unsigned as _;
use p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use p256::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytesSize, SecretKey};
use p384::NistP384;
use p521::NistP521;
use x509_parser::asn1_rs::Oid;
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
    /// The key is of a curve that is not computed here (P-224), and has no public half to compare.
    Unknown,
    /// It is no private key.
    Malformed,
}

/// The algorithms of keys in PKCS #8 that Go's `tls` package takes.
const RSA: &str = "1.2.840.113549.1.1.1";
const EC: &str = "1.2.840.10045.2.1";
const ED25519: &str = "1.3.101.112";

/// Compares a private key (PKCS #1, SEC 1 or PKCS #8, as DER) with a certificate's public key.
pub(in crate::check) fn matches(der: &[u8], public: &SubjectPublicKeyInfo) -> Match {
    let Ok((_, object)) = parse_der(der) else { return Match::Malformed };
    let Ok(fields) = object.as_sequence() else { return Match::Malformed };
    match fields.as_slice() {
        // PKCS #8: version, algorithm, and the key proper inside an octet string.
        [_, algorithm, inner, ..] if algorithm.as_sequence().is_ok() => {
            let name = algorithm.as_sequence().ok().and_then(|fields| fields.first()?.as_oid().ok());
            match (name.map(Oid::to_id_string).as_deref(), inner.as_slice()) {
                (Some(RSA | EC), Ok(inner)) => matches(inner, public),
                (Some(ED25519), Ok(inner)) => ed25519(inner, public),
                _ => Match::Malformed,
            }
        }
        // PKCS #1: version, modulus, exponents and primes.
        [_, modulus, _, _, _, _, ..] => rsa(modulus, public),
        // SEC 1: version, secret, parameters, and perhaps the public point.
        [_, secret, rest @ ..] => elliptic(secret, rest, public),
        _ => Match::Malformed,
    }
}

/// An Ed25519 key is 32 bytes in an octet string of their own (RFC 8410); the public half comes from them.
fn ed25519(inner: &[u8], public: &SubjectPublicKeyInfo) -> Match {
    let Ok((_, seed)) = parse_der(inner) else { return Match::Malformed };
    let Some(seed) = seed.as_slice().ok().and_then(|seed| seed.try_into().ok()) else {
        return Match::Malformed;
    };
    let own = SigningKey::from_bytes(seed).verifying_key();
    let is_same = public.algorithm.algorithm.to_id_string() == ED25519
        && *public.subject_public_key.data == *own.as_bytes();
    if is_same { Match::Yes } else { Match::No }
}

fn rsa(modulus: &BerObject, public: &SubjectPublicKeyInfo) -> Match {
    let Ok(PublicKey::RSA(key)) = public.parsed() else { return Match::No };
    let Ok(modulus) = modulus.as_slice() else { return Match::Malformed };
    let significant = |bytes: &[u8]| bytes.iter().copied().skip_while(|b| *b == 0).collect::<Vec<u8>>();
    if significant(modulus) == significant(key.modulus) { Match::Yes } else { Match::No }
}

/// The public point is computed from the secret, as Go does it, whatever the key itself says of it.
fn elliptic(secret: &BerObject, rest: &[BerObject], public: &SubjectPublicKeyInfo) -> Match {
    let Ok(PublicKey::EC(key)) = public.parsed() else { return Match::No };
    let Ok(secret) = secret.as_slice() else { return Match::Malformed };
    let curve = public.algorithm.parameters.as_ref().and_then(|parameters| parameters.as_oid().ok());
    match curve.map(|oid| oid.to_id_string()).as_deref() {
        Some("1.2.840.10045.3.1.7") => computed::<NistP256>(secret, key.data()),
        Some("1.3.132.0.34") => computed::<NistP384>(secret, key.data()),
        Some("1.3.132.0.35") => computed::<NistP521>(secret, key.data()),
        Some("1.3.132.0.33") => same_point(rest, key.data()),
        // Go has no other curves.
        _ => Match::Malformed,
    }
}

/// Whether `point` is the public half of `secret` on the curve `C`.
fn computed<C: CurveArithmetic>(secret: &[u8], point: &[u8]) -> Match
where
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    let length = FieldBytesSize::<C>::USIZE;
    let significant: Vec<u8> = secret.iter().copied().skip_while(|byte| *byte == 0).collect();
    let Some(missing) = usize::checked_sub(length, significant.len()) else { return Match::No };
    let padded = [vec![0; missing], significant].concat();
    let is_same = SecretKey::<C>::from_slice(&padded)
        .is_ok_and(|key| key.public_key().to_sec1_point(false).as_bytes() == point);
    if is_same { Match::Yes } else { Match::No }
}

/// Whether the public point that a key names is `point`.
fn same_point(rest: &[BerObject], point: &[u8]) -> Match {
    for field in rest.iter().filter(|field| field.header.tag().0 == 1) {
        let Ok(bytes) = field.as_slice() else { continue };
        let Ok((_, own)) = parse_der(bytes) else { return Match::Malformed };
        let Ok(own) = own.as_bitstring() else { return Match::Malformed };
        return if *own.data == *point { Match::Yes } else { Match::No };
    }
    Match::Unknown
}

//! Floats.

/// A float as Go writes it.
pub(crate) fn go_float(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{value:e}");
        // Go has a sign and at least one digit in the exponent: 1e+21, 1e-7.
        return match text.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
            _ => text,
        };
    }
    format!("{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_as_go_writes_them() {
        for (value, text) in [
            (0.5, "0.5"),
            (100.0, "100"),
            (1e-7, "1e-7"),
            (1e-6, "0.000001"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (9_007_199_254_740_992.0, "9007199254740992"),
            (1e20, "100000000000000000000"),
            (-0.0, "-0"),
        ] {
            assert_eq!(go_float(value), text);
        }
    }
}

//! What a share of right ones is worth when there were few of them (Wilson, 1927, “Probable
//! inference, the law of succession, and statistical inference”).

/// Nineteen of twenty, on one side: the share is lower than the bound in one case of twenty.
const ONE_SIDED: f64 = 1.644_853_626_951_472_2;
/// Nineteen of twenty, on both sides.
const TWO_SIDED: f64 = 1.959_963_984_540_054;

/// What the share is at least, one-sided, at 95 %. Nothing is known of nothing: 0.
pub fn at_least(right: u32, of: u32) -> f64 {
    ends(right, of, ONE_SIDED).0
}

/// Between what the share lies, two-sided, at 95 %: for showing a figure with its doubt.
pub fn interval(right: u32, of: u32) -> (f64, f64) {
    ends(right, of, TWO_SIDED)
}

fn ends(right: u32, of: u32, z: f64) -> (f64, f64) {
    if of == 0 {
        return (0.0, 1.0);
    }
    let (n, p) = (f64::from(of), f64::from(right.min(of)) / f64::from(of));
    let middle = p + z * z / (2.0 * n);
    let spread = z * ((p * (1.0 - p) + z * z / (4.0 * n)) / n).sqrt();
    let whole = 1.0 + z * z / n;
    (((middle - spread) / whole).max(0.0), ((middle + spread) / whole).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_are_those_of_the_tables() {
        // Newcombe (1998), table I, method 3: 81 of 263 and 15 of 148, two-sided.
        let (low, high) = interval(81, 263);
        assert!((low - 0.2553).abs() < 0.0001 && (high - 0.3662).abs() < 0.0001, "{low} {high}");
        let (low, high) = interval(15, 148);
        assert!((low - 0.0624).abs() < 0.0001 && (high - 0.1605).abs() < 0.0001, "{low} {high}");
        assert!((at_least(10, 10) - 10.0 / (10.0 + ONE_SIDED * ONE_SIDED)).abs() < 1e-12);
        assert_eq!(interval(0, 0), (0.0, 1.0));
        assert!(at_least(0, 5).abs() < 1e-12);
    }

    #[test]
    fn more_right_ones_and_more_of_them_never_promise_less() {
        for of in 1..200 {
            for right in 0..of {
                assert!(at_least(right, of) < at_least(right + 1, of));
                assert!(at_least(right, of) <= f64::from(right) / f64::from(of) + 1e-9);
            }
            assert!(at_least(of, of) < at_least(of + 1, of + 1));
        }
    }
}

use super::*;

fn curve(
    horizon_months: u32,
    discount_ppm: i64,
    retention_ppm: i64,
    renewal_ppm: i64,
) -> RetentionCurve {
    let settings = LifetimeSettings { horizon_months, discount_ppm, ..Default::default() };
    let terms = RetentionTerms { retention_ppm, renewal_ppm };
    RetentionCurve::new(&settings.check().unwrap(), terms).unwrap()
}

fn near(actual: f64, expect: f64) {
    assert!((actual - expect).abs() < 1e-9, "{actual} is not {expect}");
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    let base = LifetimeSettings::default();
    for (settings, message) in [
        (LifetimeSettings { horizon_months: 0, ..base }, "`horizon_months` is 0"),
        (LifetimeSettings { horizon_months: 121, ..base }, "endless horizon"),
        (LifetimeSettings { discount_ppm: -1, ..base }, "`discount_ppm` is -1 ppm"),
        (LifetimeSettings { scatter_ppm: 10_000_001, ..base }, "`scatter_ppm`"),
    ] {
        let error = settings.check().unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
    let params = base.check().unwrap();
    let terms = RetentionTerms { retention_ppm: 1_000_001, renewal_ppm: 0 };
    assert!(RetentionCurve::new(&params, terms).is_err());
}

#[test]
fn without_discount_and_loss_a_month_counts_one() {
    near(curve(60, 0, 1_000_000, 0).annuity(None), 60.0);
}

#[test]
fn one_month_is_discounted_once() {
    near(curve(1, 126_825, 1_000_000, 0).annuity(None), 1.0 / 1.126_825_f64.powf(1.0 / 12.0));
}

#[test]
fn the_annuity_is_the_geometric_sum() {
    let (retention, monthly) = (0.97_f64, 1.08_f64.powf(1.0 / 12.0));
    let ratio = retention / monthly;
    let expect = ratio * (1.0 - ratio.powi(60)) / (1.0 - ratio);
    near(curve(60, 80_000, 970_000, 0).annuity(None), expect);
}

#[test]
fn the_maturity_ends_what_is_not_renewed() {
    let full = curve(24, 0, 1_000_000, 250_000);
    for (maturity, expect) in [(0, 6.0), (4, 9.0), (24, 24.0), (100, 24.0)] {
        near(full.annuity(Some(maturity)), expect);
    }
}

#[test]
fn the_variance_is_that_of_the_discounted_lifetime() {
    // Two months, r = 0.9, no discount: months kept are 0, 1, 2 with 0.1, 0.09, 0.81.
    let moments = curve(2, 0, 900_000, 0).moments(None);
    near(moments.mean, 0.09 + 2.0 * 0.81);
    near(moments.variance, 0.09 + 4.0 * 0.81 - moments.mean * moments.mean);
    near(moments.noise, 0.9 + 0.81);
    near(curve(60, 80_000, 1_000_000, 0).moments(None).variance, 0.0);
}

//! Draws by counter: a draw depends on the seed, what it is for and whom it concerns, never on
//! what was drawn before for somebody else.

/// What a stream of draws is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    /// Whether a client is an organisation.
    Kind = 1,
    /// Who lives together.
    Household,
    /// A person's traits.
    Person,
    /// Money, attachment, leaving.
    Latent,
    /// Which systems know the person, and since when.
    Membership,
    /// What a party record shows.
    Record,
    /// Which products are held.
    Portfolio,
    /// The movements of a month.
    Month,
    /// Contacts and feedback.
    Care,
    /// An organisation's traits.
    Organisation,
    /// A mobile number.
    Mobile,
}

/// SplitMix64 (Steele, Lea, Flood 2014), started from a mixed counter.
#[derive(Clone, Debug)]
pub(crate) struct Dice {
    state: u64,
}

const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(value: u64) -> u64 {
    let a = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let b = (a ^ (a >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    b ^ (b >> 31)
}

impl Dice {
    /// The draws for `whom` (and `part` of it) in a stream.
    pub(crate) fn new(seed: u64, stream: Stream, whom: u64, part: u64) -> Self {
        let purpose = mix(seed.wrapping_add(GAMMA.wrapping_mul(stream as u64)));
        let person = mix(purpose ^ whom.wrapping_mul(GAMMA));
        Self { state: mix(person ^ part.wrapping_add(1).wrapping_mul(0xd134_2543_de82_ef95)) }
    }

    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GAMMA);
        mix(self.state)
    }

    /// A number below `n` (0 where `n` is 0), by Lemire's multiplication.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        let product = u128::from(self.bits()) * u128::from(n);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// An index below `n`.
    pub(crate) fn index(&mut self, n: usize) -> usize {
        usize::try_from(self.below(n as u64)).unwrap_or(0)
    }

    /// A whole number in `from..=to`.
    pub(crate) fn between(&mut self, from: i32, to: i32) -> i32 {
        let span = u64::from(to.abs_diff(from)) + 1;
        from + i32::try_from(self.below(span)).unwrap_or(0)
    }

    /// A number in 0 to 1, without 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Whether something of probability `p` happens.
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Nearly a standard normal: the sum of four uniforms, scaled. Bounded by 3.5, which keeps
    /// fortunes believable, and free of the platform's logarithm.
    pub(crate) fn normal(&mut self) -> f64 {
        let sum = self.unit() + self.unit() + self.unit() + self.unit();
        (sum - 2.0) * 1.732_050_807_568_877_2
    }

    /// One of `items`.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }

    /// An index by weights; the last one where they are all zero.
    pub(crate) fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: u64 = weights.iter().map(|w| u64::from(*w)).sum();
        let mut rest = self.below(total);
        for (at, weight) in weights.iter().enumerate() {
            if rest < u64::from(*weight) {
                return at;
            }
            rest -= u64::from(*weight);
        }
        weights.len().saturating_sub(1)
    }

    /// A whole number with mean `mean`, geometric: many are zero, a few are large.
    pub(crate) fn count(&mut self, mean: f64) -> usize {
        let go_on = mean / (1.0 + mean);
        let mut n = 0;
        while n < 40 && self.chance(go_on) {
            n += 1;
        }
        n
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_depend_on_the_counter_only() {
        let mut a = Dice::new(1, Stream::Person, 7, 0);
        let mut b = Dice::new(1, Stream::Person, 7, 0);
        assert_eq!(a.bits(), b.bits());
        assert_ne!(a.bits(), Dice::new(1, Stream::Person, 8, 0).bits());
        assert_ne!(a.bits(), Dice::new(1, Stream::Latent, 7, 0).bits());
    }

    #[test]
    fn moments_are_what_they_say() {
        let mut dice = Dice::new(3, Stream::Person, 0, 0);
        let draws: Vec<f64> = (0..40_000).map(|_| dice.normal()).collect();
        let mean = draws.iter().sum::<f64>() / 40_000.0;
        let variance = draws.iter().map(|x| x * x).sum::<f64>() / 40_000.0;
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
        let counts: usize = (0..40_000).map(|_| dice.count(1.5)).sum();
        assert!((counts as f64 / 40_000.0 - 1.5).abs() < 0.05);
        assert!((0..1000).all(|_| (3..=5).contains(&dice.between(3, 5))));
    }
}

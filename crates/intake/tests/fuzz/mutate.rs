//! Mutations of bytes, the same in every run.

/// What files and contracts are made of, and what breaks them.
const TOKENS: &[&[u8]] = &[
    b"\n",
    b"\r\n",
    b"\r",
    b"|",
    b"|+|",
    b";",
    b",",
    b"\t",
    b"\"",
    b"\"\"",
    b"\"\n\"",
    b"\x01",
    b"\0",
    b"\x1f",
    b"H|",
    b"T|",
    b"H|20261120",
    b"T|1|1.00\n",
    b"0",
    b"-",
    b"+",
    b".",
    b".00",
    b"-0.01",
    b"99999999999999999999",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"1e9",
    b"20260229",
    b"9999-12-31",
    b"2024-02-29",
    b"\xef\xbb\xbf",
    b"\xef\xbf\xbd",
    b"\xe7\x8e\x8b",
    b"\xcd\xf5",
    b"\x81\x30\x81\x30",
    b"\x84\x31\x95\x33",
    b"\x81",
    b"\xff",
    b"\xed\xa0\x80",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"null",
    b"true",
    b"\\u0000",
    b"\\ud800",
    b"\\",
    b"{\"a\":1}\n",
    b" = ",
    b"[[feed]]\n",
    b"# ",
    b"columns = [",
    b"type = \"money\"",
    b"width = 3",
    b"D",
    b"C",
    b" ",
    b"\xe3\x80\x80",
    b"\x40",
    b"\x12\x3c",
    b"\x0e\x48\x41\x0f",
    b"\0\x1a\0\0",
    b"\0\x0b\x01\0",
    b"\x80\0\0\x10",
    b"\xc8\xc4\xd9",
    b"\xe3\xd9\xd3",
    b"\xf0\xf1",
    b"\xd0",
    b"S9(5)V99 COMP-3",
    b"9(4) COMP",
    b"X(4),",
    b"G(2)",
    b" SIGN LEADING SEPARATE",
    b"           05  A PIC X(4).\n",
    b" OCCURS 2 TIMES",
    b" REDEFINES A",
    b" USAGE COMP-5",
    b" VALUE 'X'.",
];

/// Longest input.
const LONGEST: usize = 1 << 13;

/// Longest input that a piece repeated many times may give.
const LONGEST_REPEATED: usize = 1 << 17;

/// Mutates inputs by numbers that look random (Steele, Lea and Flood 2014, `SplitMix64`).
pub(crate) struct Mutator(u64);

impl Mutator {
    /// The mutator of a target.
    pub(crate) fn new(name: &str) -> Self {
        Self(name.bytes().fold(7, |seed, byte| seed.wrapping_mul(131) + u64::from(byte)))
    }

    /// One of the inputs, changed in a few places.
    pub(crate) fn mutate(&mut self, pool: &[Vec<u8>]) -> Vec<u8> {
        let mut input = self.one_of(pool).clone();
        for _ in 0..=self.below(4) {
            self.change(&mut input, pool);
        }
        // Once in a while something is there many times.
        if self.below(256) == 0 {
            let (from, to) = self.range(input.len());
            let times = LONGEST_REPEATED / (to - from).max(64);
            let piece = input[from..to].repeat(times);
            input.splice(to..to, piece);
        } else {
            input.truncate(LONGEST);
        }
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, pool: &[Vec<u8>]) {
        let (from, to) = self.range(input.len());
        match self.below(8) {
            0 => {
                let bit = 1 << self.below(8);
                if let Some(byte) = input.get_mut(from) {
                    *byte ^= bit;
                }
            }
            1 => {
                let value = u8::try_from(self.below(256)).unwrap();
                if let Some(byte) = input.get_mut(from) {
                    *byte = value;
                }
            }
            2 => drop(input.drain(from..to)),
            3 => {
                let piece = input[from..to].to_vec();
                let at = self.below(input.len() + 1);
                input.splice(at..at, piece);
            }
            4 => {
                let other = self.one_of(pool);
                let (first, last) = self.range(other.len());
                input.splice(from..to, other[first..last].iter().copied());
            }
            5 => input.truncate(from),
            _ => {
                let token = self.one_of(TOKENS);
                let until = if self.below(2) == 0 { from } else { to };
                input.splice(from..until, token.iter().copied());
            }
        }
    }

    /// A stretch of so many bytes, short more often than long.
    fn range(&mut self, length: usize) -> (usize, usize) {
        let from = self.below(length + 1);
        let most = if self.below(4) == 0 { length } else { length.min(8) };
        let to = from + self.below(most + 1);
        (from, to.min(length))
    }

    fn one_of<'p, T>(&mut self, pool: &'p [T]) -> &'p T {
        &pool[self.below(pool.len())]
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }
}

//! Picture character-strings: `X(20)`, `S9(11)V99`, `G(10)`, `ZZ9.99-`.

/// Longest picture in positions: more is no item of a record.
const LONGEST: usize = 1 << 20;

/// What a picture stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Picture {
    /// So many characters of one byte.
    Text(usize),
    /// So many characters of two bytes.
    Pairs(usize),
    /// A number.
    Number {
        /// Digits, decimals included.
        digits: usize,
        /// Digits behind `V`.
        decimals: usize,
        /// Whether it begins with `S`.
        signed: bool,
    },
    /// A number as it is printed.
    Edited {
        /// Characters.
        width: usize,
        /// Whether the point is implied, so that the text alone does not tell the value.
        implied: bool,
    },
}

impl Picture {
    /// Reads a picture; the error says what would be right.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let not = || {
            format!("picture `{text}` is not known (expected X, A, 9 with S and V, G, N or edited)")
        };
        let symbols = symbols(text).ok_or_else(not)?;
        if symbols.iter().any(|(symbol, _)| *symbol == 'P') {
            return Err(format!("picture `{text}` scales with P (expected digits only)"));
        }
        let only = |allowed: &str| symbols.iter().all(|(symbol, _)| allowed.contains(*symbol));
        let has = |wanted: &str| symbols.iter().any(|(symbol, _)| wanted.contains(*symbol));
        let count = |of: &dyn Fn(char) -> bool| {
            symbols.iter().filter(|(symbol, _)| of(*symbol)).map(|(_, count)| count).sum()
        };
        let all = count(&|_| true);
        if all == 0 || all > LONGEST {
            return Err(not());
        }
        if only("XA9") && has("XA") {
            return Ok(Self::Text(all));
        }
        if only("G") || only("N") {
            return Ok(Self::Pairs(all));
        }
        if only("S9V") && has("9") {
            return number(&symbols).ok_or_else(not);
        }
        if only("AX9VZ*+-,.B0/$CRD") {
            let width = count(&|symbol| symbol != 'V');
            return Ok(Self::Edited { width, implied: has("V") });
        }
        Err(not())
    }
}

/// `S` at the front, `V` at most once.
fn number(symbols: &[(char, usize)]) -> Option<Picture> {
    let (signed, rest) = match symbols {
        [('S', 1), rest @ ..] => (true, rest),
        _ => (false, symbols),
    };
    let digits = |of: &[(char, usize)]| {
        of.iter()
            .all(|(symbol, _)| *symbol == '9')
            .then(|| of.iter().map(|(_, n)| n).sum::<usize>())
    };
    let (whole, decimals) = match rest.iter().position(|(symbol, _)| *symbol == 'V') {
        Some(at) if rest[at].1 == 1 => (digits(&rest[..at])?, digits(&rest[at + 1..])?),
        Some(_) => return None,
        None => (digits(rest)?, 0),
    };
    Some(Picture::Number { digits: whole + decimals, decimals, signed })
}

/// The symbols, each with how often it is repeated.
fn symbols(text: &str) -> Option<Vec<(char, usize)>> {
    let mut found: Vec<(char, usize)> = Vec::new();
    let mut rest = text.chars();
    while let Some(symbol) = rest.next() {
        if symbol != '(' {
            found.push((symbol, 1));
            continue;
        }
        let (times, behind) = rest.as_str().split_once(')')?;
        let plain = !times.is_empty() && times.bytes().all(|b| b.is_ascii_digit());
        let times: usize = times.parse().ok().filter(|n| plain && (1..=LONGEST).contains(n))?;
        found.last_mut()?.1 = times;
        rest = behind.chars();
    }
    Some(found)
}

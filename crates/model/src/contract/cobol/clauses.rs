//! The clauses of a data description entry, and the item that they make.

use super::picture::Picture;
use super::{Cobol, CobolCoding, CobolContent, CobolNumber, CobolSign};

/// Most digits of a zoned or packed number (compiler option ARITH(EXTEND)).
const MOST_DIGITS: usize = 31;

/// What a clause begins with.
const CLAUSES: [&str; 18] = [
    "PIC",
    "PICTURE",
    "USAGE",
    "OCCURS",
    "REDEFINES",
    "SIGN",
    "LEADING",
    "TRAILING",
    "VALUE",
    "VALUES",
    "JUSTIFIED",
    "JUST",
    "SYNC",
    "SYNCHRONIZED",
    "BLANK",
    "ASCENDING",
    "DESCENDING",
    "INDEXED",
];

/// How an item is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Usage {
    Display,
    Pairs,
    National,
    Packed,
    Binary,
    Native,
    /// Bytes of a fixed width that are not read here, and what they are.
    Opaque(usize, &'static str),
}

/// What a group hands on to its items.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Inherited {
    pub(super) usage: Option<Usage>,
    pub(super) sign: Option<CobolSign>,
    synchronized: bool,
}

/// The clauses of an entry.
#[derive(Clone, Debug, Default)]
pub(super) struct Clauses {
    pub(super) picture: Option<String>,
    pub(super) usage: Option<Usage>,
    pub(super) sign: Option<CobolSign>,
    pub(super) occurs: Option<usize>,
    pub(super) redefines: Option<String>,
    synchronized: bool,
    blank_when_zero: bool,
}

/// Whether a word begins a clause.
pub(super) fn is_clause(word: &str) -> bool {
    CLAUSES.contains(&word) || usage(word).is_some()
}

/// Words that are still to be read.
struct Rest<'w>(&'w [String]);

impl<'w> Rest<'w> {
    fn next(&mut self) -> Option<&'w str> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn peek(&self) -> &'w str {
        self.0.first().map_or("", String::as_str)
    }

    /// Goes over a word that may be left out.
    fn skip(&mut self, word: &str) -> bool {
        let found = self.peek() == word;
        if found {
            self.next();
        }
        found
    }

    fn skip_to_clause(&mut self) {
        while !self.0.is_empty() && !is_clause(self.peek()) {
            self.next();
        }
    }

    fn wanted(&mut self, what: &str) -> Result<&'w str, String> {
        self.next().ok_or_else(|| format!("{what} is missing"))
    }
}

impl Clauses {
    /// Reads the clauses of an entry, behind its level and name.
    pub(super) fn parse(words: Option<&[String]>) -> Result<Self, String> {
        let mut clauses = Self::default();
        let mut rest = Rest(words.unwrap_or_default());
        while let Some(word) = rest.next() {
            clauses.clause(word, &mut rest)?;
        }
        Ok(clauses)
    }

    fn clause(&mut self, word: &str, rest: &mut Rest<'_>) -> Result<(), String> {
        match word {
            "PIC" | "PICTURE" => {
                rest.skip("IS");
                self.picture = Some(rest.wanted("the picture")?.to_owned());
            }
            "USAGE" => {
                rest.skip("IS");
                let named = rest.wanted("the usage")?;
                self.usage = Some(usage(named).ok_or_else(|| unknown(named))?);
            }
            "SIGN" => {
                rest.skip("IS");
                let place = rest.wanted("LEADING or TRAILING")?;
                self.sign(place, rest)?;
            }
            "LEADING" | "TRAILING" => self.sign(word, rest)?,
            "OCCURS" => self.occurs = Some(occurs(rest)?),
            "REDEFINES" => self.redefines = Some(rest.wanted("the redefined name")?.to_owned()),
            "VALUE" | "VALUES" | "ASCENDING" | "DESCENDING" | "INDEXED" => rest.skip_to_clause(),
            "JUSTIFIED" | "JUST" => {
                rest.skip("RIGHT");
            }
            "SYNC" | "SYNCHRONIZED" => {
                let _ = rest.skip("LEFT") || rest.skip("RIGHT");
                self.synchronized = true;
            }
            "BLANK" => {
                rest.skip("WHEN");
                rest.wanted("ZERO")?;
                self.blank_when_zero = true;
            }
            _ => self.usage = Some(usage(word).ok_or_else(|| unknown(word))?),
        }
        Ok(())
    }

    fn sign(&mut self, place: &str, rest: &mut Rest<'_>) -> Result<(), String> {
        let leading = match place {
            "LEADING" => true,
            "TRAILING" => false,
            _ => return Err(unknown(place)),
        };
        let separate = rest.skip("SEPARATE");
        rest.skip("CHARACTER");
        self.sign = Some(CobolSign { leading, separate });
        Ok(())
    }

    /// What the items of this group have when they do not say otherwise.
    pub(super) fn hand_on(&self, inherited: Inherited) -> Inherited {
        Inherited {
            usage: self.usage.or(inherited.usage),
            sign: self.sign.or(inherited.sign),
            synchronized: self.synchronized || inherited.synchronized,
        }
    }

    /// The item that the clauses describe.
    pub(super) fn item(&self, inherited: Inherited) -> Result<Cobol, String> {
        let Inherited { usage, sign, synchronized } = self.hand_on(inherited);
        let usage = usage.unwrap_or(Usage::Display);
        let aligned = matches!(usage, Usage::Binary | Usage::Native | Usage::Opaque(..));
        if synchronized && aligned {
            return Err("SYNCHRONIZED may put slack bytes before it, which are not derived \
                        (expected an item without it; name its byte with `at` and `cobol`)"
                .into());
        }
        if let (Usage::Opaque(width, what), None) = (usage, &self.picture) {
            return Ok(Cobol { content: CobolContent::Opaque(what), width });
        }
        let picture = self.picture.as_deref().ok_or("no PIC and nothing below it")?;
        let cobol = coded(Picture::parse(picture)?, usage, sign.unwrap_or(CobolSign::TRAILING))?;
        if self.blank_when_zero && matches!(cobol.content, CobolContent::Number(_)) {
            return Ok(Cobol { content: CobolContent::Opaque("BLANK WHEN ZERO"), ..cobol });
        }
        Ok(cobol)
    }
}

fn occurs(rest: &mut Rest<'_>) -> Result<usize, String> {
    let times = rest.wanted("the number of occurrences")?.parse();
    let times = times.map_err(|_| "OCCURS needs a number".to_owned())?;
    if rest.skip("TO") {
        rest.next();
    }
    rest.skip("TIMES");
    if rest.peek() == "DEPENDING" {
        return Err("OCCURS DEPENDING ON makes records of changing length (expected a fixed \
                    number of occurrences; ask the source for an unload without it)"
            .into());
    }
    if times == 0 { Err("OCCURS 0 TIMES".into()) } else { Ok(times) }
}

fn usage(word: &str) -> Option<Usage> {
    Some(match word {
        "DISPLAY" => Usage::Display,
        "DISPLAY-1" => Usage::Pairs,
        "NATIONAL" => Usage::National,
        "COMP-3" | "COMPUTATIONAL-3" | "PACKED-DECIMAL" => Usage::Packed,
        "COMP" | "COMPUTATIONAL" | "COMP-4" | "COMPUTATIONAL-4" | "BINARY" => Usage::Binary,
        "COMP-5" | "COMPUTATIONAL-5" => Usage::Native,
        "COMP-1" | "COMPUTATIONAL-1" => Usage::Opaque(4, "a hexadecimal float (COMP-1)"),
        "COMP-2" | "COMPUTATIONAL-2" => Usage::Opaque(8, "a hexadecimal float (COMP-2)"),
        _ => return None,
    })
}

fn unknown(word: &str) -> String {
    format!("`{word}` is not known here (expected PIC, USAGE, OCCURS, REDEFINES, SIGN, VALUE ...)")
}

/// The item of a picture in a usage.
fn coded(picture: Picture, usage: Usage, sign: CobolSign) -> Result<Cobol, String> {
    let fits = |content, width| Ok(Cobol { content, width });
    match (picture, usage) {
        (Picture::Text(width) | Picture::Edited { width, implied: false }, Usage::Display) => {
            fits(CobolContent::Text, width)
        }
        (Picture::Edited { width, implied: true }, Usage::Display) => {
            fits(CobolContent::Opaque("an edited number with an implied point"), width)
        }
        // `PIC G` and `PIC N` are DISPLAY-1, whatever a group says of its DISPLAY items.
        (Picture::Pairs(count), Usage::Pairs | Usage::Display) => {
            fits(CobolContent::Pairs, 2 * count)
        }
        (Picture::Pairs(count), Usage::National) => {
            fits(CobolContent::Opaque("UTF-16 (USAGE NATIONAL)"), 2 * count)
        }
        (Picture::Number { digits, decimals, signed }, _) => {
            let (coding, width) =
                number(digits, usage, CobolSign { separate: sign.separate && signed, ..sign })?;
            fits(CobolContent::Number(CobolNumber { digits, decimals, signed, coding }), width)
        }
        _ => Err("picture and USAGE do not go together".into()),
    }
}

fn number(digits: usize, usage: Usage, sign: CobolSign) -> Result<(CobolCoding, usize), String> {
    let most = if matches!(usage, Usage::Binary | Usage::Native) { 18 } else { MOST_DIGITS };
    if digits > most {
        return Err(format!("{digits} digits (expected at most {most})"));
    }
    let binary = match digits {
        ..=4 => 2,
        5..=9 => 4,
        _ => 8,
    };
    match usage {
        Usage::Display => Ok((CobolCoding::Zoned(sign), digits + usize::from(sign.separate))),
        Usage::Packed => Ok((CobolCoding::Packed, digits / 2 + 1)),
        Usage::Binary => Ok((CobolCoding::Binary, binary)),
        Usage::Native => Ok((CobolCoding::Native, binary)),
        _ => Err("picture and USAGE do not go together".into()),
    }
}

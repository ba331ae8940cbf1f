use super::*;
use crate::SourceContract;

const CONTRACT: &str = r#"version = 1
system = "cards"
title = "Cards"

[[feed]]
name = "card"
file = "card.txt"
shape = { kind = "fixed" }
unique = ["card_no"]
amount = "amount"
columns = [
    { name = "card_no", type = "text", width = 16 },
    { name = "birth", type = "date", width = 8 },
    { name = "amount", type = "money", width = 9 },
]

[[feed.table]]
table = "role"
[feed.table.columns]
account_key = "card_no"

[[feed.table]]
table = "role"
[feed.table.columns]
account_key = "no_such"
"#;

/// The line a message leads to, with what is meant between angle brackets.
fn check(text: &str, message: &str, expect: &str) {
    let flaw = Flaw::named("f.toml", text, message);
    let chars: Vec<char> = flaw.text.chars().collect();
    let (from, to) = (flaw.column - 1, (flaw.column - 1 + flaw.length).min(chars.len()));
    let part = |range: Range<usize>| chars[range].iter().collect::<String>();
    let shown =
        format!("{}: {}<{}>{}", flaw.line, part(0..from), part(from..to), part(to..chars.len()));
    assert_eq!(shown, expect, "{message}");
}

#[test]
fn the_names_of_a_message_lead_to_the_key_it_speaks_of() {
    let of_feed = |cause: &str| format!("source `cards`, feed `card`: {cause}");
    let cases = [
        (of_feed("`name` must match [a-z]"), "6: <name> = \"card\""),
        (
            of_feed("date column `birth` needs `format` (%Y%m%d)"),
            "13:     { name = <\"birth\">, type = \"date\", width = 8 },",
        ),
        (
            of_feed("column `amount` is declared twice"),
            "14:     { name = <\"amount\">, type = \"money\", width = 9 },",
        ),
        (
            of_feed("column `card_no` not found (columns: `a`, `amount`)"),
            "12:     { name = <\"card_no\">, type = \"text\", width = 16 },",
        ),
        (of_feed("table `role` has no column `account_key`"), "25: <account_key> = \"no_such\""),
        (
            "source `cards`, feed `card`, table 1 `role`, column `account_key`: no".into(),
            "20: <account_key> = \"card_no\"",
        ),
        (
            "source `cards`, feed `card`, table 2 `role`, column `account_key`: no".into(),
            "25: <account_key> = \"no_such\"",
        ),
        (of_feed("no word that is known `here`"), "6: name = <\"card\">"),
        ("source `cards`: `system` must match".into(), "2: <system> = \"cards\""),
        ("nothing is named".into(), "1: <v>ersion = 1"),
    ];
    for (message, expect) in cases {
        check(CONTRACT, &message, expect);
    }
}

#[test]
fn dotted_names_and_tables_lead_downwards() {
    let text =
        "sources = [\"a\"]\n[survivorship]\ntrust = [\"x\", \"y\"]\n[loyalty]\nfrequency = 1\n";
    check(
        text,
        "job.toml, `survivorship.trust`: system `y` not found",
        "3: trust = [\"x\", <\"y\">]",
    );
    check(text, "job.toml, `sources`: system `z` is declared twice", "1: <sources> = [\"a\"]");
    check(text, "scoring.toml, [loyalty]: weights sum to 1 ppm", "4: [<loyalty>]");
    check(text, "`survivorship`, `loyalty` must be there", "1: <s>ources = [\"a\"]");
}

#[test]
fn what_the_parser_refuses_is_told_in_its_words_and_place() {
    let unknown = CONTRACT.replace("amount = \"amount\"", "ammount = \"amount\"");
    let flaw = Flaw::of::<SourceContract>("cards.toml", &unknown, "unused");
    assert_eq!((flaw.line, flaw.column, flaw.length), (10, 1, 7));
    assert!(flaw.message.starts_with("unknown field `ammount`"), "{}", flaw.message);
    let frame = "  --> cards.toml:10:1\n   |\n10 | ammount = \"amount\"\n   | ^^^^^^^";
    assert_eq!(flaw.frame(), frame);

    let broken = "version = 1\n名称 = \"无\n";
    let flaw = Flaw::of::<SourceContract>("x.toml", broken, "unused");
    assert_eq!(flaw.line, 2);
    assert!(flaw.frame().contains("2 | 名称 = \"无"), "{}", flaw.frame());
}

#[test]
fn a_password_that_should_not_be_there_is_not_shown() {
    let contract = |line: &str| {
        format!(
            "version = 1\nsystem = \"s\"\ntitle = \"S\"\nfeed = []\n[database]\n\
             kind = \"postgresql\"\n{line}\n"
        )
    };
    for (line, shown) in [
        ("url = \"postgresql://u:hunter2@h/c\"", "5 | [database]"),
        ("url = \"postgresql://u@h/c\"\npassword = \"hunter2\"", "8 | password = ***"),
        ("passwort = \"hunter2\"", "7 | passwort = ***"),
        ("url = \"\"\"\npostgresql://u:a=hunter2@h/c\"\"\"", "5 | [database]"),
        ("url = 'postgresql://u:hunter2@h/c", "7 | url = ***"),
    ] {
        let text = contract(line);
        let message = SourceContract::parse(&text, "s.toml").unwrap_err().to_string();
        let flaw = Flaw::of::<SourceContract>("s.toml", &text, &message);
        assert!(flaw.frame().contains(shown), "{}", flaw.frame());
        assert!(!format!("{flaw:?}").contains("hunter2"), "{flaw:?}");
    }
}

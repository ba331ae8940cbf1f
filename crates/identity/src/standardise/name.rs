//! Names: one form for what is written in many widths, scripts and spacings.

use super::PartyKind;
use super::characters::simplified;
use super::text::{half_width, is_blank, is_name_dot};

/// What is written in a name's place when the name is not known.
const PLACEHOLDERS: [&str; 16] = [
    "无",
    "无名",
    "无名氏",
    "未知",
    "不详",
    "待补录",
    "测试",
    "客户",
    "匿名",
    "空",
    "NULL",
    "NA",
    "N/A",
    "NONE",
    "TEST",
    "UNKNOWN",
];

/// Writes the standard form of a name into `buffer` (its old text is lost) and says whether there
/// is one: half width, simplified, upper case, without blanks, dots and hyphens; of an organisation
/// also without brackets. Placeholders are no names.
///
/// A buffer in place of a returned text: a night asks for the keys of millions of names.
pub fn fold_name(text: &str, kind: PartyKind, buffer: &mut String) -> bool {
    buffer.clear();
    for character in text.chars().map(half_width) {
        if is_blank(character) || is_name_dot(character) || is_separator(character, kind) {
            continue;
        }
        buffer.extend(simplified(character).to_uppercase());
    }
    let known = buffer.chars().any(char::is_alphabetic);
    let repeated =
        buffer.is_ascii() && buffer.bytes().all(|byte| buffer.starts_with(char::from(byte)));
    known && !repeated && !PLACEHOLDERS.contains(&buffer.as_str())
}

fn is_separator(character: char, kind: PartyKind) -> bool {
    match character {
        '-' | '\'' | ',' | '\u{2019}' | '\u{2010}' => true,
        '(' | ')' | '[' | ']' | '\u{3010}' | '\u{3011}' => kind == PartyKind::Organisation,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, kind: PartyKind, expected: Option<&str>) {
        let mut buffer = "left over".to_owned();
        let known = fold_name(text, kind, &mut buffer);
        assert_eq!(known.then_some(buffer.as_str()), expected, "{text}");
    }

    #[test]
    fn the_ways_to_write_a_name_are_one_name() {
        for text in ["陈国伟", "陳國偉", " 陈 国　伟 ", "陈\u{200b}国伟"] {
            check(text, PartyKind::Person, Some("陈国伟"));
        }
        for dot in ["·", "•", "‧", "・", "･", ".", "．", " ", ""] {
            check(&format!("买买提{dot}艾力"), PartyKind::Person, Some("买买提艾力"));
        }
        for text in ["Chen Guo-wei", "ＣＨＥＮ ＧＵＯＷＥＩ", "CHEN, GUOWEI", "chenguowei"]
        {
            check(text, PartyKind::Person, Some("CHENGUOWEI"));
        }
        check("Müller", PartyKind::Person, Some("MÜLLER"));
    }

    #[test]
    fn brackets_part_organisations_no_more_than_blanks_do() {
        for text in ["东方（上海）贸易有限公司", "東方(上海)貿易有限公司", "东方上海贸易有限公司"]
        {
            check(text, PartyKind::Organisation, Some("东方上海贸易有限公司"));
        }
    }

    #[test]
    fn placeholders_are_no_names() {
        for text in ["", "  ", "未知", "無名", "n/a", "XXX", "1234", "?", "。"] {
            check(text, PartyKind::Person, None);
        }
    }
}

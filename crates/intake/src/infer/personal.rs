//! Columns that may tell who somebody is or how to reach somebody: by their contents and names.
//!
//! Rather a column too many: a class costs nothing, a missing one shows values.

use super::names::{has, parts};
use model::{BusinessDate, DataClass};

/// Values looked at.
const MOST: usize = 5000;

/// Family names of nine in ten Chinese, traditional forms included.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶\
阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧阳\
張劉陳楊趙黃吳孫羅鄭謝韓馮蕭鄧許呂蘇盧賈葉閻鐘譚鄒陸顧龍萬錢湯賀賴龔歐陽殷施洪翁倪严嚴安祝裴韦韋向肖";

/// The share of values in percent from which a test speaks for a class, the test, the class, why.
type Sign = (usize, fn(&str) -> bool, DataClass, &'static str);

const MOBILES: &str = "mobile numbers stand in it";

/// A class and the reason for it; none where nothing speaks of a person.
pub(super) fn class_of(name: &str, values: &[&str]) -> Option<(DataClass, &'static str)> {
    let values = &values[..values.len().min(MOST)];
    let share = |test: fn(&str) -> bool| {
        let fit = values.iter().filter(|value| test(value)).count();
        if values.is_empty() { 0 } else { fit * 100 / values.len() }
    };
    let contents: [Sign; 7] = [
        (20, is_citizen_id, DataClass::Identity, "citizen ids stand in it"),
        (40, is_mail, DataClass::Contact, "mail addresses stand in it"),
        (50, is_mobile, DataClass::Contact, MOBILES),
        (50, is_chinese_name, DataClass::Identity, "names of persons stand in it"),
        (60, is_latin_name, DataClass::Identity, "names of persons stand in it"),
        (50, is_organisation, DataClass::Identity, "names of organisations stand in it"),
        (50, is_address, DataClass::Contact, "addresses stand in it"),
    ];
    // Keys of eleven digits look like mobile numbers: there the name decides.
    let key = has(name, &["no", "id", "key", "acct", "account"]) && by_name(name).is_none();
    let applies = |reason: &str| !key || reason != MOBILES;
    let found = contents
        .into_iter()
        .find(|(least, test, _, reason)| applies(reason) && share(*test) >= *least);
    found.map(|(_, _, class, why)| (class, why)).or_else(|| by_name(name))
}

/// Whether a text is one character that is no family name, as 男 and 女.
pub(super) fn is_sign(text: &str) -> bool {
    text.chars().count() == 1 && !SURNAMES.contains(text)
}

/// Whether most of these dates lie so far back that they may be dates of birth: an account that old
/// is rare.
pub(super) fn are_births(values: &[&str], format: &str) -> bool {
    let year = |text: &str| -> Option<u32> {
        match format {
            "%y%m%d" => Some(1900 + text.get(..2)?.parse::<u32>().ok()?),
            _ => text.get(..4)?.parse().ok(),
        }
    };
    let old = values.iter().filter(|text| year(text).is_some_and(|y| (2..=1995).contains(&y)));
    !values.is_empty() && old.count() * 2 >= values.len()
}

fn by_name(name: &str) -> Option<(DataClass, &'static str)> {
    const NAMES: &[&str] = &["name", "nm", "surname", "姓名", "户名", "客户名"];
    const OTHERS: &[&str] =
        &["branch", "product", "prod", "fund", "file", "dept", "org", "region", "city", "curve"];
    const PAPERS: &[&str] = &["cert", "paper", "passport", "idcard", "document", "doc", "证件"];
    const NUMBERS: &[&str] = &["no", "num", "number", "nbr", "号"];
    const BIRTHS: &[&str] = &["birth", "birthday", "born", "dob", "birthdate", "出生", "生日"];
    const NOTES: &[&str] =
        &["note", "notes", "remark", "remarks", "memo", "comment", "备注", "说明"];
    const REACH: &[&str] = &[
        "mobile",
        "phone",
        "tel",
        "telephone",
        "email",
        "mail",
        "addr",
        "address",
        "fax",
        "wechat",
        "手机",
        "电话",
        "邮箱",
        "地址",
    ];
    let numbered = has(name, NUMBERS);
    let id_number = parts(name).windows(2).any(|w| w[0] == "id" && numbered_word(&w[1]));
    let paper = has(name, PAPERS) && numbered;
    if (has(name, NAMES) && !has(name, OTHERS)) || has(name, &["employer", "单位"]) {
        Some((DataClass::Identity, "its name says whose it is"))
    } else if paper || id_number || has(name, &["idno", "身份证"]) {
        Some((DataClass::Identity, "its name says it holds document numbers"))
    } else if has(name, BIRTHS) {
        Some((DataClass::Identity, "its name says it holds dates of birth"))
    } else if has(name, REACH) {
        Some((DataClass::Contact, "its name says how to reach somebody"))
    } else if has(name, NOTES) {
        Some((DataClass::Identity, "its name says it is free text, in which anybody may be named"))
    } else {
        None
    }
}

fn numbered_word(word: &str) -> bool {
    matches!(word, "no" | "num" | "number" | "nbr" | "card")
}

/// 18 characters with their check character (GB 11643), or 15 digits with a date in them.
fn is_citizen_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    let date = |text: &str| format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..8]);
    let is_day = |text: &str| date(text).parse::<BusinessDate>().is_ok();
    match bytes.len() {
        15 => bytes.iter().all(u8::is_ascii_digit) && is_day(&format!("19{}", &text[6..12])),
        18 if bytes[..17].iter().all(u8::is_ascii_digit) => {
            const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
            let digits = bytes.iter().map(|b| u32::from(b - b'0'));
            let sum: u32 = digits.take(17).zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
            let check = b"10X98765432".get((sum % 11) as usize);
            check == Some(&bytes[17].to_ascii_uppercase()) && is_day(&text[6..14])
        }
        _ => false,
    }
}

fn is_mail(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
}

/// Eleven digits from 13 to 19, with a country code and blanks, dashes or brackets or without.
fn is_mobile(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let own = digits.trim_start_matches('0');
    let own = if own.len() > 11 { own.strip_prefix("86").unwrap_or(own) } else { own };
    let mobile = own.len() == 11 && own.starts_with('1') && own[1..].starts_with(|c| c >= '3');
    mobile && text.chars().all(plain)
}

fn is_chinese_name(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| !c.is_whitespace());
    let first = letters.next().is_some_and(|c| SURNAMES.contains(c));
    let rest: Vec<char> = letters.collect();
    first && (1..=3).contains(&rest.len()) && rest.iter().all(|c| is_han(*c))
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}')
}

/// Two or three words of letters, each beginning with a capital.
fn is_latin_name(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let capital = |word: &&str| {
        word.len() >= 2
            && word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
    };
    (2..=3).contains(&words.len()) && words.iter().all(capital)
}

fn is_organisation(text: &str) -> bool {
    const ENDS: [&str; 12] = [
        "公司",
        "银行",
        "中心",
        "学校",
        "医院",
        "集团",
        "大学",
        "工厂",
        "商店",
        "事务所",
        "Ltd",
        "Inc",
    ];
    text.chars().count() > 4 && ENDS.iter().any(|end| text.ends_with(end))
}

fn is_address(text: &str) -> bool {
    const SIGNS: [char; 13] =
        ['省', '市', '区', '县', '镇', '村', '路', '街', '巷', '号', '栋', '室', '弄'];
    let signs = text.chars().filter(|c| SIGNS.contains(c)).count();
    text.chars().count() >= 8 && signs >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_tell_of_persons() {
        assert!(is_citizen_id("11010519491231002X") && is_citizen_id("110105491231002"));
        assert!(!is_citizen_id("110105194912310021") && !is_citizen_id("客户00000000000"));
        assert!(is_mobile("13812345678") && is_mobile("+86 138-1234-5678"));
        assert!(is_mobile("008613562258139") && !is_mobile("12718281829"));
        assert!(is_chinese_name("王小明") && is_chinese_name("于 阳泽") && !is_chinese_name("男"));
        assert!(is_latin_name("ZHANG WEI") && !is_latin_name("PUR"));
        assert!(is_address("贵阳市南明区新华路320号") && !is_address("北京分行"));
        assert!(is_organisation("深圳市某某科技有限公司"));
    }

    #[test]
    fn names_tell_of_persons() {
        let class = |name| class_of(name, &[]).map(|(class, _)| class);
        for name in ["cust_name", "CERT_NO", "idNumber", "birth_dt", "employer", "证件号码"] {
            assert_eq!(class(name), Some(DataClass::Identity), "{name}");
        }
        for name in ["mobile", "homeAddr", "e_mail", "手机号"] {
            assert_eq!(class(name), Some(DataClass::Contact), "{name}");
        }
        for name in ["branch_name", "acct_no", "open_dt", "cert_type", "amount", "day"] {
            assert_eq!(class(name), None, "{name}");
        }
    }
}

//! The line of column names, and what a name tells of its column.

use super::{Cell, Record};
use std::collections::BTreeSet;

/// The names on the first record, when they are names: distinct, without digits to speak of, found in
/// no row, and followed by rows that look otherwise. A line in doubt is a row, so that no row is ever
/// taken for names and told.
pub(super) fn line(records: &[Record<'_>], fields: usize) -> Option<Vec<String>> {
    let (first, rows) = records.split_first()?;
    let names: Vec<String> = first.cells.iter().map(|cell| cell.text.trim().to_owned()).collect();
    let distinct: BTreeSet<&String> = names.iter().collect();
    if names.len() != fields || distinct.len() != fields || !names.iter().all(|n| may_name(n)) {
        return None;
    }
    let rows: Vec<&Record<'_>> = rows.iter().filter(|r| r.cells.len() == fields).collect();
    let repeated = |at: usize| rows.iter().any(|row| row.cells[at].text.trim() == names[at]);
    if rows.is_empty() || (0..fields).any(repeated) {
        return None;
    }
    let figures = (0..fields).any(|at| is_of_figures(&rows, at));
    let known = names.iter().filter(|name| is_formed(name)).count();
    let enough = if figures { known * 3 >= fields } else { known * 2 >= fields };
    (known > 0 && enough).then_some(names)
}

/// Words that stand in the names of columns and hardly in rows.
const KNOWN: &[&str] = &[
    "id", "no", "code", "cd", "name", "date", "dt", "day", "type", "key", "status", "stat", "kind",
    "amount", "amt", "balance", "bal", "flag", "branch", "currency", "ccy", "mobile", "phone",
    "email", "sex", "address", "birth",
];

/// The same in Chinese, where a name cannot be told from a word by its letters.
const HEADINGS: &[&str] = &[
    "号", "名", "日期", "时间", "金额", "余额", "类型", "类别", "状态", "代码", "标志", "标识",
    "币种", "机构", "客户", "账户", "产品", "地址", "电话", "手机", "证件", "性别", "出生", "学历",
    "职业", "备注", "利率", "网点", "序列",
];

/// Whether a text has the form of a column's name: an underscore, a number, or a word that is known.
fn is_formed(name: &str) -> bool {
    let form = name.contains('_') || name.bytes().any(|b| b.is_ascii_digit());
    form || has(name, KNOWN) || has(name, HEADINGS)
}

fn may_name(text: &str) -> bool {
    let part =
        |c: char| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-' | '.' | '/' | '(' | ')');
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let starts = text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let told = text.is_ascii() || has(text, HEADINGS);
    starts && told && text.chars().count() <= 63 && digits <= 4 && text.chars().all(part)
}

/// Whether nearly all that stands in a column has a digit in it.
fn is_of_figures(rows: &[&Record<'_>], at: usize) -> bool {
    let filled =
        || rows.iter().map(|row| &row.cells[at]).filter(|c: &&Cell<'_>| !c.text.is_empty());
    let figures = filled().filter(|c| c.text.bytes().any(|b| b.is_ascii_digit())).count();
    figures > 0 && figures * 10 >= filled().count() * 9
}

/// Whether one of the words stands in a column's name: `open_dt`, `openDt` and `OPEN_DT` hold `dt`.
/// Words in Chinese are looked for anywhere.
pub(super) fn has(name: &str, words: &[&str]) -> bool {
    let parts = parts(name);
    words.iter().any(|word| {
        if word.is_ascii() { parts.iter().any(|part| part == word) } else { name.contains(word) }
    })
}

/// The words of a name, in lower case.
pub(super) fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let turn = c.is_uppercase() && before.is_lowercase();
        if turn || !c.is_alphanumeric() {
            parts.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(part) = parts.last_mut()
        {
            part.extend(c.to_lowercase());
        }
        before = c;
    }
    parts.retain(|part| !part.is_empty());
    parts
}

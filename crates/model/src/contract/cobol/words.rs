//! From the lines of a copybook to sentences of words.
//!
//! Reference format: columns 1 to 6 hold a sequence number, column 7 an indicator, 8 to 72 the
//! code, and what stands behind is a comment.

/// Where the code of a line ends, in characters.
const CODE_END: usize = 72;

/// Where it begins, behind the indicator.
const CODE: usize = 7;

/// The words up to a full stop.
#[derive(Debug)]
pub(super) struct Sentence {
    /// The line that it begins on, from 1.
    pub(super) line: usize,
    /// Its words, in capitals.
    pub(super) words: Vec<String>,
}

/// The words of a description outside a copybook.
pub(super) fn words(text: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((word, behind)) = first_word(rest)? {
        found.push(word.trim_end_matches([',', ';', '.']).to_uppercase());
        rest = behind;
    }
    found.retain(|word| !word.is_empty());
    Ok(found)
}

/// The sentences of a copybook.
pub(super) fn sentences(text: &str) -> Result<Vec<Sentence>, String> {
    let mut found = Vec::new();
    let mut open = Sentence { line: 0, words: Vec::new() };
    for (line, code) in code_lines(text)? {
        let mut rest = code.as_str();
        while let Some((word, behind)) =
            first_word(rest).map_err(|cause| format!("line {line}: {cause}"))?
        {
            rest = behind;
            let word = word.trim_end_matches([',', ';']);
            let (word, ends) = word.strip_suffix('.').map_or((word, false), |word| (word, true));
            if open.words.is_empty() {
                open.line = line;
            }
            if !word.is_empty() {
                open.words.push(word.to_uppercase());
            }
            if ends && !open.words.is_empty() {
                found.push(std::mem::replace(&mut open, Sentence { line, words: Vec::new() }));
            }
        }
    }
    if open.words.is_empty() {
        return Ok(found);
    }
    Err(format!("line {}: the sentence has no full stop", open.line))
}

/// The code of each line that is no comment, continuations joined to the line before them.
fn code_lines(text: &str) -> Result<Vec<(usize, String)>, String> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let number = at + 1;
        if line.contains('\t') {
            return Err(format!("line {number}: a tab (expected blanks: the columns count)"));
        }
        let indicator = line.chars().nth(CODE - 1).unwrap_or(' ');
        let code: String = line.chars().take(CODE_END).skip(CODE).collect();
        match (indicator, lines.last_mut()) {
            ('*' | '/' | 'D' | 'd', _) => {}
            (' ', _) => lines.push((number, code)),
            ('-', Some((_, before))) => join(before, &code),
            _ => {
                return Err(format!(
                    "line {number}: column 7 holds `{indicator}` (expected a blank, `*`, `/`, `D` \
                     or `-`: columns 1 to 6 are the sequence number, the code begins in column 8)"
                ));
            }
        }
    }
    Ok(lines)
}

/// Joins a continuation: an open literal goes on behind the quote that it is opened with again.
fn join(before: &mut String, code: &str) {
    let code = code.trim_start();
    match (open_quote(before), code.chars().next()) {
        (Some(quote), Some(first)) if quote == first => {
            let missing = (CODE_END - CODE).saturating_sub(before.chars().count());
            before.extend(std::iter::repeat_n(' ', missing));
            before.push_str(&code[first.len_utf8()..]);
        }
        _ => {
            before.truncate(before.trim_end().len());
            before.push_str(code);
        }
    }
}

/// The quote of a literal that does not end on its line.
fn open_quote(code: &str) -> Option<char> {
    code.chars().fold(None, |open, c| match open {
        None if matches!(c, '"' | '\'') => Some(c),
        Some(quote) if quote == c => None,
        other => other,
    })
}

/// The first word, literals whole, and what stands behind it.
fn first_word(text: &str) -> Result<Option<(&str, &str)>, String> {
    let text = text.trim_start();
    if text.is_empty() || text.starts_with("*>") {
        return Ok(None);
    }
    let mut open = None;
    for (at, c) in text.char_indices() {
        match open {
            None if c.is_whitespace() => return Ok(Some(text.split_at(at))),
            None if matches!(c, '"' | '\'') => open = Some(c),
            Some(quote) if quote == c => open = None,
            _ => {}
        }
    }
    match open {
        None => Ok(Some((text, ""))),
        Some(_) => Err("a literal does not end (expected its closing quote)".into()),
    }
}

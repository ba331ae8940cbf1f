//! Where in a file something is wrong: file, line, column, and the line itself.
//!
//! What the TOML parser refuses carries its place. What our own checks refuse is named in the words
//! of the message (`feed `card``, `column `birth``): the names lead to the key they speak of. A new
//! check has a place as soon as it says what it is about.

use crate::toml_text::{from_toml, is_too_deep};
use serde::de::DeserializeOwned;
use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Something wrong in a file of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The file, as the user named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The character of the line, from 1.
    pub column: usize,
    /// How many characters of the line are meant; at least 1.
    pub length: usize,
    /// The line; its key alone where a password may stand in it.
    pub text: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Flaw {
    /// The flaw of a file that should be a `T`: what the parser says of it, or else `message` at the
    /// place that its names lead to.
    pub fn of<T: DeserializeOwned>(file: &str, text: &str, message: &str) -> Self {
        match from_toml::<T>(text) {
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                Self::at(file, text, span, error.message().to_owned())
            }
            Ok(_) => Self::named(file, text, message),
        }
    }

    /// `message` at the place that its names lead to; the first line where they lead nowhere.
    pub fn named(file: &str, text: &str, message: &str) -> Self {
        Self::at(file, text, follow(text, message).unwrap_or(0..0), message.to_owned())
    }

    fn at(file: &str, text: &str, span: Range<usize>, message: String) -> Self {
        let start = floor(text, span.start);
        let begin = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let last = floor(text, span.end).clamp(start, end);
        let line = text[begin..end].trim_end();
        let hidden = may_hold_a_password(line);
        let length = if hidden { 1 } else { text[start..last].chars().count().max(1) };
        Self {
            file: file.to_owned(),
            line: text[..begin].matches('\n').count() + 1,
            column: text[begin..start].chars().count() + 1,
            length,
            text: if hidden { key_alone(line) } else { line.to_owned() },
            message,
        }
    }

    /// The line with a caret under what is meant, as compilers show it.
    pub fn frame(&self) -> String {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        // A tab stays a tab, so that the caret stands where the eye looks.
        let before = self.text.chars().take(self.column - 1);
        let indent: String = before.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let carets = "^".repeat(self.length);
        let Self { file, line, column, text, .. } = self;
        format!(
            "{margin}--> {file}:{line}:{column}\n{margin} |\n{number} | {text}\n{margin} | {indent}{carets}"
        )
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Flaw {}

/// The keys by whose value a table is called.
const CALLED: [&str; 4] = ["name", "system", "product", "table"];

/// A name in a message, with the word and number before it: `table 3 `role``.
#[derive(Debug, PartialEq, Eq)]
struct Name<'m> {
    word: &'m str,
    number: Option<usize>,
    text: &'m str,
}

/// A value of the document, and what of the text to point at.
#[derive(Clone)]
struct Node<'d, 't> {
    value: Value<'d, 't>,
    span: Range<usize>,
}

#[derive(Clone, Copy)]
enum Value<'d, 't> {
    Table(&'d DeTable<'t>),
    Other(&'d DeValue<'t>),
}

/// The place in `text` that the names in `message` lead to.
fn follow(text: &str, message: &str) -> Option<Range<usize>> {
    if is_too_deep(text) {
        return None;
    }
    let document = DeTable::parse(text).ok()?;
    let root = Node { value: Value::Table(document.get_ref()), span: 0..0 };
    let mut here = vec![root];
    let mut moved = false;
    for name in names(message) {
        let listed: Vec<Node<'_, '_>> = here.iter().flat_map(|node| node.listed(&name)).collect();
        let found = if listed.is_empty() { nearest(&here, name.text) } else { listed };
        if !found.is_empty() {
            (here, moved) = (found, true);
        }
    }
    // Of several it is the last: what is declared twice is wrong where it stands again.
    here.pop().filter(|_| moved).map(|node| node.span)
}

/// The names in a message, up to what would be right, which stands in brackets. Names in a list are
/// choices: they lead nowhere.
fn names(message: &str) -> Vec<Name<'_>> {
    let said = message.split_once(" (").map_or(message, |(said, _)| said);
    let mut names = Vec::new();
    let parts: Vec<&str> = said.split('`').collect();
    for (at, name) in parts.iter().enumerate().skip(1).step_by(2) {
        let before = parts[at - 1];
        let listed = before == ", " || parts.get(at + 1).is_some_and(|after| *after == ", ");
        if at + 1 >= parts.len() || listed {
            continue;
        }
        let mut words = before.split([' ', ',', ':']).rev().filter(|word| !word.is_empty());
        let last = words.next().unwrap_or_default();
        let number = last.parse().ok();
        let word = if number.is_some() { words.next().unwrap_or_default() } else { last };
        for (depth, text) in name.split('.').enumerate() {
            let (word, number) = if depth == 0 { (word, number) } else { ("", None) };
            names.push(Name { word, number, text });
        }
        bracketed(parts[at + 1], &mut names);
    }
    if let Some(first) = parts.first() {
        let mut leading = Vec::new();
        bracketed(first, &mut leading);
        names.splice(0..0, leading);
    }
    names
}

/// The names of tables as TOML writes them: `[loyalty]`.
fn bracketed<'m>(text: &'m str, names: &mut Vec<Name<'m>>) {
    for part in text.split('[').skip(1) {
        if let Some((text, _)) = part.split_once(']') {
            names.push(Name { word: "", number: None, text });
        }
    }
}

/// What is called so nearest to where we are: tables called by the name, keys, texts.
fn nearest<'d, 't>(here: &[Node<'d, 't>], name: &str) -> Vec<Node<'d, 't>> {
    let mut level = here.to_vec();
    while !level.is_empty() {
        let found: Vec<_> = level.iter().filter_map(|node| node.called(name)).collect();
        if !found.is_empty() {
            return found;
        }
        level = level.iter().flat_map(Node::children).collect();
    }
    Vec::new()
}

impl<'d, 't> Node<'d, 't> {
    fn of(value: &'d Spanned<DeValue<'t>>) -> Self {
        let span = value.span();
        match value.get_ref() {
            DeValue::Table(table) => Self { value: Value::Table(table), span },
            other => Self { value: Value::Other(other), span },
        }
    }

    fn children(&self) -> Vec<Self> {
        match self.value {
            Value::Table(table) => table.values().map(Self::of).collect(),
            Value::Other(DeValue::Array(array)) => array.iter().map(Self::of).collect(),
            Value::Other(_) => Vec::new(),
        }
    }

    /// The node under a key, pointed at by its key.
    fn key(&self, name: &str) -> Option<Self> {
        let Value::Table(table) = self.value else { return None };
        let (key, value) = table.iter().find(|(key, _)| key.get_ref() == name)?;
        Some(Self { span: key.span(), ..Self::of(value) })
    }

    /// This node, when it is a table called so or a text that says so; else what its key leads to.
    fn called(&self, name: &str) -> Option<Self> {
        match self.value {
            Value::Table(_) => self.itself(name).or_else(|| self.key(name)),
            Value::Other(value) => (value.as_str() == Some(name)).then(|| self.clone()),
        }
    }

    fn itself(&self, name: &str) -> Option<Self> {
        let Value::Table(table) = self.value else { return None };
        let is_called =
            |key: &str, value: &DeValue<'_>| CALLED.contains(&key) && value.as_str() == Some(name);
        let found = table.iter().find(|(key, value)| is_called(key.get_ref(), value.get_ref()));
        found.map(|(_, value)| Self { value: self.value, span: value.span() })
    }

    /// The members called so of the list that the word before the name names: `feed`, `columns`.
    fn listed(&self, name: &Name<'_>) -> Vec<Self> {
        let plural = format!("{}s", name.word);
        let Some(list) = self.key(name.word).or_else(|| self.key(&plural)) else {
            return Vec::new();
        };
        if let Value::Table(_) = list.value {
            return list.key(name.text).into_iter().collect();
        }
        let members = list.children().into_iter().enumerate();
        let wanted = members.filter(|(at, _)| name.number.is_none_or(|number| number == at + 1));
        wanted.filter_map(|(_, member)| member.itself(name.text)).collect()
    }
}

/// Whether a line of a contract names a password or an address: it may hold what it should not.
fn may_hold_a_password(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    ["passw", "pwd", "secret", "://"].iter().any(|word| line.contains(word))
}

/// A line without its value.
fn key_alone(line: &str) -> String {
    let is_key = |b: u8| b.is_ascii_alphanumeric() || b"_-. ".contains(&b);
    match line.split_once('=').filter(|(key, _)| key.bytes().all(is_key)) {
        Some((key, _)) => format!("{key}= ***"),
        None => "***".to_owned(),
    }
}

/// The last border of a character at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests;

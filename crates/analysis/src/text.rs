//! Sentences.

/// Returns a text that begins with a capital and ends with a full stop.
pub fn sentence(text: &str) -> String {
    format!("{}.", capital(text))
}

/// Returns a text that begins with a capital.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars.as_str().chars()).collect()
}

use maud::{Markup, html};

/// Returns a text in which what stands between backticks is code.
pub(super) fn prose(text: &str) -> Markup {
    let parts: Vec<&str> = text.split('`').collect();
    // An odd number of backticks leaves one that opens nothing: the text stays as it is.
    if parts.len().is_multiple_of(2) {
        return html! { (text) };
    }
    html! {
        @for (at, part) in parts.iter().enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// Returns a name fit for an `id`.
pub(super) fn slug(name: &str) -> String {
    let fit = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    name.chars().map(fit).collect()
}

/// Returns a path as a relative URL.
pub(super) fn url(path: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    path.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_between_backticks_is_code_and_everything_is_escaped() {
        let text = prose("run `make <x>` & wait").into_string();
        assert_eq!(text, "run <code>make &lt;x&gt;</code> &amp; wait");
        assert_eq!(prose("a ` b").into_string(), "a ` b");
    }

    #[test]
    fn a_url_has_no_character_that_means_something_else() {
        assert_eq!(url("../a b/ü#1.parquet"), "../a%20b/%C3%BC%231.parquet");
    }
}

//! Where generated parts begin and end in a text.

/// Why a part cannot be put into a text.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkerError {
    /// The text has no place for a part.
    #[error("no line `{begin}` followed by a line `{end}`; put both back where the part belongs")]
    NoPlace {
        /// The line before the part.
        begin: String,
        /// The line behind it.
        end: String,
    },
}

/// Returns the text with each part between its markers `<!-- generated: NAME -->` and `<!-- /generated -->`.
pub(super) fn fill(text: &str, parts: &[(&str, String)]) -> Result<String, MarkerError> {
    let mut filled = text.to_string();
    for (name, part) in parts {
        filled = fill_one(&filled, name, part)?;
    }
    Ok(filled)
}

fn fill_one(text: &str, name: &str, part: &str) -> Result<String, MarkerError> {
    let (begin, end) = (format!("<!-- generated: {name} -->\n"), "<!-- /generated -->\n");
    let no_place = || MarkerError::NoPlace { begin: begin.trim().into(), end: end.trim().into() };
    let (before, rest) = text.split_once(&begin).ok_or_else(no_place)?;
    let (_, behind) = rest.split_once(end).ok_or_else(no_place)?;
    Ok(format!("{before}{begin}{}\n{end}{behind}", part.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "before\n<!-- generated: a -->\nold\n<!-- /generated -->\nbetween\n\
                        <!-- generated: b -->\n<!-- /generated -->\nbehind\n";

    #[test]
    fn a_part_takes_the_place_of_what_was_there() {
        let filled = fill(TEXT, &[("a", "new".into()), ("b", "x\ny\n".into())]).unwrap();
        let expected = TEXT.replace("old", "new").replace("b -->\n", "b -->\nx\ny\n");
        assert_eq!(filled, expected);
        assert_eq!(fill(&filled, &[("a", "new".into()), ("b", "x\ny".into())]).unwrap(), filled);
    }

    #[test]
    fn a_part_without_a_place_is_an_error_that_names_the_lines() {
        let error = fill(TEXT, &[("c", String::new())]).unwrap_err().to_string();
        let expected = "no line `<!-- generated: c -->` followed by a line `<!-- /generated -->`; put \
                        both back where the part belongs";
        assert_eq!(error, expected);
    }
}

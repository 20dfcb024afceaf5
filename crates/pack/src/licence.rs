use std::str::FromStr;

/// Under what others may use a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    /// What people call it.
    pub(crate) name: String,
    /// Where it can be read.
    pub(crate) url: String,
}

/// Why a text names no licence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown licence `{got}`; expected an id of SPDX, such as CC-BY-4.0 or CC0-1.0, or a URL")]
pub struct LicenceError {
    got: String,
}

impl FromStr for Licence {
    type Err = LicenceError;

    fn from_str(text: &str) -> Result<Self, LicenceError> {
        if let Some(id) = spdx::license_id(text) {
            let url = format!("https://spdx.org/licenses/{}", id.name);
            return Ok(Self { name: id.full_name.to_owned(), url });
        }
        if is_url(text) {
            return Ok(Self { name: text.to_owned(), url: text.to_owned() });
        }
        Err(LicenceError { got: text.to_owned() })
    }
}

/// Returns whether the text can be an identifier in RO-Crate as it is.
fn is_url(text: &str) -> bool {
    let behind = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let is_allowed = |c: char| c.is_ascii_graphic() && !"<>\"{}|\\^`".contains(c);
    behind.is_some_and(|behind| behind.contains('.') && behind.chars().all(is_allowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_spdx_becomes_its_page_and_a_url_stays() {
        let licence: Licence = "CC-BY-4.0".parse().unwrap();
        assert_eq!(licence.url, "https://spdx.org/licenses/CC-BY-4.0");
        assert_eq!(licence.name, "Creative Commons Attribution 4.0 International");
        let own: Licence = "https://lab.example.org/terms".parse().unwrap();
        assert_eq!(own.url, "https://lab.example.org/terms");
    }

    #[test]
    fn what_names_no_licence_is_refused() {
        for text in
            ["", "CC-BY", "MIT OR Apache-2.0", "free", "https://", "https://a.b/ c", "ftp://a.b"]
        {
            assert_eq!(text.parse::<Licence>(), Err(LicenceError { got: text.to_owned() }));
        }
    }
}

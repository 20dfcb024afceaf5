//! Messages as they lie in the file: fields are taken out and put in without decoding the others, so
//! that what is not known here survives.

use prost::{decode_length_delimiter, encode_length_delimiter};

use crate::ReadError;

/// How a field's content lies behind its key.
const LENGTH_DELIMITED: usize = 2;

/// A field of a message.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    /// Its number.
    pub number: usize,
    /// Key, length and content.
    pub whole: &'a [u8],
    /// A message, text or list; empty for a number.
    pub content: &'a [u8],
}

impl Field<'_> {
    /// Returns whether it is of a number and may be a message.
    pub fn is_message(&self, number: usize) -> bool {
        let kind = self.whole.first().map(|key| usize::from(key & 7));
        self.number == number && kind == Some(LENGTH_DELIMITED)
    }

    /// Returns the number that the field is, if it is one.
    ///
    /// # Errors
    /// It is larger than any length.
    pub fn value(&self) -> Result<usize, ReadError> {
        let mut rest = self.whole;
        varint(&mut rest)?;
        varint(&mut rest)
    }
}

/// Returns the fields of a message in their order.
///
/// # Errors
/// The bytes are no message.
pub(super) fn fields(mut message: &[u8]) -> Result<Vec<Field<'_>>, ReadError> {
    let mut fields = Vec::new();
    while !message.is_empty() {
        let field = first(message)?;
        message = &message[field.whole.len()..];
        fields.push(field);
    }
    Ok(fields)
}

/// Appends a message as a field.
///
/// # Errors
/// Its length cannot be written, which none in memory has.
pub(super) fn put(number: usize, content: &[u8], to: &mut Vec<u8>) -> Result<(), ReadError> {
    // A key is written as a length is.
    for length in [number << 3 | LENGTH_DELIMITED, content.len()] {
        encode_length_delimiter(length, to)
            .map_err(|error| ReadError::NotOnnx { reason: error.to_string() })?;
    }
    to.extend_from_slice(content);
    Ok(())
}

/// Appends a number as a field.
///
/// # Errors
/// It cannot be written, which none that was read is.
pub(super) fn put_number(number: usize, value: usize, to: &mut Vec<u8>) -> Result<(), ReadError> {
    for number in [number << 3, value] {
        encode_length_delimiter(number, to)
            .map_err(|error| ReadError::NotOnnx { reason: error.to_string() })?;
    }
    Ok(())
}

fn first(message: &[u8]) -> Result<Field<'_>, ReadError> {
    let mut rest = message;
    let key = varint(&mut rest)?;
    let content = match key & 7 {
        0 => {
            varint(&mut rest)?;
            &rest[..0]
        }
        1 => taken(&mut rest, 8)?,
        LENGTH_DELIMITED => {
            let length = varint(&mut rest)?;
            taken(&mut rest, length)?
        }
        5 => taken(&mut rest, 4)?,
        kind => return Err(broken(format!("a field of kind {kind}"))),
    };
    let whole = &message[..message.len() - rest.len()];
    Ok(Field { number: key >> 3, whole, content })
}

fn taken<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], ReadError> {
    let (content, behind) =
        rest.split_at_checked(length).ok_or_else(|| broken("it is cut short".to_owned()))?;
    *rest = behind;
    Ok(content)
}

fn varint(rest: &mut &[u8]) -> Result<usize, ReadError> {
    decode_length_delimiter(rest).map_err(|error| broken(error.to_string()))
}

fn broken(reason: String) -> ReadError {
    ReadError::NotOnnx { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_every_kind_are_found_and_put_back() {
        // Field 1 is the number 300 (0xac 0x02), field 2 the text `ab`, field 3 four bytes, field 17
        // (key 17 · 8 + 2 = 138, 0x8a 0x01) the text `c`.
        let message = [
            &[0x08, 0xac, 0x02][..],
            &[0x12, 2, b'a', b'b'],
            &[0x1d, 1, 2, 3, 4],
            &[0x8a, 0x01, 1, b'c'],
        ]
        .concat();
        let found = fields(&message).unwrap();
        let numbers: Vec<usize> = found.iter().map(|field| field.number).collect();
        assert_eq!(numbers, [1, 2, 3, 17]);
        assert_eq!(found[1].content, b"ab");
        let whole: Vec<u8> = found.iter().flat_map(|field| field.whole.to_vec()).collect();
        assert_eq!(whole, message);
        let mut put_back = Vec::new();
        put(17, b"c", &mut put_back).unwrap();
        assert_eq!(put_back, [0x8a, 0x01, 1, b'c']);
    }

    #[test]
    fn a_message_that_is_cut_short_is_refused() {
        let error = fields(&[0x12, 5, b'a']).err().unwrap();
        assert_eq!(error.to_string(), "not an ONNX file: it is cut short");
        assert!(fields(&[0x0b]).err().unwrap().to_string().contains("a field of kind 3"));
    }
}

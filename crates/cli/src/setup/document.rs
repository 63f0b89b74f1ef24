//! From the text of a configuration to values, with the place of every mistake.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::mistake::{Mistake, Wanted, What};

/// A value with its place.
pub(crate) type Node<'a> = Spanned<DeValue<'a>>;
/// A key with its place.
pub(crate) type Key<'a> = Spanned<DeString<'a>>;

/// Parses a text into its top table.
///
/// # Errors
///
/// [`What::NotToml`] at the first place that is none.
pub(crate) fn parse(text: &str) -> Result<DeTable<'_>, Mistake> {
    match DeTable::parse(text) {
        Ok(table) => Ok(table.into_inner()),
        Err(error) => Err(Mistake {
            at: error.span().map(|span| span.start),
            what: What::NotToml(error.message().to_owned()),
        }),
    }
}

/// Returns the table that a value is.
///
/// # Errors
///
/// [`Wanted::Table`] when it is something else.
pub(crate) fn table(node: Node<'_>) -> Result<DeTable<'_>, Mistake> {
    let wrong = Mistake::wrong(&node, Wanted::Table);
    match node.into_inner() {
        DeValue::Table(table) => Ok(table),
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_) => Err(wrong),
    }
}

/// Reads a value as a type.
///
/// # Errors
///
/// What the type does not take, with its place.
pub(crate) fn read<'a, T: Deserialize<'a>>(node: Node<'a>) -> Result<T, Mistake> {
    T::deserialize(Reader(node))
}

/// Reads a text that means something.
///
/// # Errors
///
/// `wanted` when it is no text or does not parse.
pub(crate) fn parsed<T: FromStr>(node: &Node<'_>, wanted: Wanted) -> Result<T, Mistake> {
    node.get_ref()
        .as_str()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Mistake::wrong(node, wanted))
}

/// Reads one text or a list of texts.
///
/// # Errors
///
/// [`Wanted::Names`] for anything else.
pub(crate) fn names(node: &Node<'_>) -> Result<Vec<String>, Mistake> {
    let wrong = || Mistake::wrong(node, Wanted::Names);
    if let Some(one) = node.get_ref().as_str() {
        return Ok(vec![one.to_owned()]);
    }
    let several = node.get_ref().as_array().ok_or_else(wrong)?;
    let text = |node: &Node<'_>| {
        let text = node.get_ref().as_str();
        text.map(str::to_owned).ok_or_else(wrong)
    };
    several.iter().map(text).collect()
}

/// Reads a table of texts.
///
/// # Errors
///
/// [`Wanted::Table`] for anything else, and [`Wanted::Text`] at the first value that is none.
pub(crate) fn texts(node: Node<'_>) -> Result<BTreeMap<String, String>, Mistake> {
    let text = |(key, value): (Key<'_>, Node<'_>)| {
        let text = parsed(&value, Wanted::Text)?;
        Ok((key.get_ref().to_string(), text))
    };
    table(node)?.into_iter().map(text).collect()
}

/// A value as serde reads it.
#[derive(Debug)]
pub(crate) struct Reader<'a>(pub(crate) Node<'a>);

impl<'a> IntoDeserializer<'a, Mistake> for Reader<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> de::Deserializer<'de> for Reader<'de> {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let at = self.0.span().start;
        let read = match self.0.into_inner() {
            DeValue::String(text) => visitor.visit_string(text.into_owned()),
            DeValue::Boolean(flag) => visitor.visit_bool(flag),
            DeValue::Integer(number) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(number) => visitor.visit_i64(number),
                    Err(_) => Err(de::Error::custom("the number is too large")),
                }
            }
            DeValue::Float(number) => match number.as_str().parse() {
                Ok(number) => visitor.visit_f64(number),
                Err(_) => Err(de::Error::custom("the number cannot be read")),
            },
            DeValue::Datetime(_) => Err(de::Error::invalid_type(
                Unexpected::Other("a date"),
                &visitor,
            )),
            DeValue::Array(items) => {
                visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Reader)))
            }
            DeValue::Table(table) => {
                let rows = table.into_iter();
                let rows = rows.map(|(key, value)| (KeyReader(key), Reader(value)));
                visitor.visit_map(MapDeserializer::new(rows))
            }
        };
        read.map_err(|mistake: Mistake| mistake.or_at(at))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

/// A key as serde reads it.
struct KeyReader<'a>(Key<'a>);

impl<'a> IntoDeserializer<'a, Mistake> for KeyReader<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> de::Deserializer<'de> for KeyReader<'de> {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        let at = self.0.span().start;
        visitor
            .visit_str(self.0.get_ref())
            .map_err(|mistake: Mistake| mistake.or_at(at))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any option newtype_struct
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its reading is looked at")]
    struct Place {
        box_id: String,
        #[serde(default)]
        slots: Option<u64>,
    }

    fn mistake(text: &str) -> (Option<usize>, What) {
        let table = DeTable::parse(text).map(|table| {
            let span = table.span();
            Spanned::new(span, DeValue::Table(table.into_inner()))
        });
        let mistake = table.map(read::<Place>).ok().and_then(Result::err);
        mistake.map_or((None, What::Other(String::new())), |mistake| {
            (mistake.line(text), mistake.what)
        })
    }

    #[test]
    fn an_unknown_key_keeps_its_line_and_its_nearest() {
        let what = What::UnknownKey {
            key: "boxid".to_owned(),
            nearest: Some("box_id".to_owned()),
        };
        assert_eq!(mistake("slots = 1\nboxid = \"1\"\n"), (Some(2), what));
    }

    #[test]
    fn a_wrong_type_and_a_missing_key_are_told_apart() {
        assert_eq!(
            mistake("box_id = \"1\"\n\nslots = \"four\"\n"),
            (Some(3), What::Wrong(Wanted::Number))
        );
        assert_eq!(
            mistake("box_id = 1\n"),
            (Some(1), What::Wrong(Wanted::Text))
        );
        assert_eq!(
            mistake("slots = 1\n").1,
            What::MissingKey("box_id".to_owned())
        );
    }

    #[test]
    fn what_is_no_toml_is_told_by_its_line() {
        let text = "a = 1\nb = \n";
        let line = parse(text).err().and_then(|mistake| mistake.line(text));
        assert_eq!(line, Some(2));
    }
}

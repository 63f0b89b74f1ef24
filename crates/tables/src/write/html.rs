//! A page that stands alone: no script, nothing to load, good on paper and on a phone.
//!
//! Whoever makes a page gives sections, tables and cells, all of them plain text in the language of the page. Every text is escaped,
//! so nothing that a person or a platform wrote can become markup.

use askama::Template;

/// A page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The language of the texts, such as `ru`.
    pub lang: String,
    /// What the page is about.
    pub title: String,
    /// What came out, in one sentence.
    pub result: Option<Outcome>,
    /// What is to be known beside it.
    pub facts: Vec<Fact>,
    /// The rest.
    pub sections: Vec<Section>,
    /// What stands at the end, such as who made the page and when.
    pub footer: String,
}

/// What came out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How it is shown.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
    /// What belongs to it, point by point.
    pub items: Vec<String>,
}

/// One thing to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// What is known.
    pub value: String,
}

/// A part of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// What it is about.
    pub heading: String,
    /// What is said before the tables.
    pub paragraphs: Vec<String>,
    /// The tables.
    pub tables: Vec<Table>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What it is about, if the heading of its section does not say so.
    pub title: Option<String>,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows. Cells beyond the columns are not shown.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// What stands in it. A line end is kept.
    pub text: String,
    /// How it is shown.
    pub tone: Tone,
}

/// How something is shown. The text alone must tell it too: paper has no colours, and not everybody sees them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// As everything else.
    #[default]
    Plain,
    /// As something that is as it should be.
    Good,
    /// As something to look at.
    Warning,
    /// As something that went wrong.
    Bad,
    /// As something that matters less.
    Faint,
}

/// A page that cannot be written, which is our own fault.
#[derive(Debug, thiserror::Error)]
#[error("the page cannot be written")]
pub struct PageError(#[from] askama::Error);

#[derive(Template)]
#[template(path = "page.html")]
struct Whole<'a> {
    page: &'a Page,
}

impl Page {
    /// Returns the page as HTML, in UTF-8 and complete in itself.
    ///
    /// # Errors
    ///
    /// [`PageError`], which is our own fault.
    ///
    /// # Examples
    ///
    /// ```
    /// use kadry_tables::write::html::Page;
    ///
    /// let page = Page {
    ///     lang: "en".to_owned(),
    ///     title: "Tom & Jerry".to_owned(),
    ///     ..Page::default()
    /// };
    /// assert!(page.to_html()?.contains("<h1>Tom &#38; Jerry</h1>"));
    /// # Ok::<(), kadry_tables::write::html::PageError>(())
    /// ```
    pub fn to_html(&self) -> Result<String, PageError> {
        Ok(Whole { page: self }.render()?)
    }
}

impl Table {
    /// Returns the cells of a row, each with the name of its column.
    fn labelled<'a>(&'a self, row: &'a [Cell]) -> impl Iterator<Item = (&'a String, &'a Cell)> {
        self.columns.iter().zip(row)
    }
}

impl Cell {
    /// Returns a cell.
    #[must_use]
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self {
            text: text.into(),
            tone,
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::new(text, Tone::Plain)
    }
}

impl Tone {
    /// Returns the name that the style sheet knows.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Bad => "bad",
            Self::Faint => "faint",
        }
    }

    pub(super) fn is_told(self) -> bool {
        self != Self::Plain
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    const EVIL: &str = "\"><script src=//evil.test></script><img onerror='x' src=x>&";

    /// A page on which every text is the same.
    fn page(text: &str) -> Page {
        let text = text.to_owned();
        Page {
            lang: text.clone(),
            title: text.clone(),
            result: Some(Outcome {
                tone: Tone::Bad,
                text: text.clone(),
                items: vec![text.clone()],
            }),
            facts: vec![Fact {
                label: text.clone(),
                value: text.clone(),
            }],
            sections: vec![Section {
                heading: text.clone(),
                paragraphs: vec![text.clone()],
                tables: vec![Table {
                    title: Some(text.clone()),
                    columns: vec![text.clone()],
                    rows: vec![vec![Cell::new(text.clone(), Tone::Good)]],
                }],
            }],
            footer: text,
        }
    }

    #[test]
    fn no_text_becomes_markup_wherever_it_stands() {
        let harmless = page("x").to_html().unwrap();
        let html = page(EVIL).to_html().unwrap();
        for markup in ["<", ">", "\"", "'"] {
            assert_eq!(
                html.matches(markup).count(),
                harmless.matches(markup).count(),
                "{markup} in {html}"
            );
        }
        assert!(!html.contains("<script") && !html.contains("<img"));
        assert_eq!(html.matches("&#60;script").count(), 14, "{html}");
    }

    #[test]
    fn a_page_loads_nothing_and_runs_nothing() {
        let html = page("x").to_html().unwrap();
        for outside in [
            "<script", "<link", "<img", "<iframe", "@import", "url(", "http:", "https:", "src=",
        ] {
            assert!(!html.contains(outside), "{outside}");
        }
        assert!(html.contains("default-src 'none'"));
    }

    #[test]
    fn a_row_that_is_too_long_keeps_to_the_columns() {
        let table = Table {
            columns: vec!["a".to_owned()],
            rows: vec![vec!["1".into(), "beyond".into()], Vec::new()],
            ..Table::default()
        };
        let section = Section {
            tables: vec![table],
            ..Section::default()
        };
        let page = Page {
            sections: vec![section],
            ..Page::default()
        };
        let html = page.to_html().unwrap();
        assert!(html.contains("<td data-label=\"a\">1</td>"), "{html}");
        assert!(!html.contains("beyond"));
    }

    #[test]
    fn what_is_not_there_leaves_no_empty_frame() {
        let html = Page::default().to_html().unwrap();
        for frame in ["<table", "<dl>", "class=\"result", "<h2>", "<section>"] {
            assert!(!html.contains(frame), "{frame}");
        }
    }
}

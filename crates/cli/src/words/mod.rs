//! Every sentence that people read, in their language.
//!
//! The sentences are in the Fluent files beside this one; the code knows only their keys. A test proves that both languages have the
//! same keys with the same variables, and that every key that the code names is there.

use std::fmt;
use std::sync::OnceLock;

pub(crate) use fluent_bundle::FluentValue as Value;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use kadry_core::{FieldName, KindName};
use unic_langid::LanguageIdentifier;

const RUSSIAN: &[&str] = &[
    include_str!("ru/answers.ftl"),
    include_str!("ru/check.ftl"),
    include_str!("ru/commands.ftl"),
    include_str!("ru/departments.ftl"),
    include_str!("ru/errors.ftl"),
    include_str!("ru/link.ftl"),
    include_str!("ru/many.ftl"),
    include_str!("ru/native.ftl"),
    include_str!("ru/plan.ftl"),
    include_str!("ru/reasons.ftl"),
    include_str!("ru/report.ftl"),
    include_str!("ru/review.ftl"),
    include_str!("ru/roster.ftl"),
    include_str!("ru/usage.ftl"),
];

const ENGLISH: &[&str] = &[
    include_str!("en/answers.ftl"),
    include_str!("en/check.ftl"),
    include_str!("en/commands.ftl"),
    include_str!("en/departments.ftl"),
    include_str!("en/errors.ftl"),
    include_str!("en/link.ftl"),
    include_str!("en/many.ftl"),
    include_str!("en/native.ftl"),
    include_str!("en/plan.ftl"),
    include_str!("en/reasons.ftl"),
    include_str!("en/report.ftl"),
    include_str!("en/review.ftl"),
    include_str!("en/roster.ftl"),
    include_str!("en/usage.ftl"),
];

/// The help in Russian; the English one is the comments of the arguments.
pub(crate) const RUSSIAN_HELP: &str = include_str!("ru/help.ftl");

/// A language that kadry speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lang {
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Lang {
    /// Returns the language of a locale such as `ru_RU.UTF-8`, if it is one that kadry speaks.
    pub(crate) fn from_locale(text: &str) -> Option<Self> {
        let language = text.split(['_', '-', '.', '@']).next().unwrap_or(text);
        if language.eq_ignore_ascii_case("ru") {
            Some(Self::Ru)
        } else if language.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// Returns the code of the language, as the web and locales know it.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    const fn files(self) -> &'static [&'static str] {
        match self {
            Self::Ru => RUSSIAN,
            Self::En => ENGLISH,
        }
    }

    const fn help(self) -> Option<&'static str> {
        match self {
            Self::Ru => Some(RUSSIAN_HELP),
            Self::En => None,
        }
    }
}

/// The sentences of one language.
pub(crate) struct Words {
    lang: Lang,
    /// What every command that a sentence names needs to meet the same store.
    options: String,
    /// Read with the first sentence: to tell the version needs none.
    bundle: OnceLock<FluentBundle<FluentResource>>,
}

impl Words {
    /// Returns the sentences of a language.
    pub(crate) const fn new(lang: Lang) -> Self {
        Self {
            lang,
            options: String::new(),
            bundle: OnceLock::new(),
        }
    }

    fn bundle(&self) -> &FluentBundle<FluentResource> {
        self.bundle.get_or_init(|| read(self.lang))
    }

    /// Returns the sentences with these options in every command that they name, each after a blank.
    pub(crate) fn with_options(self, options: String) -> Self {
        Self { options, ..self }
    }

    /// Returns the options of commands that are named, each after a blank.
    pub(crate) fn options(&self) -> &str {
        &self.options
    }

    /// Returns the language.
    pub(crate) const fn lang(&self) -> Lang {
        self.lang
    }

    /// Returns a sentence that names nothing.
    pub(crate) fn say(&self, key: &str) -> String {
        self.say_with(key, &[])
    }

    /// Returns a sentence with its variables filled in; numbers choose the plural.
    pub(crate) fn say_with(&self, key: &str, variables: &[(&str, Value<'_>)]) -> String {
        // A test proves that every key that the code names has a sentence.
        self.try_say(key, variables)
            .unwrap_or_else(|| key.to_owned())
    }

    /// Returns a sentence whose key comes from elsewhere, if there is one.
    pub(crate) fn try_say(&self, key: &str, variables: &[(&str, Value<'_>)]) -> Option<String> {
        let pattern = self.bundle().get_message(key)?.value()?;
        let mut filled: FluentArgs<'_> = variables
            .iter()
            .map(|(name, value)| (*name, value.clone()))
            .collect();
        filled.set("options", self.options.as_str());
        let mut faults = Vec::new();
        Some(
            self.bundle()
                .format_pattern(pattern, Some(&filled), &mut faults)
                .into_owned(),
        )
    }

    /// Returns what people call a kind of grant; a kind that has no word here is called by its name.
    pub(crate) fn kind(&self, kind: &KindName) -> String {
        self.try_say(&format!("kind-{kind}"), &[])
            .unwrap_or_else(|| kind.to_string())
    }

    /// Returns what people call a field.
    pub(crate) fn field(&self, field: FieldName) -> String {
        self.say(&format!("field-{}", field.as_str().replace('_', "-")))
    }
}

fn read(lang: Lang) -> FluentBundle<FluentResource> {
    // A test proves that both codes are ones.
    let locale: LanguageIdentifier = lang.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // The marks would stand in the way of whoever copies a name from the terminal.
    bundle.set_use_isolating(false);
    for file in lang.files().iter().copied().chain(lang.help()) {
        // A test proves that every file parses; of one that did not, whatever did is used.
        let resource = match FluentResource::try_new(file.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Words")
            .field("lang", &self.lang)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

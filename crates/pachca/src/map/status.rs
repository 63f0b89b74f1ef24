//! A status and the one line by which people know it: an emoji, a blank, a title.

use kadry_core::{Grant, KindName, Known};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::wire;
use crate::wire::status::{StatusFields, UserStatus};
use crate::wire::user::User;

/// The longest title, in characters. <https://dev.pachca.com/api/users/update-status> Checked 2026-11.
pub(crate) const LONGEST_TITLE: usize = 50;

/// Returns the status that somebody shows at this time. One that is over may still be returned for a while.
/// <https://dev.pachca.com/api/users/get> Checked 2026-11.
pub(super) fn held(user: &User, now_ms: i64) -> Known<Vec<Grant>> {
    match &user.user_status {
        None => Known::Hidden,
        Some(Some(status)) if !is_over(status, now_ms) => {
            let name = format!("{} {}", status.emoji.trim(), status.title.trim());
            Known::Value(vec![Grant::named(KindName::STATUS, name)])
        }
        Some(Some(_) | None) => Known::Value(Vec::new()),
    }
}

fn is_over(status: &UserStatus, now_ms: i64) -> bool {
    let ends_ms = status.expires_at.as_deref().and_then(wire::moment_ms);
    ends_ms.is_some_and(|ends_ms| ends_ms <= now_ms)
}

/// Returns the status that a line names; none for a line that is not one emoji, a blank and a title of 1 to 50 characters.
pub(crate) fn parse(line: &str) -> Option<StatusFields<'_>> {
    let (emoji, title) = line.trim().split_once(char::is_whitespace)?;
    let title = title.trim();
    let fits = (1..=LONGEST_TITLE).contains(&title.chars().count());
    (fits && is_one_emoji(emoji)).then_some(StatusFields { emoji, title })
}

/// Reports whether the platform stored the status that was sent. The sign that asks for a coloured picture is not compared.
pub(crate) fn is_kept_status(sent: StatusFields<'_>, stored: &UserStatus) -> bool {
    let plain = |emoji: &str| emoji.trim().replace(EMOJI_STYLE, "");
    plain(sent.emoji) == plain(&stored.emoji) && sent.title == stored.title.trim()
}

/// Asks for the coloured picture of the sign before it.
pub(crate) const EMOJI_STYLE: char = '\u{fe0f}';
/// Makes a key out of the digit before it.
const KEYCAP: char = '\u{20e3}';

/// Reports whether a text is one emoji.
///
/// It is one where it is a single sign to the reader and begins where signs that can be drawn as a picture are. Which of them are
/// emoji changes every year, so a rare arrow or box passes here and is refused by the platform.
pub(crate) fn is_one_emoji(text: &str) -> bool {
    let mut signs = text.graphemes(true);
    if signs.next().is_none() || signs.next().is_some() {
        return false;
    }
    let drawn = text.contains(EMOJI_STYLE) || text.contains(KEYCAP);
    text.chars().next().is_some_and(|first| match first {
        '\u{1f000}'..='\u{1faff}' => true,
        '\u{203c}'..='\u{3299}' => drawn || !first.is_alphanumeric(),
        '0'..='9' | '#' | '*' => text.contains(KEYCAP),
        '\u{a9}' | '\u{ae}' => true,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_emoji_a_blank_and_a_title() {
        for emoji in [
            "🏖️",
            "🏖",
            "🎮",
            "👍🏽",
            "👩‍💻",
            "🇷🇺",
            "4️⃣",
            "❤️‍🔥",
            "✈️",
            "🅰",
            "ℹ️",
            "☕",
            "©",
        ] {
            let line = format!(" {emoji}  В отпуске ");
            let title = "В отпуске";
            assert_eq!(parse(&line), Some(StatusFields { emoji, title }));
        }
        for line in [
            "",
            "🏖️",
            "🏖️ ",
            "В отпуске",
            "🎮🎮 Играю",
            ":+1: Да",
            "4 Да",
            "я Да",
            "— Да",
            "🎮Играю",
            "! Да",
        ] {
            assert_eq!(parse(line), None, "{line:?}");
        }
    }

    #[test]
    fn a_title_is_counted_in_characters() {
        assert!(parse(&format!("🎮 {}", "ё".repeat(50))).is_some());
        assert_eq!(parse(&format!("🎮 {}", "ё".repeat(51))), None);
    }
}

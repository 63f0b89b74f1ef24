//! What counts as exactly one emoji.

const JOINER: char = '\u{200d}';
const EMOJI_STYLE: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';

/// Reports whether a text is one emoji with nothing around it.
pub(super) fn is_one(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    match chars.as_slice() {
        ['0'..='9' | '#' | '*', EMOJI_STYLE, KEYCAP] => true,
        [first, second] if is_flag_letter(*first) => is_flag_letter(*second),
        all => all.split(|c| *c == JOINER).all(is_element),
    }
}

/// Reports whether the characters are one picture with its modifiers.
fn is_element(chars: &[char]) -> bool {
    let Some((first, rest)) = chars.split_first() else {
        return false;
    };
    is_picture(*first) && rest.iter().all(|c| is_modifier(*c))
}

fn is_flag_letter(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

fn is_modifier(c: char) -> bool {
    // Style, skin tones, and the letters of regional flags.
    matches!(c, EMOJI_STYLE | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
}

fn is_picture(c: char) -> bool {
    matches!(c,
        '©' | '®' | '‼' | '⁉' | '™' | 'ℹ'
        | '\u{2194}'..='\u{21aa}'
        | '\u{231a}'..='\u{23ff}'
        | '\u{25aa}'..='\u{25fe}'
        | '\u{2600}'..='\u{27bf}'
        | '\u{2934}'..='\u{2935}'
        | '\u{2b05}'..='\u{2b55}'
        | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{1f004}' | '\u{1f0cf}'
        | '\u{1f170}'..='\u{1f251}'
        | '\u{1f300}'..='\u{1faff}')
        && !is_flag_letter(c)
}

#[cfg(test)]
mod tests {
    use super::is_one;

    #[test]
    fn one_emoji_is_one_picture_however_it_is_composed() {
        for emoji in ["🏖️", "🎮", "👍🏽", "👩‍💻", "🇷🇺", "4️⃣", "❤️‍🔥", "✈️"]
        {
            assert!(is_one(emoji), "{emoji}");
        }
        for text in [
            "", "a", "🎮🎮", " 🎮", "🎮!", ":+1:", "4", "🇷", "👩‍", "\u{fe0f}",
        ] {
            assert!(!is_one(text), "{text}");
        }
    }
}

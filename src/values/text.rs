//! Text as people type and paste it: what is invisible in it, and the many forms of one space, dash or digit. The one
//! place that knows them: every parsed word, every form and the API ask here.

/// Characters that turn the direction of what stands beside them: contact lists and chats paste them along.
pub fn is_turning(letter: char) -> bool {
    matches!(letter, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters nobody sees. Joiners are among them, which some scripts need in words: names keep those.
pub fn is_invisible(letter: char) -> bool {
    let control = letter.is_control() && !letter.is_whitespace();
    control || is_joiner(letter) || is_unneeded(letter)
}

/// Invisible characters that no script needs to write a name: soft hyphens, marks of byte order, turning marks.
pub fn is_unneeded(letter: char) -> bool {
    is_turning(letter)
        || matches!(
            letter,
            '\u{AD}' | '\u{34F}' | '\u{180B}'..='\u{180F}' | '\u{200B}' | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}'
        )
}

fn is_joiner(letter: char) -> bool {
    matches!(letter, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}')
}

/// Every kind of space, and the blanks that count as letters.
pub fn is_space(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            '\u{115F}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}'
        )
}

/// Every kind of dash, hyphen and minus.
pub fn is_dash(letter: char) -> bool {
    matches!(
        letter,
        '-' | '\u{58A}' | '\u{5BE}' | '\u{1806}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{207B}'
                | '\u{208B}'
                | '\u{2212}'
                | '\u{2796}'
                | '\u{FE58}'
                | '\u{FE63}'
                | '\u{FF0D}'
    )
}

/// The text without what nobody sees, with plain spaces and hyphens, trimmed.
pub fn visible(text: &str) -> String {
    let seen = text.chars().filter(|letter| !is_invisible(*letter));
    let plain: String = seen.map(plain_letter).collect();
    plain.trim().to_owned()
}

/// The same for what is made of digits: those of every script are read as 0 to 9.
pub fn with_digits(text: &str) -> String {
    visible(text).chars().map(plain_digit).collect()
}

fn plain_letter(letter: char) -> char {
    match letter {
        letter if is_space(letter) => ' ',
        letter if is_dash(letter) => '-',
        // The wide forms of East Asian keyboards.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        letter => letter,
    }
}

/// What people type where they have nothing to say.
const NOTHING: [&str; 12] = [
    "none",
    "no",
    "nil",
    "na",
    "nothing",
    "notknown",
    "unknown",
    "notgiven",
    "notapplicable",
    "refused",
    "declined",
    "null",
];

/// Whether a text names something that a colleague could try: an odd number, an address with a slip of the pen.
pub fn is_something(typed: &str) -> bool {
    let word: String = typed.chars().filter(|letter| letter.is_alphanumeric()).collect();
    !word.is_empty() && !NOTHING.contains(&word.to_lowercase().as_str())
}

/// The zeros of the scripts people here write; nine more digits follow each.
const ZEROS: [char; 16] = [
    '\u{660}', '\u{6F0}', '\u{7C0}', '\u{966}', '\u{9E6}', '\u{A66}', '\u{AE6}', '\u{B66}', '\u{BE6}',
    '\u{C66}', '\u{CE6}', '\u{D66}', '\u{E50}', '\u{ED0}', '\u{1040}', '\u{17E0}',
];

fn plain_digit(letter: char) -> char {
    let value = |zero: &char| {
        u32::from(letter)
            .checked_sub(u32::from(*zero))
            .filter(|value| *value < 10)
    };
    let digit = ZEROS.iter().find_map(value);
    digit
        .and_then(|value| char::from_digit(value, 10))
        .unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_gone_and_spaces_and_dashes_are_plain() {
        for (pasted, plain) in [
            ("\u{202a}0114\u{2212}496\u{a0}0123\u{202c}", "0114-496 0123"),
            ("\u{feff} a\u{200b}b\u{ad}c\u{2060}\u{0} ", "abc"),
            ("\u{ff10}\u{ff1a}\u{ff21}\u{3000}\u{2011}", "0:A -"),
            ("\u{2066}\u{200f}\u{61c}", ""),
        ] {
            assert_eq!(visible(pasted), plain);
        }
    }

    #[test]
    fn the_digits_of_every_script_are_digits() {
        assert_eq!(
            with_digits("\u{660}\u{667}\u{6f7} \u{9ef}\u{966}\u{ff19}"),
            "077 909"
        );
        assert_eq!(visible("\u{667}"), "\u{667}");
    }
}

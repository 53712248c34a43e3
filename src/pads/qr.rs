//! The QR code of a slip: an address in, black modules out, as a matrix, as runs to fill, as SVG and as
//! text blocks for a terminal. Decides version, mode and error correction; draws nothing itself.
//!
//! The address is encoded in upper case so that QR's alphanumeric mode takes it (5.5 bits a character instead
//! of 8): 29 x 29 modules for a usual host instead of 33 x 33, so each module is larger on the same paper.
//! Error correction Q restores about a quarter of the symbol (ISO/IEC 18004): folds, thumbs, cheap toner.

use anyhow::{Context, bail};
use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};
use std::fmt::Write;

/// Width of the white border that a reader needs, in modules (ISO/IEC 18004).
pub const QUIET_ZONE: usize = 4;

/// The widest symbol a slip may carry, in modules (version 5: addresses of up to 87 characters). Templates are
/// checked against this width, so that no host name can bring a module under its smallest size.
pub const WIDEST: usize = 37;

/// A QR symbol without its quiet zone.
pub struct Symbol {
    width: usize,
    dark: Vec<bool>,
}

impl Symbol {
    /// Encodes an address, which may only use characters of QR's alphanumeric mode.
    ///
    /// Errors if another character occurs or the address is too long for [`WIDEST`].
    pub fn of(address: &str) -> anyhow::Result<Self> {
        let code = QrCode::with_bits(bits(address)?, EcLevel::Q).context("encoding a slip's address")?;
        let width = code.width();
        let dark = code.into_colors().into_iter().map(|c| c == Color::Dark).collect();
        Ok(Symbol { width, dark })
    }

    /// The symbol of these modules, row by row.
    pub(super) fn from_modules(width: usize, dark: Vec<bool>) -> Self {
        Symbol { width, dark }
    }

    /// Modules in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether the module in column `x`, row `y` (from the top) is dark; outside the symbol all is light.
    pub fn is_dark(&self, x: isize, y: isize) -> bool {
        let inside = |v: isize| usize::try_from(v).ok().filter(|v| *v < self.width);
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => self.dark.get(y * self.width + x).copied().unwrap_or(false),
            _ => false,
        }
    }

    /// The dark modules as horizontal runs (x, y from the top, length), row by row: the path of the picture on a screen.
    pub fn runs(&self) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
        self.dark
            .chunks(self.width.max(1))
            .enumerate()
            .flat_map(|(y, row)| {
                let mut x = 0;
                row.chunk_by(|a, b| a == b).filter_map(move |run| {
                    let start = x;
                    x += run.len();
                    run.first()
                        .is_some_and(|dark| *dark)
                        .then_some((start, y, run.len()))
                })
            })
    }

    /// The symbol with its quiet zone as an SVG element that scales to its container.
    /// `label` is its accessible name and must hold no characters special to XML.
    pub fn svg(&self, label: &str) -> String {
        let full = self.width + 2 * QUIET_ZONE;
        let mut path = String::new();
        for (x, y, length) in self.runs() {
            let _ = write!(
                path,
                "M{} {}h{length}v1h-{length}z",
                x + QUIET_ZONE,
                y + QUIET_ZONE
            );
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {full} {full}\" role=\"img\" aria-label=\"{label}\" \
             shape-rendering=\"crispEdges\"><rect width=\"{full}\" height=\"{full}\" fill=\"#fff\"/>\
             <path d=\"{path}\"/></svg>"
        )
    }

    /// The symbol with its quiet zone in half blocks, two rows of modules to a line of text. Light modules are
    /// drawn, so that it reads on a dark terminal; most phones read it inverted on a light one too.
    pub fn text_blocks(&self) -> String {
        let quiet = QUIET_ZONE as isize;
        let end = self.width as isize + quiet;
        let mut text = String::new();
        let mut y = -quiet;
        while y < end {
            for x in -quiet..end {
                // Below the last row there is no symbol any more, only the terminal's own ground.
                let upper = !self.is_dark(x, y);
                let lower = y + 1 < end && !self.is_dark(x, y + 1);
                text.push(match (upper, lower) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }
            text.push('\n');
            y += 2;
        }
        text
    }
}

/// The address printed as a QR code for a compact code on a host: upper case throughout.
pub fn slip_address(base_url: &str, compact_code: &str) -> String {
    format!(
        "{}/S/{}",
        base_url.trim_end_matches('/').to_ascii_uppercase(),
        compact_code
    )
}

/// The address as the data of the smallest symbol that holds it, terminator and padding included.
pub(super) fn encode(address: &str) -> anyhow::Result<(Version, Vec<u8>)> {
    let bits = bits(address)?;
    Ok((bits.version(), bits.into_bytes()))
}

/// Modules in a row of the symbol that holds this address.
pub(super) fn width_of(address: &str) -> anyhow::Result<usize> {
    Ok(usize::try_from(bits(address)?.version().width())?)
}

fn bits(address: &str) -> anyhow::Result<Bits> {
    if let Some(odd) = address.bytes().find(|b| !is_alphanumeric(*b)) {
        bail!(
            "a slip's address may not contain the character {:?}",
            char::from(odd)
        );
    }
    for version in 1..=5 {
        let mut bits = Bits::new(Version::Normal(version));
        let fits = bits.push_alphanumeric_data(address.as_bytes()).is_ok()
            && bits.push_terminator(EcLevel::Q).is_ok();
        if fits {
            return Ok(bits);
        }
    }
    bail!(
        "a slip's address of {} characters is too long for its QR code (87 at most)",
        address.len()
    )
}

fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_uppercase() || b" $%*+-./:".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "HTTPS://PAD.EXAMPLE.ORG/S/7K3M9QXT2VBR";

    fn decoded(symbol: &Symbol, scale: usize) -> String {
        let side = (symbol.width() + 2 * QUIET_ZONE) * scale;
        let module = |v: usize| (v / scale) as isize - QUIET_ZONE as isize;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
            if symbol.is_dark(module(x), module(y)) {
                0
            } else {
                255
            }
        });
        image.detect_grids()[0].decode().unwrap().1
    }

    #[test]
    fn a_usual_address_takes_29_modules() {
        let symbol = Symbol::of(ADDRESS).unwrap();
        assert_eq!(symbol.width(), 29);
        assert_eq!(decoded(&symbol, 4), ADDRESS);
    }

    #[test]
    fn the_runs_cover_exactly_the_dark_modules() {
        for code in 0..40u64 {
            let compact = crate::values::SlipCode::from_bits(code * 987_654_321_987).compact();
            let symbol = Symbol::of(&slip_address("https://pad.example.org/", &compact)).unwrap();
            let mut covered = vec![false; symbol.dark.len()];
            for (x, y, length) in symbol.runs() {
                covered[y * symbol.width + x..][..length].fill(true);
            }
            assert_eq!(covered, symbol.dark);
        }
    }

    #[test]
    fn an_address_that_cannot_be_printed_is_refused() {
        assert!(Symbol::of("HTTPS://PAD_A.EXAMPLE.ORG/S/7K3M9QXT2VBR").is_err());
        assert!(Symbol::of("https://pad.example.org/s/7K3M9QXT2VBR").is_err());
        assert_eq!(Symbol::of(&"A".repeat(87)).unwrap().width(), WIDEST);
        assert!(Symbol::of(&"A".repeat(88)).is_err());
    }

    #[test]
    fn the_screen_gets_a_scalable_named_picture() {
        let svg = Symbol::of(ADDRESS).unwrap().svg("QR code");
        assert!(
            svg.starts_with("<svg")
                && svg.contains("viewBox=\"0 0 37 37\"")
                && svg.contains("aria-label=\"QR code\"")
        );
    }

    #[test]
    fn the_terminal_gets_half_as_many_lines_as_modules() {
        let text = Symbol::of(ADDRESS).unwrap().text_blocks();
        assert_eq!(text.lines().count(), 19);
        assert!(text.lines().all(|line| line.chars().count() == 37));
    }
}

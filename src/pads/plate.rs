//! The printing plate of a pad's QR codes: what all of them share, and how each differs. Receives the address a
//! pad leads to, hands on the modules of any slip's code. Pure; [`super::qr`] makes single codes without it.
//!
//! All symbols of a pad have one version, one mask and one address but for its last twelve characters. A QR code is
//! linear: error correction is a linear code over bits, and placing and masking move or flip modules. So a symbol is
//! the first one with a fixed pattern flipped for every data bit in which its slip's code differs. The patterns are
//! taken from the encoder itself, and a test compares the sum with the encoder's own symbols. This is a hundred
//! times quicker than encoding each code (`benches/pads.rs` measures both), and what never changes (finders, timing, the host's own letters and the
//! error correction of its block) is known, so that a document holds it once.
//!
//! One mask for all: the standard has the encoder weigh eight masks for each symbol (ISO/IEC 18004, 7.8) so that
//! readers find it easily; here they are weighed once for the pad. Readers take any mask, and every code is read
//! back from the printed page all the same.

use super::qr::{self, Symbol};
use crate::values::SlipCode;
use anyhow::{Context, ensure};
use qrcode::canvas::{Canvas, MaskPattern};
use qrcode::{Color, EcLevel, Version, ec};

/// 64-bit words that hold the widest symbol's modules.
const WORDS: usize = (qr::WIDEST * qr::WIDEST).div_ceil(64);

/// Modules in column order, a bit each: codewords stand in columns, so neighbours in a column belong together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Modules([u64; WORDS]);

/// Dark modules that stand below one another: column, first row, how many.
pub type Run = (usize, usize, usize);

/// What all QR codes of a pad share.
pub struct Plate {
    width: usize,
    /// The symbol of the code whose bits are all `first_bits`.
    first: Modules,
    first_bits: u128,
    /// What flips when one bit of the code flips, the last bit first.
    flips: Vec<Modules>,
    /// Every module that can differ from slip to slip.
    differs: Modules,
    /// The last character of the address before the code, if it shares a pair of characters with it.
    shared_pair: Option<u8>,
}

const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

impl Plate {
    /// The plate for slips that lead to `base_url`. Errors if the address cannot be a QR code of a slip.
    pub fn new(base_url: &str) -> anyhow::Result<Self> {
        let code = SlipCode::from_bits(0);
        let address = qr::slip_address(base_url, &code.compact());
        let (version, data) = qr::encode(&address)?;
        let mask = best_mask(version, &data)?;
        let width = usize::try_from(version.width())?;
        let before = address.len() - code.compact().len();
        let shared_pair = (before % 2 == 1)
            .then(|| address.as_bytes().get(before - 1).copied())
            .flatten();
        let (first_bits, count) = code_bits(&code, shared_pair);
        let first = symbol(version, &data, mask)?;
        // Mode (4 bits), length (9 bits in versions 1 to 9), then 11 bits for each pair before the code.
        let start = 4 + 9 + 11 * (before / 2);
        let mut flips = Vec::with_capacity(count);
        let mut differs = Modules([0; WORDS]);
        for bit in (start..start + count).rev() {
            let mut flipped = data.clone();
            *flipped.get_mut(bit / 8).context("a code beyond its symbol")? ^= 0x80 >> (bit % 8);
            let pattern = symbol(version, &flipped, mask)?.xor(&first);
            differs = differs.or(&pattern);
            flips.push(pattern);
        }
        Ok(Plate {
            width,
            first,
            first_bits,
            flips,
            differs,
            shared_pair,
        })
    }

    /// Modules in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// What is dark in every code of the pad.
    pub fn shared_runs(&self) -> impl Iterator<Item = Run> + '_ {
        self.first.and(&self.differs.not()).into_runs(self.width)
    }

    /// What is dark in this slip's code, beside the shared.
    pub fn own_runs(&self, code: &SlipCode) -> impl Iterator<Item = Run> + use<> {
        self.modules(code).and(&self.differs).into_runs(self.width)
    }

    /// The whole symbol of a slip.
    pub fn symbol(&self, code: &SlipCode) -> Symbol {
        let modules = self.modules(code);
        let dark = (0..self.width * self.width).map(|at| {
            let (y, x) = (at / self.width, at % self.width);
            modules.holds(x * self.width + y)
        });
        Symbol::from_modules(self.width, dark.collect())
    }

    fn modules(&self, code: &SlipCode) -> Modules {
        let mut changed = code_bits(code, self.shared_pair).0 ^ self.first_bits;
        let mut modules = self.first;
        while changed != 0 {
            if let Some(flip) = self.flips.get(changed.trailing_zeros() as usize) {
                modules = modules.xor(flip);
            }
            changed &= changed - 1;
        }
        modules
    }
}

/// The code's characters as alphanumeric data (ISO/IEC 18004, 7.4.4): 11 bits a pair, 6 for one left over. With the
/// character before it if they share a pair. Hands back the bits and how many they are.
fn code_bits(code: &SlipCode, shared_pair: Option<u8>) -> (u128, usize) {
    let compact = code.compact();
    let characters: Vec<u8> = shared_pair.into_iter().chain(compact.bytes()).collect();
    characters
        .chunks(2)
        .fold((0, 0), |(bits, count), pair| match *pair {
            [first, second] => (bits << 11 | (value(first) * 45 + value(second)), count + 11),
            [only] => (bits << 6 | value(only), count + 6),
            _ => (bits, count),
        })
}

/// A character's value in alphanumeric mode (ISO/IEC 18004, table 5).
fn value(character: u8) -> u128 {
    const ORDER: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    ORDER
        .iter()
        .position(|known| *known == character)
        .unwrap_or_default() as u128
}

/// The mask the encoder finds best for this symbol.
fn best_mask(version: Version, data: &[u8]) -> anyhow::Result<MaskPattern> {
    let best = canvas(version, data)?.apply_best_mask().into_colors();
    let masked = |mask: &MaskPattern| -> anyhow::Result<bool> {
        let mut canvas = canvas(version, data)?;
        canvas.apply_mask(*mask);
        Ok(canvas.into_colors() == best)
    };
    for mask in MASKS {
        if masked(&mask)? {
            return Ok(mask);
        }
    }
    anyhow::bail!("the encoder used a mask of its own")
}

fn canvas(version: Version, data: &[u8]) -> anyhow::Result<Canvas> {
    let (codewords, correction) =
        ec::construct_codewords(data, version, EcLevel::Q).context("error correction")?;
    let mut canvas = Canvas::new(version, EcLevel::Q);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&codewords, &correction);
    Ok(canvas)
}

fn symbol(version: Version, data: &[u8], mask: MaskPattern) -> anyhow::Result<Modules> {
    let mut canvas = canvas(version, data)?;
    canvas.apply_mask(mask);
    let width = usize::try_from(version.width())?;
    ensure!(
        width <= qr::WIDEST,
        "a symbol of {width} modules is too wide for a slip"
    );
    let mut modules = Modules([0; WORDS]);
    for (at, colour) in canvas.into_colors().into_iter().enumerate() {
        let (y, x) = (at / width, at % width);
        if colour == Color::Dark
            && let Some(word) = modules.0.get_mut((x * width + y) / 64)
        {
            *word |= 1 << ((x * width + y) % 64);
        }
    }
    Ok(modules)
}

impl Modules {
    fn zip(&self, other: &Self, with: impl Fn(u64, u64) -> u64) -> Self {
        let mut result = *self;
        result
            .0
            .iter_mut()
            .zip(other.0)
            .for_each(|(word, other)| *word = with(*word, other));
        result
    }

    fn xor(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a ^ b)
    }

    fn or(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    fn and(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    fn not(&self) -> Self {
        Modules(self.0.map(|word| !word))
    }

    fn holds(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    fn into_runs(self, width: usize) -> impl Iterator<Item = Run> {
        let mut at = 0;
        std::iter::from_fn(move || {
            while at < width * width && !self.holds(at) {
                at += 1;
            }
            if at >= width * width {
                return None;
            }
            let (x, y) = (at / width, at % width);
            let end = (x + 1) * width;
            let start = at;
            while at < end && self.holds(at) {
                at += 1;
            }
            Some((x, y, at - start))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hosts of even and of odd length, and of three versions.
    const HOSTS: [&str; 4] = [
        "https://pad.example.org",
        "https://pads.example.org/",
        "https://a.uk",
        "https://talking-therapies-pads.northern-general-hospital.example.nhs.uk",
    ];

    fn codes() -> impl Iterator<Item = SlipCode> {
        (0..300u64).map(|n| SlipCode::from_bits(n.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    #[test]
    fn the_sum_of_the_flips_is_the_encoders_own_symbol() {
        for host in HOSTS {
            let plate = Plate::new(host).unwrap();
            let (version, first) = qr::encode(&qr::slip_address(host, "000000000000")).unwrap();
            let mask = best_mask(version, &first).unwrap();
            for code in codes() {
                let (_, data) = qr::encode(&qr::slip_address(host, &code.compact())).unwrap();
                assert_eq!(
                    plate.modules(&code),
                    symbol(version, &data, mask).unwrap(),
                    "{host} {code}"
                );
            }
        }
    }

    #[test]
    fn shared_and_own_runs_are_the_whole_symbol() {
        for host in HOSTS {
            let plate = Plate::new(host).unwrap();
            for code in codes().take(40) {
                let symbol = plate.symbol(&code);
                let mut dark = vec![0; plate.width * plate.width];
                for (x, y, length) in plate.shared_runs().chain(plate.own_runs(&code)) {
                    (y..y + length).for_each(|y| dark[y * plate.width + x] += 1);
                }
                for (at, times) in dark.into_iter().enumerate() {
                    let (x, y) = (at % plate.width, at / plate.width);
                    assert_eq!(times == 1, symbol.is_dark(x as isize, y as isize));
                    assert!(times <= 1);
                }
            }
        }
    }

    #[test]
    fn most_of_a_usual_code_is_shared() {
        let plate = Plate::new(HOSTS[0]).unwrap();
        let differs: u32 = plate.differs.0.iter().map(|word| word.count_ones()).sum();
        assert!(differs < 29 * 29 / 2, "{differs} modules differ");
    }
}

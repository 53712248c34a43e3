//! Slips that went through pockets, cheap printers and hasty cameras are still read by readers that are not ours:
//! every template that is shipped, at two resolutions, turned by odd steps all round.

use super::picture::{Crease, Picture};
use super::reader::{CutOut, Look, PROGRAMS, cut_out, sheets, through_jpeg, unread};
use super::{a6, address, templates};
use crate::support::budget::budget;
use crate::support::tools::there_are;
use std::fmt;
use std::path::Path;

/// From look to look a slip is turned by this much. It shares no factor with 360, so that the looks come round to
/// every whole degree.
const STEP: usize = 23;

/// The blur of a lens in focus, in millimetres on the paper: about a pixel of a video 1,280 pixels wide that shows a
/// whole slip. Only what is saved as JPEG needs it. Edges sharper than any lens draws ring when they are compressed,
/// and zbar then misses some slips that lie diagonally, even at quality 75.
const LENS: f32 = 0.15;

/// What happens to a slip, or to the picture of it, and how strongly.
#[derive(Clone, Copy, Debug)]
pub enum Damage {
    /// Nothing: it is only turned.
    Turned,
    /// Standard deviation of the blur in millimetres on the paper.
    Blurred(f32),
    /// The share of contrast that is left.
    Faded(f32),
    /// Width of the bare line in millimetres.
    Creased(f32),
    /// Quality of the JPEG, of 100.
    Jpeg(u32),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let strength = self.strength();
        match self {
            Damage::Turned => f.write_str("undamaged"),
            Damage::Blurred(_) => write!(f, "blurred by {strength}"),
            Damage::Faded(_) => write!(f, "faded to {strength}"),
            Damage::Creased(_) => write!(f, "creased {strength} broad"),
            Damage::Jpeg(_) => write!(f, "JPEG of quality {strength}"),
        }
    }
}

impl Damage {
    /// How strong it is, with its unit.
    pub fn strength(self) -> String {
        match self {
            Damage::Turned => String::new(),
            Damage::Blurred(deviation) => format!("{deviation:.2} mm"),
            Damage::Faded(contrast) => format!("{:.0} %", contrast * 100.0),
            Damage::Creased(width) => format!("{width:.1} mm"),
            Damage::Jpeg(quality) => quality.to_string(),
        }
    }

    /// What is left of a slip that lies straight.
    fn done_to(self, slip: &CutOut) -> Picture {
        match self {
            Damage::Turned => slip.picture.clone(),
            Damage::Blurred(deviation) => slip.picture.blurred(deviation),
            Damage::Faded(contrast) => slip.picture.faded(contrast),
            Damage::Creased(width) => slip.picture.creased(Crease {
                through: slip.middle,
                // No hand folds quite level, and paper that was flattened again lies half a millimetre off.
                degrees: (slip.serial * 5 % 13) as f32 - 6.0,
                width,
                slide: 0.5,
            }),
            Damage::Jpeg(_) => slip.picture.blurred(LENS),
        }
    }

    /// What a camera keeps of it, turned.
    fn seen(self, paper: &Picture, degrees: usize, folder: &Path) -> Picture {
        let turned = paper.turned(degrees as f32);
        match self {
            Damage::Turned | Damage::Blurred(_) | Damage::Faded(_) | Damage::Creased(_) => turned,
            Damage::Jpeg(quality) => through_jpeg(&turned, quality, folder),
        }
    }

    /// Looks so many times at a sheet's slips. From look to look another slip lies at another angle, and a slip does
    /// not meet the same angles at every turn of the sheet. A look in vain is repeated a degree further on, because
    /// no hand holds still: a camera that finds nothing at once looks thirty times a second.
    pub fn missed(self, template: &str, slips: &[CutOut], looks: usize, folder: &Path) -> Missed {
        let papers: Vec<Picture> = slips.iter().map(|slip| self.done_to(slip)).collect();
        let look = |number: usize, nudge: usize| {
            let chosen = (number + number / slips.len()) % slips.len();
            let (slip, degrees) = (&slips[chosen], number * STEP % 360 + nudge);
            let dpi = slip.picture.dpi;
            Look {
                called: format!(
                    "{template}, {self}, {dpi} dpi, {degrees} degrees, slip {}",
                    slip.serial
                ),
                says: slip.url.clone(),
                picture: self.seen(&papers[chosen], degrees, folder),
            }
        };
        let at_first = unread((0..looks).map(|number| look(number, 0)), folder);
        let again = at_first.iter().map(|(number, _)| look(*number, 1));
        let twice = unread(again, folder).into_iter().map(|(_, said)| said).collect();
        let at_first = at_first.into_iter().map(|(_, said)| said).collect();
        Missed { at_first, twice }
    }
}

/// What was looked at in vain.
pub struct Missed {
    /// At the first look.
    pub at_first: Vec<String>,
    /// At the second look too.
    pub twice: Vec<String>,
}

/// Looks at the slips of every template, and insists that each is read, at the second look at the latest.
fn every_slip_is_read(damage: Damage, looks: usize) {
    if !there_are(&PROGRAMS) {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    for template in templates() {
        for dpi in [150, 300] {
            let slips = cut_out(&template, dpi, folder.path());
            let looks = looks.max(slips.len());
            let missed = damage.missed(&template.name, &slips, looks, folder.path());
            assert!(missed.twice.is_empty(), "{}", missed.twice.join("\n"));
            // zbar misses one good code in some hundreds. Two in two dozen are no accident.
            assert!(
                missed.at_first.len() <= 1 + looks / 90,
                "of {looks} looks in vain at first:\n{}",
                missed.at_first.join("\n")
            );
        }
    }
}

/// Resolutions, and how many slips are looked at.
const ALL: &[(u32, u32)] = &[(100, 10), (150, 10), (300, 10)];

#[test]
fn independent_readers_decode_every_slip_at_every_resolution() {
    if !there_are(&PROGRAMS) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for template in templates() {
        for sample in [false, true] {
            // The coarsest is the hardest to read, and a sheet at 300 dots an inch takes as long as nine of it: that
            // one is looked at where the overprint lies across it, and with fewer slips.
            let looked_at = match sample {
                false => budget(&[(100, 10), (150, 10)][..], ALL),
                true => budget(&[(100, 10), (300, 4)][..], ALL),
            };
            for (dpi, count) in looked_at.iter().copied() {
                let (minted, mut read) = sheets(&template, count, sample, dpi, folder.path());
                for slip in &minted {
                    let found = read.iter().position(|text| *text == address(slip));
                    let at = found.unwrap_or_else(|| {
                        panic!(
                            "{} at {dpi} dpi, sample {sample}: slip {}",
                            template.name, slip.serial
                        )
                    });
                    read.swap_remove(at);
                }
                assert!(
                    read.is_empty(),
                    "{} at {dpi} dpi also says {read:?}",
                    template.name
                );
            }
        }
    }
}

#[test]
fn a_slip_is_read_at_every_angle() {
    every_slip_is_read(Damage::Turned, budget(32, 90));
}

/// A telephone held nearer than it can focus: strokes of 12 point type, 0.4 mm broad, run together, and a module of
/// the code, a little under a millimetre, is as broad as the blur.
#[test]
fn a_slip_out_of_focus_is_read() {
    every_slip_is_read(Damage::Blurred(0.25), budget(12, 24));
}

/// The last pages of a toner cartridge, or a month in the sun.
#[test]
fn a_slip_faded_to_two_fifths_is_read() {
    every_slip_is_read(Damage::Faded(0.4), budget(12, 24));
}

/// The code is kept clear of the fold that is expected. This is the other one: folded through the code's middle,
/// carried about until the toner has come off a millimetre broad, a whole row of modules and more.
#[test]
fn a_slip_creased_across_its_code_is_read() {
    every_slip_is_read(Damage::Creased(1.0), budget(12, 24));
}

/// Photographed and sent on by something miserly. The manual of cjpeg calls 50 to 95 usual; at 30 the blocks show.
#[test]
fn a_slip_sent_as_a_poor_jpeg_is_read() {
    every_slip_is_read(Damage::Jpeg(30), budget(12, 24));
}

#[test]
fn what_cannot_be_read_is_named() {
    if !there_are(&PROGRAMS) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let slips = cut_out(&a6(), 150, folder.path());
    let missed = Damage::Blurred(1.5).missed("a6", &slips, 3, folder.path());
    let named = |degrees: usize, slip: usize| {
        format!("a6, blurred by 1.50 mm, 150 dpi, {degrees} degrees, slip {slip}: []")
    };
    assert_eq!(missed.at_first, [named(0, 1), named(23, 2), named(46, 3)]);
    assert_eq!(missed.twice, [named(1, 1), named(24, 2), named(47, 3)]);
}

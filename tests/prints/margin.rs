//! How much more damage than the tests ask for each template bears. Measures for some minutes and prints the table
//! of docs/prints.md, which says how to run it.

use super::damage::Damage;
use super::reader::{PROGRAMS, cut_out};
use super::templates;
use crate::support::tools::there_are;

/// Looks at each strength of a damage.
const LOOKS: usize = 24;

/// Each damage from harmless to hopeless.
fn ladders() -> [Vec<Damage>; 4] {
    let fading = [40, 30, 25, 20, 15, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1];
    let qualities = [90, 75, 60, 50, 40, 35, 30, 25, 20, 15, 10, 5];
    [
        (2..=20).map(|step| Damage::Blurred(step as f32 * 0.05)).collect(),
        fading.map(|percent| Damage::Faded(percent as f32 / 100.0)).into(),
        (1..=16).map(|step| Damage::Creased(step as f32 * 0.5)).collect(),
        qualities.map(Damage::Jpeg).into(),
    ]
}

#[test]
#[ignore = "measures for minutes; docs/prints.md says how"]
fn the_margin_of_every_template() {
    assert!(there_are(&PROGRAMS));
    let folder = tempfile::tempdir().unwrap();
    println!("| template | module | dpi | blur | fading | crease | JPEG | whole turn |");
    println!("|---|---|---|---|---|---|---|---|");
    for template in templates() {
        for dpi in [150, 300] {
            let slips = cut_out(&template, dpi, folder.path());
            let module = slips[0].module;
            let mut row = format!("| `{}` | {module:.2} mm | {dpi} |", template.name);
            for ladder in ladders() {
                let read = |damage: &&Damage| {
                    let missed = damage.missed(&template.name, &slips, LOOKS, folder.path());
                    missed.twice.is_empty()
                };
                let borne = ladder.iter().take_while(read).last();
                row += &format!(" {} |", borne.map_or("none".into(), |damage| damage.strength()));
            }
            let turned = Damage::Turned.missed(&template.name, &slips, 360, folder.path());
            println!("{row} {}, {} |", turned.at_first.len(), turned.twice.len());
        }
    }
}

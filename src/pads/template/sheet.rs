//! Whether the slips of a template have room on their sheet.

use super::read::Raw;

/// The key that is wrong, and why.
pub(super) fn fits_sheet(raw: &Raw) -> Result<(), (&'static str, String)> {
    let (slip, page) = (&raw.slip, &raw.page);
    if slip.columns == 0 || slip.rows == 0 {
        return Err(("columns", "a page carries at least one slip".to_string()));
    }
    // A hundredth of a millimetre is rounding.
    if slip.width * f32::from(slip.columns) > page.width + 0.01 {
        return Err((
            "width",
            format!(
                "{} slips of {} mm are wider than the page",
                slip.columns, slip.width
            ),
        ));
    }
    if slip.height * f32::from(slip.rows) > page.height + 0.01 {
        return Err((
            "height",
            format!(
                "{} slips of {} mm are higher than the page",
                slip.rows, slip.height
            ),
        ));
    }
    if page.bleed > 0.0 {
        // The marks stand outside the bleed and are 5 mm long.
        let needed = |side: f32| side + 2.0 * (page.bleed + 5.0) - 0.01;
        if slip.columns != 1
            || slip.rows != 1
            || page.width < needed(slip.width)
            || page.height < needed(slip.height)
        {
            let told =
                "a slip with bleed stands alone on its page, with the bleed and 5 mm for marks around it";
            return Err(("columns", told.to_string()));
        }
    }
    Ok(())
}

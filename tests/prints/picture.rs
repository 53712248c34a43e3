//! A grey picture of paper, and what happens to paper: turning, blur, fading, a crease. Lengths are millimetres on
//! the paper, so that a damage is equally strong at every resolution. Reads and writes PGM; knows no slip.

/// Millimetres in an inch.
const INCH: f32 = 25.4;

/// The ground a slip lies on, and paper whose toner has cracked off.
const PAPER: u8 = 255;

/// Black is 0, white is 255.
#[derive(Clone, PartialEq, Debug)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub grey: Vec<u8>,
    pub dpi: f32,
}

/// A fold that was pressed flat again: toner has cracked off along a line, and the two halves lie a little askew.
#[derive(Clone, Copy, Debug)]
pub struct Crease {
    /// A point the line runs through, in millimetres from the picture's top left corner.
    pub through: (f32, f32),
    /// How far the line leans from the horizontal.
    pub degrees: f32,
    /// How broad a line is bare.
    pub width: f32,
    /// How far one half has slid along the other.
    pub slide: f32,
}

impl Picture {
    /// Reads a binary PGM as `pdftoppm -gray` and `djpeg` write it.
    pub fn from_pgm(bytes: &[u8], dpi: f32) -> Self {
        let (mut words, mut at) = (Vec::new(), 0);
        while words.len() < 4 {
            let rest = &bytes[at..];
            let length = rest.iter().position(u8::is_ascii_whitespace).expect("a header");
            words.push(std::str::from_utf8(&rest[..length]).expect("a header in ASCII"));
            at += length + 1;
        }
        assert!(words[0] == "P5" && words[3] == "255", "a grey picture: {words:?}");
        let size = |word: &str| word.parse::<usize>().expect("a size");
        let (width, height) = (size(words[1]), size(words[2]));
        let grey = bytes[at..].to_vec();
        assert_eq!(grey.len(), width * height);
        Picture {
            width,
            height,
            grey,
            dpi,
        }
    }

    /// A picture whose every pixel is asked for.
    pub fn painted(width: usize, height: usize, dpi: f32, mut paint: impl FnMut(usize, usize) -> u8) -> Self {
        let mut grey = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                grey.push(paint(x, y));
            }
        }
        Picture {
            width,
            height,
            grey,
            dpi,
        }
    }

    /// As a binary PGM.
    pub fn to_pgm(&self) -> Vec<u8> {
        let mut bytes = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        bytes.extend_from_slice(&self.grey);
        bytes
    }

    /// A rectangle of it, by left, top, width and height in millimetres.
    pub fn cut(&self, area: [f32; 4]) -> Self {
        let [left, top, width, height] = area.map(|mm| self.pixels(mm).round().max(0.0) as usize);
        let width = width.min(self.width - left);
        let height = height.min(self.height - top);
        let rows = self.grey.chunks(self.width).skip(top).take(height);
        Picture {
            width,
            height,
            grey: rows.flat_map(|row| &row[left..left + width]).copied().collect(),
            dpi: self.dpi,
        }
    }

    /// Turned clockwise about its middle, on a ground just large enough.
    pub fn turned(&self, degrees: f32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (w, h) = (self.width as f32, self.height as f32);
        // A whisker less than the exact size, so that a quarter turn, whose cosine is not quite 0, adds no pixel.
        let extent = |along: f32| (along - 0.001).ceil() as usize;
        let width = extent(w * cos.abs() + h * sin.abs());
        let height = extent(w * sin.abs() + h * cos.abs());
        let middle = |size: usize| (size as f32 - 1.0) / 2.0;
        let (from_x, from_y) = (middle(self.width), middle(self.height));
        let (to_x, to_y) = (middle(width), middle(height));
        Picture::painted(width, height, self.dpi, |x, y| {
            let (dx, dy) = (x as f32 - to_x, y as f32 - to_y);
            self.between(from_x + dx * cos + dy * sin, from_y - dx * sin + dy * cos)
        })
    }

    /// Out of focus: a Gaussian whose standard deviation is this many millimetres.
    pub fn blurred(&self, deviation: f32) -> Self {
        let deviation = self.pixels(deviation);
        let reach = (deviation * 3.0).ceil() as usize;
        let bell = |offset: usize| (-0.5 * ((offset as f32 - reach as f32) / deviation).powi(2)).exp();
        let weights: Vec<f32> = (0..=2 * reach).map(bell).collect();
        let total: f32 = weights.iter().sum();
        // In whole numbers, because tests are built without optimisation.
        let weights: Vec<u32> = weights
            .iter()
            .map(|w| (w / total * 65_536.0).round() as u32)
            .collect();
        self.smeared_and_transposed(&weights)
            .smeared_and_transposed(&weights)
    }

    /// Each row smeared, and rows made columns; done twice it is back upright.
    fn smeared_and_transposed(&self, weights: &[u32]) -> Self {
        let reach = weights.len() / 2;
        let mut grey = vec![PAPER; self.grey.len()];
        for (y, row) in self.grey.chunks(self.width).enumerate() {
            let border = std::iter::repeat_n(PAPER, reach);
            let padded: Vec<u8> = border.clone().chain(row.iter().copied()).chain(border).collect();
            for (x, window) in padded.windows(weights.len()).enumerate() {
                let sum: u32 = window
                    .iter()
                    .zip(weights)
                    .map(|(grey, weight)| u32::from(*grey) * weight)
                    .sum();
                grey[x * self.height + y] = ((sum + 32_768) >> 16).min(255) as u8;
            }
        }
        Picture {
            width: self.height,
            height: self.width,
            grey,
            dpi: self.dpi,
        }
    }

    /// Worn or printed with little toner: black keeps this share of its distance to white.
    pub fn faded(&self, contrast: f32) -> Self {
        let fade = |grey: u8| (255.0 - contrast * f32::from(255 - grey)).round() as u8;
        let table: Vec<u8> = (0..=255).map(fade).collect();
        let mut faded = self.clone();
        faded
            .grey
            .iter_mut()
            .for_each(|grey| *grey = table[usize::from(*grey)]);
        faded
    }

    /// Folded and flattened again.
    pub fn creased(&self, crease: Crease) -> Self {
        let (sin, cos) = crease.degrees.to_radians().sin_cos();
        let (px, py) = (self.pixels(crease.through.0), self.pixels(crease.through.1));
        let (half, slide) = (self.pixels(crease.width) / 2.0, self.pixels(crease.slide));
        Picture::painted(self.width, self.height, self.dpi, |x, y| {
            let (x, y) = (x as f32, y as f32);
            let across = (y - py) * cos - (x - px) * sin;
            if across.abs() < half {
                PAPER
            } else if across > 0.0 {
                self.between(x + slide * cos, y + slide * sin)
            } else {
                self.between(x, y)
            }
        })
    }

    fn pixels(&self, mm: f32) -> f32 {
        mm * self.dpi / INCH
    }

    /// The grey at a place between pixels (bilinear); the ground beyond the edges.
    fn between(&self, x: f32, y: f32) -> u8 {
        let (x, y) = ((x * 256.0).round() as i32, (y * 256.0).round() as i32);
        let (column, row) = (x >> 8, y >> 8);
        let (right, low) = (x & 255, y & 255);
        let upper = self.at(column, row) * (256 - right) + self.at(column + 1, row) * right;
        let lower = self.at(column, row + 1) * (256 - right) + self.at(column + 1, row + 1) * right;
        ((upper * (256 - low) + lower * low + 32_768) >> 16) as u8
    }

    fn at(&self, column: i32, row: i32) -> i32 {
        if column < 0 || row < 0 || column as usize >= self.width || row as usize >= self.height {
            return i32::from(PAPER);
        }
        i32::from(self.grey[row as usize * self.width + column as usize])
    }
}

/// A dark bar left of the middle on a white ground, 100 pixels to the inch.
fn bar() -> Picture {
    Picture::painted(40, 30, 100.0, |x, y| {
        if (8..16).contains(&x) && (5..25).contains(&y) {
            0
        } else {
            255
        }
    })
}

#[test]
fn four_quarter_turns_lead_back() {
    let quarter = bar().turned(90.0);
    assert_eq!((quarter.width, quarter.height), (30, 40));
    assert_ne!(quarter, bar().turned(270.0));
    assert_eq!(quarter.turned(90.0), bar().turned(180.0));
    assert_eq!(quarter.turned(90.0).turned(90.0).turned(90.0), bar());
    let ink = |picture: &Picture| {
        picture
            .grey
            .iter()
            .map(|grey| u64::from(255 - *grey))
            .sum::<u64>()
            / 255
    };
    assert!(ink(&bar().turned(23.0)).abs_diff(ink(&bar())) <= 2);
}

#[test]
fn a_file_read_again_is_the_same_picture() {
    assert_eq!(Picture::from_pgm(&bar().to_pgm(), 100.0), bar());
    let cut = bar().cut([8.0 * 0.254, 5.0 * 0.254, 8.0 * 0.254, 20.0 * 0.254]);
    assert_eq!((cut.width, cut.height, cut.grey.iter().max()), (8, 20, Some(&0)));
}

#[test]
fn fading_leaves_the_paper_white() {
    let faded = bar().faded(0.4);
    assert_eq!(faded.grey.iter().min(), Some(&153));
    assert_eq!(faded.grey.iter().max(), Some(&255));
}

#[test]
fn blur_is_as_wide_as_it_says_and_keeps_the_ink() {
    // An edge blurred by s millimetres rises from 16 to 84 per cent within 2 s.
    let edge = Picture::painted(200, 3, 254.0, |x, _| if x < 100 { 0 } else { 255 });
    let padded = Picture::painted(200, 99, 254.0, |x, _| edge.grey[x]);
    let row = &padded.blurred(1.0).grey[49 * 200..50 * 200];
    let rise = row.iter().filter(|grey| (41..214).contains(*grey)).count();
    assert!(
        (19..=21).contains(&(rise - row[..50].iter().filter(|g| (41..214).contains(*g)).count())),
        "{rise}"
    );
}

#[test]
fn a_crease_bares_a_line_and_shifts_one_half() {
    let crease = Crease {
        through: (0.0, 15.0 * 0.254),
        degrees: 0.0,
        width: 1.0,
        slide: 0.508,
    };
    let creased = bar().creased(crease);
    let row = |y: usize| &creased.grey[y * 40..(y + 1) * 40];
    assert!(row(15).iter().all(|grey| *grey == 255));
    assert_eq!(row(8), &bar().grey[8 * 40..9 * 40]);
    assert_eq!(row(22).iter().position(|grey| *grey == 0), Some(6));
}

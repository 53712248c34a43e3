//! A PDF file as it grows: streams go straight to where it is written, small objects are packed into object streams
//! (ISO 32000-1, 7.5.7), which makes the structure tree of a thousand slips small. Only the places of objects are
//! kept, so that a file of ten thousand slips takes little more memory than one. Knows no slip.

use anyhow::{Context, ensure};
use flate2::{Compress, Compression, FlushCompress, Status};
use pdf_writer::{Chunk, Name, Obj, Ref, Settings, Stream};
use std::io::Write;

/// Objects in one object stream: enough to compress well, few enough that a reader unpacks little at a time.
const PACKED: usize = 500;

/// Where an object stands.
#[derive(Clone, Copy)]
enum Place {
    /// Not written yet.
    Free,
    /// At this byte of the file.
    At(u32),
    /// In the object stream of that number, at that position.
    In(u32, u16),
}

/// Objects that wait to be packed together.
type Waiting = Vec<(Ref, Vec<u8>)>;

/// The places of the two kinds in [`PdfFile::waiting`].
const SHOWN: usize = 0;
const TOLD: usize = 1;

/// A file that grows object by object.
pub struct PdfFile<W> {
    out: W,
    written: usize,
    places: Vec<Place>,
    /// Objects that wait to be packed: what a reader needs to show pages, and what it needs only to tell them.
    waiting: [Waiting; 2],
    deflate: Compress,
}

impl<W: Write> PdfFile<W> {
    /// An empty file of version 1.7.
    pub fn start(out: W) -> anyhow::Result<Self> {
        let mut file = PdfFile {
            out,
            written: 0,
            places: vec![Place::Free],
            waiting: [Vec::new(), Vec::new()],
            deflate: Compress::new(Compression::best(), true),
        };
        // The second line tells transfer programs that the file is binary (ISO 32000-1, 7.5.2).
        file.put(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")?;
        Ok(file)
    }

    fn put(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.out.write_all(bytes)?;
        self.written += bytes.len();
        Ok(())
    }

    /// A number for an object that is written later.
    pub fn reserve(&mut self) -> Ref {
        self.places.push(Place::Free);
        Ref::new(self.places.len() as i32 - 1)
    }

    /// Writes a small object, to be packed with others.
    pub fn object(&mut self, id: Ref, write: impl FnOnce(Obj<'_>)) -> anyhow::Result<()> {
        self.wait(SHOWN, id, write)
    }

    /// Writes a small object of the structure tree. These are many, and are packed apart, so that a reader that shows
    /// pages need not unpack them.
    pub fn told(&mut self, id: Ref, write: impl FnOnce(Obj<'_>)) -> anyhow::Result<()> {
        self.wait(TOLD, id, write)
    }

    fn wait(&mut self, kind: usize, id: Ref, write: impl FnOnce(Obj<'_>)) -> anyhow::Result<()> {
        let mut chunk = Chunk::with_settings(Settings { pretty: false });
        write(chunk.indirect(id));
        let body = body_of(chunk.as_bytes()).context("an object without its frame")?;
        let waiting = self.waiting.get_mut(kind).context("a kind of object")?;
        waiting.push((id, body.to_vec()));
        match waiting.len() >= PACKED {
            true => self.pack(kind),
            false => Ok(()),
        }
    }

    /// Writes a compressed stream; `describe` adds to its dictionary.
    pub fn stream(
        &mut self,
        id: Ref,
        data: &[u8],
        describe: impl FnOnce(&mut Stream<'_>),
    ) -> anyhow::Result<()> {
        let packed = self.deflated(data)?;
        let mut chunk = Chunk::with_settings(Settings { pretty: false });
        let mut stream = chunk.stream(id, &packed);
        stream.filter(pdf_writer::Filter::FlateDecode);
        describe(&mut stream);
        drop(stream);
        let offset = u32::try_from(self.written).context("a PDF above four gigabytes")?;
        self.place(id, Place::At(offset));
        self.put(chunk.as_bytes())
    }

    /// Writes what still waits, the cross-reference stream and the trailer, and hands back where it was written to.
    /// `id` is the file's identity, the same for the same content.
    pub fn finish(mut self, catalogue: Ref, info: Ref, id: &[u8; 16]) -> anyhow::Result<W> {
        self.pack(SHOWN)?;
        self.pack(TOLD)?;
        let xref = self.reserve();
        let start = self.written;
        self.place(
            xref,
            Place::At(u32::try_from(start).context("a PDF above four gigabytes")?),
        );
        let table = cross_references(&self.places);
        let size = i32::try_from(self.places.len())?;
        self.stream(xref, &table, |stream| {
            stream
                .pair(Name(b"Type"), Name(b"XRef"))
                .pair(Name(b"Size"), size);
            stream.pair(Name(b"Root"), catalogue).pair(Name(b"Info"), info);
            stream.insert(Name(b"W")).array().items([1, 4, 2]);
            stream
                .insert(Name(b"DecodeParms"))
                .dict()
                .pair(Name(b"Predictor"), 12)
                .pair(Name(b"Columns"), ROW as i32);
            stream
                .insert(Name(b"ID"))
                .array()
                .items([pdf_writer::Str(id), pdf_writer::Str(id)]);
        })?;
        self.put(format!("startxref\n{start}\n%%EOF\n").as_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }

    /// Deflated with a zlib header. The compressor's memory is used again for every stream.
    fn deflated(&mut self, data: &[u8]) -> anyhow::Result<Vec<u8>> {
        self.deflate.reset();
        let mut packed = Vec::with_capacity(data.len() / 2 + 64);
        loop {
            let taken = usize::try_from(self.deflate.total_in())?;
            let rest = data.get(taken..).unwrap_or_default();
            match self
                .deflate
                .compress_vec(rest, &mut packed, FlushCompress::Finish)?
            {
                Status::StreamEnd => return Ok(packed),
                Status::Ok | Status::BufError => packed.reserve(data.len() / 4 + 64),
            }
        }
    }

    fn place(&mut self, id: Ref, place: Place) {
        if let Some(slot) = usize::try_from(id.get())
            .ok()
            .and_then(|at| self.places.get_mut(at))
        {
            *slot = place;
        }
    }

    /// Packs the waiting objects of a kind into one object stream.
    fn pack(&mut self, kind: usize) -> anyhow::Result<()> {
        let waiting = self.waiting.get_mut(kind).map(std::mem::take).unwrap_or_default();
        if waiting.is_empty() {
            return Ok(());
        }
        let stream_id = self.reserve();
        let (mut index, mut bodies) = (String::new(), Vec::new());
        for (position, (id, body)) in waiting.iter().enumerate() {
            use std::fmt::Write;
            write!(index, "{} {} ", id.get(), bodies.len())?;
            bodies.extend_from_slice(body);
            bodies.push(b'\n');
            self.place(
                *id,
                Place::In(u32::try_from(stream_id.get())?, u16::try_from(position)?),
            );
        }
        let first = i32::try_from(index.len())?;
        let count = i32::try_from(waiting.len())?;
        let data = [index.as_bytes(), &bodies].concat();
        self.stream(stream_id, &data, |stream| {
            stream
                .pair(Name(b"Type"), Name(b"ObjStm"))
                .pair(Name(b"N"), count)
                .pair(Name(b"First"), first);
        })
    }
}

/// The object between `N 0 obj` and `endobj`.
fn body_of(framed: &[u8]) -> anyhow::Result<&[u8]> {
    let start = framed
        .windows(4)
        .position(|window| window == b"obj\n")
        .context("no obj")?
        + 4;
    let end = framed
        .windows(7)
        .rposition(|window| window == b"\nendobj")
        .context("no endobj")?;
    ensure!(start <= end, "frame overlaps");
    framed.get(start..end).context("frame")
}

/// Bytes of a cross reference: its kind, a place of four bytes, a position of two.
const ROW: usize = 7;

/// The table of places, each row as its difference to the one before (PNG's filter "up"), because most places follow
/// one another: a table of ten thousand slips shrinks to a fifth.
fn cross_references(places: &[Place]) -> Vec<u8> {
    const UP: u8 = 2;
    let mut table = Vec::with_capacity(places.len() * (ROW + 1));
    let mut before = [0u8; ROW];
    for place in places {
        let (kind, wide, narrow) = match *place {
            Place::Free => (0u8, 0u32, u16::MAX),
            Place::At(offset) => (1, offset, 0),
            Place::In(stream, index) => (2, stream, index),
        };
        let ([a, b, c, d], [e, f]) = (wide.to_be_bytes(), narrow.to_be_bytes());
        let row = [kind, a, b, c, d, e, f];
        table.push(UP);
        table.extend(
            row.iter()
                .zip(before)
                .map(|(now, before)| now.wrapping_sub(before)),
        );
        before = row;
    }
    table
}

//! A PDF file as it grows: streams go straight into it, small objects are packed into object streams
//! (ISO 32000-1, 7.5.7), which makes the structure tree of a thousand slips small. Knows no slip.

use anyhow::{Context, ensure};
use flate2::{Compression, write::ZlibEncoder};
use pdf_writer::{Chunk, Name, Obj, Ref, Settings, Stream};
use std::io::Write;

/// Objects in one object stream: enough to compress well, few enough that a reader unpacks little at a time.
const PACKED: usize = 250;

/// Where an object stands.
#[derive(Clone, Copy)]
enum Place {
    /// Not written yet.
    Free,
    /// At this byte of the file.
    At(usize),
    /// In the object stream of that number, at that position.
    In(i32, u16),
}

/// A file that grows object by object.
pub struct PdfFile {
    bytes: Vec<u8>,
    places: Vec<Place>,
    waiting: Vec<(Ref, Vec<u8>)>,
}

impl Default for PdfFile {
    fn default() -> Self {
        Self::new()
    }
}

impl PdfFile {
    /// An empty file of version 1.7.
    pub fn new() -> Self {
        // The second line tells transfer programs that the file is binary (ISO 32000-1, 7.5.2).
        PdfFile {
            bytes: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(),
            places: vec![Place::Free],
            waiting: Vec::new(),
        }
    }

    /// A number for an object that is written later.
    pub fn reserve(&mut self) -> Ref {
        self.places.push(Place::Free);
        Ref::new(self.places.len() as i32 - 1)
    }

    /// Writes a small object, to be packed with others.
    pub fn object(&mut self, id: Ref, write: impl FnOnce(Obj<'_>)) -> anyhow::Result<()> {
        let mut chunk = Chunk::with_settings(Settings { pretty: false });
        write(chunk.indirect(id));
        let body = body_of(chunk.as_bytes()).context("an object without its frame")?;
        self.waiting.push((id, body.to_vec()));
        if self.waiting.len() >= PACKED {
            self.pack()
        } else {
            Ok(())
        }
    }

    /// Writes a compressed stream; `describe` adds to its dictionary.
    pub fn stream(
        &mut self,
        id: Ref,
        data: &[u8],
        describe: impl FnOnce(&mut Stream<'_>),
    ) -> anyhow::Result<()> {
        let packed = deflate(data)?;
        let mut chunk = Chunk::with_settings(Settings { pretty: false });
        let mut stream = chunk.stream(id, &packed);
        stream.filter(pdf_writer::Filter::FlateDecode);
        describe(&mut stream);
        drop(stream);
        self.place(id, Place::At(self.bytes.len()));
        self.bytes.extend_from_slice(chunk.as_bytes());
        Ok(())
    }

    /// Writes what still waits, the cross-reference stream and the trailer. `id` is the file's identity, the
    /// same for the same content.
    pub fn finish(mut self, catalogue: Ref, info: Ref, id: &[u8; 16]) -> anyhow::Result<Vec<u8>> {
        self.pack()?;
        let xref = self.reserve();
        let start = self.bytes.len();
        self.place(xref, Place::At(start));
        let mut table = Vec::with_capacity(self.places.len() * 7);
        for place in &self.places {
            let (kind, wide, narrow) = match *place {
                Place::Free => (0u8, 0u32, u16::MAX),
                Place::At(offset) => (1, u32::try_from(offset).context("a PDF above four gigabytes")?, 0),
                Place::In(stream, index) => (2, stream as u32, index),
            };
            table.push(kind);
            table.extend(wide.to_be_bytes());
            table.extend(narrow.to_be_bytes());
        }
        let size = self.places.len() as i32;
        self.stream(xref, &table, |stream| {
            stream
                .pair(Name(b"Type"), Name(b"XRef"))
                .pair(Name(b"Size"), size);
            stream.pair(Name(b"Root"), catalogue).pair(Name(b"Info"), info);
            stream.insert(Name(b"W")).array().items([1, 4, 2]);
            stream
                .insert(Name(b"ID"))
                .array()
                .items([pdf_writer::Str(id), pdf_writer::Str(id)]);
        })?;
        write!(self.bytes, "startxref\n{start}\n%%EOF\n")?;
        Ok(self.bytes)
    }

    fn place(&mut self, id: Ref, place: Place) {
        if let Some(slot) = usize::try_from(id.get())
            .ok()
            .and_then(|at| self.places.get_mut(at))
        {
            *slot = place;
        }
    }

    /// Packs the waiting objects into one object stream.
    fn pack(&mut self) -> anyhow::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let stream_id = self.reserve();
        let waiting = std::mem::take(&mut self.waiting);
        let (mut index, mut bodies) = (String::new(), Vec::new());
        for (position, (id, body)) in waiting.iter().enumerate() {
            use std::fmt::Write;
            write!(index, "{} {} ", id.get(), bodies.len())?;
            bodies.extend_from_slice(body);
            bodies.push(b'\n');
            self.place(*id, Place::In(stream_id.get(), u16::try_from(position)?));
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

/// Deflated with a zlib header.
fn deflate(data: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(data.len() / 2), Compression::default());
    encoder.write_all(data)?;
    Ok(encoder.finish()?)
}

//! What is kept for years is packed before it is sealed: deflated (RFC 1951) against a dictionary of the words that stand
//! in every record, so that a case sheet of two kilobytes becomes two hundred bytes. Sealed bytes have no pattern left
//! that a disk or a backup could squeeze out later.
//!
//! The first byte says how the rest is packed. JSON never begins with a control character, so a value that was sealed
//! before there was packing is read as it is.

use std::cell::RefCell;

use zlib_rs::{Deflate, DeflateFlush, Inflate, InflateFlush, Status};

/// The dictionary of packing 1. It is never changed, not by a letter: what stands in databases is read with it. Better
/// words need a second dictionary and a packing 2 beside this one.
static DICTIONARY_1: &[u8] = include_bytes!("dictionary_1.txt");

/// Deflated against [`DICTIONARY_1`].
const PACKING_1: u8 = 1;

/// Nothing that we seal comes near this; a value that unpacks to more is not ours.
const MOST: usize = 4 << 20;

/// Slower levels find little more in values this short.
const LEVEL: i32 = 6;
/// The window holds the dictionary and the value: 2^15 bytes.
const WINDOW_BITS: u8 = 15;

thread_local! {
    // Their tables are large; each thread makes them once.
    static DEFLATE: RefCell<Deflate> = RefCell::new(Deflate::new(LEVEL, false, WINDOW_BITS));
    static INFLATE: RefCell<Inflate> = RefCell::new(Inflate::new(false, WINDOW_BITS));
}

/// A value that is not packed as its first byte says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotPacked;

/// Packs JSON. What would not become shorter stays as it is.
pub(super) fn pack(plain: &[u8]) -> Vec<u8> {
    deflated(plain)
        .filter(|packed| packed.len() < plain.len())
        .unwrap_or_else(|| plain.to_vec())
}

/// Gives back what was packed.
pub(super) fn unpack(packed: Vec<u8>) -> Result<Vec<u8>, NotPacked> {
    match packed.split_first() {
        Some((&PACKING_1, rest)) => inflated(rest).ok_or(NotPacked),
        Some((0..=8 | 11 | 12 | 14..=31, _)) => Err(NotPacked),
        Some(_) | None => Ok(packed),
    }
}

fn deflated(plain: &[u8]) -> Option<Vec<u8>> {
    DEFLATE.with_borrow_mut(|deflate| {
        deflate.reset();
        deflate.set_dictionary(DICTIONARY_1).ok()?;
        // One byte more than the plain text holds: whatever does not fit is not worth packing.
        let mut packed = vec![0; plain.len() + 1];
        packed[0] = PACKING_1;
        let done = deflate.compress(plain, &mut packed[1..], DeflateFlush::Finish);
        if done.ok()? != Status::StreamEnd {
            return None;
        }
        packed.truncate(1 + usize::try_from(deflate.total_out()).ok()?);
        Some(packed)
    })
}

fn inflated(rest: &[u8]) -> Option<Vec<u8>> {
    INFLATE.with_borrow_mut(|inflate| {
        inflate.reset(false);
        inflate.set_dictionary(DICTIONARY_1).ok()?;
        let mut plain = Vec::new();
        loop {
            let (read, written) = (inflate.total_in(), inflate.total_out());
            let (from, to) = (usize::try_from(read).ok()?, usize::try_from(written).ok()?);
            plain.resize((to * 2).max(rest.len() * 12).clamp(256, MOST), 0);
            let status = inflate.decompress(&rest[from..], &mut plain[to..], InflateFlush::NoFlush);
            match status.ok()? {
                Status::StreamEnd => {
                    plain.truncate(usize::try_from(inflate.total_out()).ok()?);
                    return Some(plain);
                }
                // Neither read nor written: it is cut off, or larger than anything of ours.
                _ if inflate.total_in() == read && inflate.total_out() == written => return None,
                Status::Ok | Status::BufError => {}
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    use super::*;

    const ANN: &str = concat!(
        r#"{"name":"Ann Example","date_of_birth":"1980-02-29","voicemail_ok":true,"#,
        r#""text_ok":true,"write_ok":true}"#
    );

    #[test]
    fn the_dictionary_is_the_one_that_stored_values_were_packed_with() {
        let hash: String = Sha256::digest(DICTIONARY_1)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            hash,
            "fd90a48162d77602bd3b1634c8ee79898b288fe4e1b2321b3ef60cf6127d5c93"
        );
    }

    /// As zlib's own compressor writes it against the same dictionary.
    const STORED: &[u8] = &[
        0x01, 0x83, 0x2f, 0xac, 0x72, 0xcc, 0xcb, 0x53, 0x70, 0xad, 0x48, 0x04, 0x76, 0x74, 0x52, 0xb1, 0xae,
        0xb1, 0xb2, 0x30, 0xd0, 0x35, 0x30, 0xd2, 0x35, 0xb2, 0x54, 0x22, 0x63, 0xb5, 0x53, 0x2d, 0x00,
    ];

    #[test]
    fn what_another_compressor_packed_is_read() {
        let plain = unpack(STORED.to_vec()).expect("packed");
        assert_eq!(String::from_utf8(plain).expect("text"), ANN);
    }

    #[test]
    fn json_sealed_before_there_was_packing_is_read_as_it_is() {
        let plain = br#"{"name":"Ann Example"}"#.to_vec();
        assert_eq!(unpack(plain.clone()), Ok(plain));
        assert_eq!(unpack(Vec::new()), Ok(Vec::new()));
    }

    #[test]
    fn what_stands_in_every_record_takes_hardly_any_room() {
        let packed = pack(ANN.as_bytes());
        assert!(packed.len() * 2 < ANN.len(), "{} of {}", packed.len(), ANN.len());
    }

    #[test]
    fn what_was_cut_off_or_altered_or_is_endless_is_refused() {
        let packed =
            pack(br#"{"text":"Nobody acknowledged it within 15 minutes, and then somebody else did."}"#);
        for length in 1..packed.len() {
            assert_eq!(
                unpack(packed[..length].to_vec()),
                Err(NotPacked),
                "cut at {length}"
            );
        }
        assert_eq!(unpack(vec![2, 0, 0]), Err(NotPacked));
        let endless = pack(&vec![b' '; MOST + 1]);
        assert!(
            endless.len() < MOST / 100,
            "the test needs a value that was packed"
        );
        assert_eq!(unpack(endless), Err(NotPacked));
    }

    proptest! {
        #[test]
        fn what_was_packed_comes_back(plain in "[\\[{\"].{0,3000}") {
            prop_assert_eq!(unpack(pack(plain.as_bytes())), Ok(plain.into_bytes()));
        }

        #[test]
        fn nothing_that_is_unpacked_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = unpack([vec![PACKING_1], bytes].concat());
        }
    }
}

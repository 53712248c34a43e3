//! What keys seal, recognise and refuse.

use super::*;

fn ring() -> (MasterKey, Keyring) {
    let master = MasterKey::draw().expect("randomness");
    let table = Keyring::draw(&master, 1).expect("keys");
    let ring = Keyring::open_table(&master, &table).expect("the right key");
    (master, ring)
}

#[test]
fn a_sealed_value_opens_only_for_its_row_and_purpose() {
    let (_, keys) = ring();
    let (row, other) = (Id::new(), Id::new());
    let sealed = keys.seal(Purpose::Person, row, b"a name").expect("sealed");
    assert_eq!(
        keys.open(Purpose::Person, row, &sealed).expect("opened"),
        b"a name"
    );
    assert_eq!(
        keys.open(Purpose::Person, other, &sealed),
        Err(KeyError::DoesNotOpen)
    );
    assert_eq!(
        keys.open(Purpose::Cookies, row, &sealed),
        Err(KeyError::UnknownKey)
    );
}

#[test]
fn any_altered_byte_is_noticed() {
    let (_, keys) = ring();
    let row = Id::new();
    let sealed = keys.seal(Purpose::Person, row, b"x").expect("sealed");
    for place in 0..sealed.0.len() {
        let mut altered = sealed.clone();
        altered.0[place] ^= 1;
        assert!(keys.open(Purpose::Person, row, &altered).is_err(), "byte {place}");
    }
    for length in 0..sealed.0.len() {
        let cut = Sealed(sealed.0[..length].to_vec());
        assert!(keys.open(Purpose::Person, row, &cut).is_err(), "length {length}");
    }
}

#[test]
fn a_wrong_secret_is_refused_and_a_new_one_changes_nothing_sealed() {
    let (master, keys) = ring();
    let row = Id::new();
    let sealed = keys.seal(Purpose::Person, row, b"still here").expect("sealed");
    let printed = keys.mac(Purpose::Codes, &[b"slip"]).expect("mac");
    let next = MasterKey::draw().expect("randomness");
    let table = keys.rewrap(&next).expect("rewrapped");
    assert_eq!(
        Keyring::open_table(&master, &table).err(),
        Some(KeyError::WrongSecret)
    );
    let again = Keyring::open_table(&next, &table).expect("the new key");
    assert_eq!(
        again.open(Purpose::Person, row, &sealed).expect("opened"),
        b"still here"
    );
    assert_eq!(again.mac(Purpose::Codes, &[b"slip"]).expect("mac"), printed);
}

#[test]
fn hashed_parts_do_not_run_together() {
    let (_, keys) = ring();
    let one = keys.mac(Purpose::Search, &[b"ab", b"c"]).expect("mac");
    let two = keys.mac(Purpose::Search, &[b"a", b"bc"]).expect("mac");
    assert_ne!(one, two);
}

#[test]
fn a_weak_or_short_secret_is_refused() {
    assert!(MasterKey::parse("").is_err());
    assert!(MasterKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").is_err());
    assert!(MasterKey::parse("c2hvcnQ=").is_err());
    let drawn = MasterKey::draw().expect("randomness").to_base64();
    assert!(MasterKey::parse(&drawn).is_ok());
}

#[test]
fn without_keys_nothing_is_sealed_or_hashed() {
    let none = Keyring::none();
    assert!(Purpose::ALL.iter().all(|purpose| none.current(*purpose).is_err()));
}

//! What the ledger must and must not let through.

use super::*;

const WHOLE: Option<SerialRange> = Some(SerialRange { first: 11, last: 20 });

fn entry(happened: Happened, slips: i64) -> Entry {
    Entry {
        happened,
        slips,
        range: WHOLE,
        to_physio: None,
    }
}

fn to(physio: Id) -> Entry {
    Entry {
        to_physio: Some(physio),
        ..entry(Happened::Handed, 10)
    }
}

#[test]
fn what_is_stored_is_read_back() {
    for one in Happened::ALL {
        assert_eq!(Happened::parse(one.as_str()), Some(one));
    }
}

#[test]
fn every_slip_stands_in_one_column_and_they_add_up() {
    let sam = Id::new();
    let entries = [
        entry(Happened::Minted, 10),
        entry(Happened::Printed, 10),
        to(sam),
        Entry {
            range: Some(SerialRange { first: 11, last: 12 }),
            ..entry(Happened::Voided, 1)
        },
        entry(Happened::Returned, 4),
    ];
    let rows = Rows {
        usable: 6,
        expired: 0,
        used: 3,
        void: 1,
    };
    let standing = Standing::after(&entries).unwrap();
    assert_eq!(standing.handed_over(), 4);
    let totals = standing.balance(rows, Custody::Returned, Some(sam)).unwrap();
    assert_eq!(
        (
            totals.counted_back,
            totals.with_patients,
            totals.used,
            totals.voided
        ),
        (4, 2, 3, 1)
    );
    let sum: i64 = totals.columns().iter().map(|(_, slips)| slips).sum();
    assert_eq!(sum, totals.minted);
}

#[test]
fn more_counted_than_usable_still_adds_up() {
    let entries = [
        entry(Happened::Minted, 10),
        entry(Happened::Handed, 10),
        entry(Happened::Returned, 9),
    ];
    let rows = Rows {
        usable: 5,
        used: 5,
        ..Rows::default()
    };
    let totals = Standing::after(&entries)
        .unwrap()
        .balance(rows, Custody::Returned, None)
        .unwrap();
    assert_eq!((totals.counted_back, totals.with_patients), (5, 0));
}

#[test]
fn books_that_do_not_agree_are_named() {
    let standing = Standing::after(&[entry(Happened::Minted, 10), entry(Happened::Voided, 2)]).unwrap();
    let rows = Rows {
        usable: 8,
        void: 2,
        ..Rows::default()
    };
    assert!(standing.balance(rows, Custody::House, None).is_ok());
    let one_more = Rows { usable: 9, ..rows };
    assert_eq!(
        standing.balance(one_more, Custody::House, None),
        Err(Imbalance::Slips { minted: 10, rows: 11 })
    );
    let used_one = Rows {
        void: 1,
        used: 1,
        ..rows
    };
    assert_eq!(
        standing.balance(used_one, Custody::House, None),
        Err(Imbalance::Void { entered: 2, rows: 1 })
    );
    assert_eq!(
        standing.balance(rows, Custody::Clinic, None),
        Err(Imbalance::Place)
    );
}

#[test]
fn a_move_that_is_not_allowed_is_no_ledger() {
    let minted = entry(Happened::Minted, 10);
    assert_eq!(Standing::after(&[]), Err(Imbalance::NotMinted));
    assert_eq!(Standing::after(&[minted, minted]), Err(Imbalance::NotMinted));
    assert_eq!(
        Standing::after(&[minted, entry(Happened::Returned, 10)]),
        Err(Imbalance::Move {
            from: Custody::House,
            to: Custody::Returned
        })
    );
    let lost = entry(Happened::Lost, 10);
    assert!(Standing::after(&[minted, lost, lost]).is_err());
    let a_few = Entry {
        range: Some(SerialRange { first: 11, last: 13 }),
        ..entry(Happened::Lost, 3)
    };
    let standing = Standing::after(&[minted, a_few, a_few]).unwrap();
    assert_eq!(standing.custody, Custody::House);
}

//! The ledger of pads in both databases: whatever is done to pads, in whatever order and by however many at once, the
//! totals balance and a used slip stays used.

use std::sync::Arc;

use diesel::prelude::*;
use iapt_pad::db::schema::slip;
use iapt_pad::dispatch;
use iapt_pad::pads::{
    Custody, Elsewhere, Happened, Kept, Lasting, Number, Order, Recipient, Refusal, Release, Scan, Seen,
    SerialRange, SharedStatus, Whose, count_quarters, hand, list_elsewhere, mint_unprinted, note_printed,
    report_lost, reprint, share, show_kept, show_pad, take_back, void,
};
use iapt_pad::staff::{
    Account, Added, DisplayName, NewAccount, Password, Role, Username, add_account_with, find_account,
};
use iapt_pad::values::{Id, SlipCode};

use super::pads::{House, codes_in, view};
use crate::support::app::at;
use crate::support::databases::on_both;

/// A physio of the house's clinic.
pub(super) async fn physio(house: &House, username: &str, clinic: Id) -> Account {
    let account = NewAccount {
        username: Username::parse(username).expect("a username"),
        display_name: DisplayName::parse("Somebody Example").expect("a name"),
        role: Role::Physio,
        clinic: Some(clinic),
    };
    let (now, password) = (house.app.clock.now(), Password::typed("one-two-three-four"));
    let added = add_account_with(&house.app.db, now, account, password).await;
    let Added::Yes { id, .. } = added.expect("asked") else {
        panic!("not added")
    };
    find_account(&house.app.db, id)
        .await
        .expect("asked")
        .expect("there")
}

pub(super) async fn kept(house: &House, number: i32) -> Kept {
    let kept = show_kept(&house.app, number, Whose::All).await.expect("shown");
    kept.expect("a pad")
}

/// Serials of a pad's slips with id and state, as the rows say.
pub(super) async fn rows(house: &House, pad: Id) -> Vec<(i64, Id, String)> {
    let read = house.app.db.read(move |conn| {
        let slips = slip::table
            .filter(slip::pad_id.eq(pad))
            .order(slip::serial)
            .select((slip::serial, slip::id, slip::state));
        Ok(dispatch!(conn, c => slips.load(c))?)
    });
    read.await.expect("rows")
}

#[test]
fn a_pad_is_handed_out_counted_back_and_handed_on() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let (sam, kim) = (
            physio(&house, "sam", house.clinic).await,
            physio(&house, "kim", house.clinic).await,
        );
        let codes = house.mint("10").await;
        let to = |to: Recipient| hand(&house.app, 1, to, None);
        let clinic = Recipient::Clinic(house.clinic);
        assert_eq!(to(clinic.clone()).await.expect("asked"), Ok(Custody::Clinic));
        assert_eq!(to(clinic).await.expect("asked"), Err(Refusal::HasItAlready));
        let to_sam = Recipient::Physio(Box::new(sam.clone()));
        assert_eq!(to(to_sam.clone()).await.expect("asked"), Ok(Custody::Physio));
        for code in &codes[..3] {
            assert!(house.use_it(view(house.scan(*code).await).id).await);
        }
        let counted = take_back(&house.app, 1, 5, Some(kim.id)).await.expect("asked");
        let counted = counted.expect("counted");
        assert_eq!((counted.slips, counted.unused), (5, 7));
        let one = kept(&house, 1).await;
        assert_eq!(
            (one.pad.custody, one.pad.physio),
            (Custody::Returned, Some(sam.id))
        );
        let totals = one.totals.expect("balanced");
        assert_eq!(
            (totals.counted_back, totals.with_patients, totals.used),
            (5, 2, 3)
        );
        let last = one.ledger.last().expect("an entry");
        assert_eq!(last.entry.happened, Happened::Returned);
        assert_eq!(last.by.as_deref(), Some("Somebody Example"));
        assert_eq!(
            take_back(&house.app, 1, 5, None).await.expect("asked"),
            Err(Refusal::NotFrom(Custody::Returned, Custody::Returned))
        );
        let handed = to(Recipient::Physio(Box::new(kim))).await.expect("asked");
        assert_eq!(handed, Ok(Custody::Physio));
        let totals = kept(&house, 1).await.totals.expect("balanced");
        assert_eq!((totals.physio, totals.with_patients), (5, 2));
    });
}

#[test]
fn a_pad_goes_only_to_the_clinic_it_names_and_to_physios_there() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        house.mint("4").await;
        let there = Id::new();
        let elsewhere = hand(&house.app, 1, Recipient::Clinic(there), None).await;
        assert_eq!(
            elsewhere.expect("asked"),
            Err(Refusal::OtherClinic("Physioworks, Firth Park".to_owned()))
        );
        let mut sam = physio(&house, "sam", house.clinic).await;
        sam.active = false;
        let stopped = hand(&house.app, 1, Recipient::Physio(Box::new(sam.clone())), None).await;
        assert_eq!(stopped.expect("asked"), Err(Refusal::NotAPhysio));
        sam.active = true;
        sam.role = Role::Lead;
        let lead = hand(&house.app, 1, Recipient::Physio(Box::new(sam.clone())), None).await;
        assert_eq!(lead.expect("asked"), Err(Refusal::NotAPhysio));
        let no_pad = hand(&house.app, 2, Recipient::Clinic(house.clinic), None).await;
        assert_eq!(no_pad.expect("asked"), Err(Refusal::NoSuchPad));
        let early = take_back(&house.app, 1, 4, None).await.expect("asked");
        assert_eq!(early, Err(Refusal::NotFrom(Custody::House, Custody::Returned)));
        let handed = hand(&house.app, 1, Recipient::Clinic(house.clinic), None).await;
        assert_eq!(handed.expect("asked"), Ok(Custody::Clinic));
        for counted in [-1, 5, 1_000_000] {
            let taken = take_back(&house.app, 1, counted, None).await.expect("asked");
            assert_eq!(taken, Err(Refusal::TooMany(4)));
        }
    });
}

#[test]
fn a_lost_pad_voids_what_is_unused_at_once_and_leaves_what_is_used() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let codes = house.mint("6").await;
        assert!(house.use_it(view(house.scan(codes[2]).await).id).await);
        let range = Some(SerialRange { first: 1, last: 2 });
        let lost = |range| report_lost(&house.app, 1, range, Whose::All, None);
        assert_eq!(lost(range).await.expect("asked"), Ok(2));
        assert_eq!(lost(range).await.expect("asked"), Ok(0));
        assert_eq!(kept(&house, 1).await.pad.custody, Custody::House);
        let beyond = Some(SerialRange { first: 5, last: 7 });
        assert_eq!(lost(beyond).await.expect("asked"), Err(Refusal::NotOnPad));
        let stranger = report_lost(&house.app, 1, None, Whose::Physio(Id::new()), None).await;
        assert_eq!(stranger.expect("asked"), Err(Refusal::NoSuchPad));
        assert_eq!(lost(None).await.expect("asked"), Ok(3));
        let refused = lost(None).await.expect("asked");
        assert_eq!(refused, Err(Refusal::NotFrom(Custody::Lost, Custody::Lost)));
        for (index, code) in codes.iter().enumerate() {
            let scan = house.scan(*code).await;
            match index {
                2 => assert!(matches!(scan, Scan::Used(_))),
                _ => assert!(matches!(scan, Scan::Void(_))),
            }
        }
        let totals = kept(&house, 1).await.totals.expect("balanced");
        assert_eq!((totals.lost, totals.used), (5, 1));
        let found = take_back(&house.app, 1, 4, None).await.expect("asked");
        assert_eq!(found.expect("counted").unused, 0);
        let again = hand(&house.app, 1, Recipient::Clinic(house.clinic), None).await;
        assert_eq!(again.expect("asked"), Err(Refusal::NothingLeft));
    });
}

#[test]
fn a_used_slip_cannot_be_told_by_taking_a_range_back() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let codes = house.mint("4").await;
        assert!(house.use_it(view(house.scan(codes[1]).await).id).await);
        let range = SerialRange { first: 1, last: 3 };
        void(&house.app, range, Whose::All, None)
            .await
            .expect("taken back");
        let shown = show_pad(&house.app, 1, Whose::All).await.expect("shown");
        let seen: Vec<Seen> = shown.expect("a pad").1.iter().map(|line| line.seen).collect();
        assert_eq!(seen, [Seen::Void, Seen::Void, Seen::Void, Seen::Nothing]);
        let (minted, proven) = reprint(&house.app, &house.templates, 1, Whose::All)
            .await
            .expect("printed")
            .expect("a pad");
        assert_eq!((minted.first_serial, minted.slips), (4, 1));
        assert_eq!(codes_in(proven.into_bytes()), [codes[3]]);
        // A range in which everything was used makes an entry like any other.
        let before = kept(&house, 1).await.ledger.len();
        assert!(house.use_it(view(house.scan(codes[3]).await).id).await);
        let last = SerialRange { first: 4, last: 4 };
        void(&house.app, last, Whose::All, None)
            .await
            .expect("taken back");
        assert_eq!(kept(&house, 1).await.ledger.len(), before + 1);
    });
}

#[test]
fn each_pad_expires_when_it_was_told_to() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let order = Order {
            lasting: Lasting::Days(10),
            ..house.order("1")
        };
        let minted = mint_unprinted(&house.app, house.template(), order).await;
        let short = minted.expect("minted").1[0];
        let usual = house.mint("1").await[0];
        house.app.clock.set(house.app.clock.now().plus_days(10));
        assert!(matches!(house.scan(short).await, Scan::Expired(_)));
        assert!(matches!(house.scan(usual).await, Scan::Unused(_)));
        assert_eq!(kept(&house, 1).await.totals.expect("balanced").expired, 1);
        let past = Lasting::Until(jiff::civil::date(2026, 11, 20));
        let order = Order {
            lasting: past,
            ..house.order("1")
        };
        let refused = mint_unprinted(&house.app, house.template(), order).await;
        let Err(refused) = refused else {
            panic!("minted for the past")
        };
        assert!(refused.to_string().contains("past"));
    });
}

#[test]
fn a_print_that_shows_what_was_taken_back_meanwhile_is_not_released() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        house.mint("3").await;
        let print = async || {
            let printed = reprint(&house.app, &house.templates, 1, Whose::All).await;
            printed.expect("printed").expect("a pad").0
        };
        let drawn = print().await;
        void(&house.app, SerialRange { first: 2, last: 2 }, Whose::All, None)
            .await
            .expect("taken back");
        let release = note_printed(&house.app, &drawn, None).await;
        assert_eq!(release.expect("asked"), Release::TakenBackMeanwhile);
        let release = note_printed(&house.app, &print().await, None).await;
        assert_eq!(release.expect("asked"), Release::Released);
        let happened: Vec<Happened> = kept(&house, 1)
            .await
            .ledger
            .iter()
            .map(|line| line.entry.happened)
            .collect();
        assert_eq!(happened, [Happened::Minted, Happened::Voided, Happened::Printed]);
    });
}

#[test]
fn everybody_at_once_leaves_each_slip_used_or_void_and_the_totals_balanced() {
    on_both(|fresh| async move {
        let house = Arc::new(House::new(fresh).await);
        for round in 0..6 {
            one_crowd(&house, round).await;
        }
    });
}

const CROWD_SLIPS: i64 = 16;

/// Uses, takes back, reports lost, hands over and prints one pad, all at once.
async fn one_crowd(house: &Arc<House>, round: i64) {
    let codes = house.mint("16").await;
    let first = round * CROWD_SLIPS + 1;
    let number = i32::try_from(round).expect("few") + 1;
    let pad = kept(house, number).await.pad.id;
    let ids: Vec<Id> = rows(house, pad).await.into_iter().map(|(_, id, _)| id).collect();
    let uses: Vec<_> = ids
        .iter()
        .chain(&ids)
        .map(|id| {
            let (house, id) = (house.clone(), *id);
            tokio::spawn(async move { usize::from(house.use_it(id).await) })
        })
        .collect();
    let takes: Vec<_> = [(0, 5), (3, 9), (3, 9)]
        .map(|(from, to)| {
            let (house, range) = (
                house.clone(),
                SerialRange {
                    first: first + from,
                    last: first + to,
                },
            );
            tokio::spawn(async move {
                void(&house.app, range, Whose::All, None)
                    .await
                    .expect("taken back")
                    .now
            })
        })
        .into();
    let losses: Vec<_> = [(8, 12), (0, 2)]
        .map(|(from, to)| {
            let (house, range) = (
                house.clone(),
                SerialRange {
                    first: first + from,
                    last: first + to,
                },
            );
            tokio::spawn(async move {
                let lost = report_lost(&house.app, number, Some(range), Whose::All, None).await;
                lost.expect("asked").expect("reported")
            })
        })
        .into();
    let prints: Vec<_> = [Id::new(), Id::new()]
        .map(|by| {
            let house = house.clone();
            tokio::spawn(async move {
                let printed = reprint(&house.app, &house.templates, number, Whose::All).await;
                let (minted, proven) = printed.expect("printed").expect("a pad");
                let release = note_printed(&house.app, &minted, Some(by)).await;
                let released = release.expect("asked") == Release::Released;
                released.then(|| codes_in(proven.into_bytes()))
            })
        })
        .into();
    let handing = hand(&house.app, number, Recipient::Clinic(house.clinic), None).await;
    assert!(handing.expect("asked").is_ok());
    let (mut used, mut void_now, mut released) = (0, 0, Vec::new());
    for one in uses {
        used += one.await.expect("done");
    }
    for one in takes.into_iter().chain(losses) {
        void_now += one.await.expect("done");
    }
    for one in prints {
        released.extend(one.await.expect("done"));
    }
    let rows = rows(house, pad).await;
    let count = |state: &str| rows.iter().filter(|(_, _, one)| one == state).count();
    assert_eq!((count("used"), count("void")), (used, void_now));
    assert_eq!(used + void_now + count("unused"), codes.len());
    let books = kept(house, number).await;
    assert_eq!(
        books.totals.expect("balanced").used,
        i64::try_from(used).expect("few")
    );
    assert_printed_before_taken_back(house, &books, &released).await;
}

/// Whatever is void on a print that was handed over was taken back after it, and the ledger says so.
async fn assert_printed_before_taken_back(house: &House, books: &Kept, released: &[Vec<SlipCode>]) {
    let is_print = |one: Happened| matches!(one, Happened::Printed | Happened::Reprinted);
    let prints: Vec<usize> = (0..books.ledger.len())
        .filter(|at| is_print(books.ledger[*at].entry.happened))
        .collect();
    assert_eq!(
        prints.len(),
        released.len(),
        "one entry for each print handed over"
    );
    for codes in released {
        let at = prints
            .iter()
            .find(|at| books.ledger[**at].entry.slips == i64::try_from(codes.len()).expect("few"));
        let at = *at.expect("its entry");
        for code in codes {
            let Scan::Void(slip) = house.scan(*code).await else {
                continue;
            };
            let takes = (0..books.ledger.len()).filter(|at| {
                let entry = books.ledger[*at].entry;
                let taken = matches!(entry.happened, Happened::Voided | Happened::Lost);
                let only = SerialRange {
                    first: slip.serial,
                    last: slip.serial,
                };
                taken && entry.range.is_some_and(|range| range.covers(only))
            });
            let first = takes.min().expect("the ledger says who took it back");
            assert!(
                first > at,
                "slip {} was taken back before it was printed",
                slip.serial
            );
        }
    }
}

#[test]
fn a_quarter_is_counted_once_it_is_over_and_only_where_it_tells_of_nobody() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        house.app.clock.set(at("2026-07-01T09:00:00Z"));
        let codes = house.mint("30").await;
        let ids: Vec<Id> = {
            let pad = kept(&house, 1).await.pad.id;
            rows(&house, pad).await.into_iter().map(|(_, id, _)| id).collect()
        };
        assert_eq!(codes.len(), ids.len());
        let counts = async || {
            let counted = count_quarters(&house.app, house.clinic).await.expect("counted");
            let newest = counted.first().expect("a quarter");
            (newest.quarter.words(), newest.made, newest.used)
        };
        for id in &ids[..6] {
            assert!(house.use_it(*id).await);
        }
        let spring = ("April to June 2026".to_owned(), Number::Hidden, Number::Hidden);
        assert_eq!(counts().await, spring, "the quarter is not over");
        house.app.clock.set(at("2026-10-01T09:00:00Z"));
        let summer = |used| ("July to September 2026".to_owned(), Number::Is(30), used);
        assert_eq!(counts().await, summer(Number::Is(6)));
        // Uses since do not change what was shown.
        assert!(house.use_it(ids[6]).await);
        assert_eq!(counts().await, summer(Number::Is(6)));
        // Two of the six share: the four others could be told apart by subtraction.
        for id in ids[..2].iter().copied() {
            let shared = house
                .app
                .db
                .write(move |conn| share(conn, id, SharedStatus::Used));
            shared.await.expect("shared");
        }
        assert_eq!(counts().await, summer(Number::Hidden));
        let elsewhere = count_quarters(&house.app, Id::new()).await.expect("counted");
        assert!(elsewhere.iter().all(|quarter| quarter.used == Number::Hidden));
    });
}

#[test]
fn live_pads_that_lead_to_another_host_are_named() {
    on_both(|fresh| async move {
        let mut house = House::new(fresh).await;
        for _ in 0..4 {
            house.mint("2").await;
        }
        let order = Order {
            lasting: Lasting::Days(3),
            ..house.order("2")
        };
        mint_unprinted(&house.app, house.template(), order)
            .await
            .expect("minted");
        void(&house.app, SerialRange { first: 3, last: 4 }, Whose::All, None)
            .await
            .expect("taken back");
        house.app.clock.set(house.app.clock.now().plus_days(3));
        assert_eq!(list_elsewhere(&house.app).await.expect("asked"), []);
        let app = Arc::get_mut(&mut house.app).expect("nobody else holds it");
        app.config.base_url = "https://new.example.org".to_owned();
        let elsewhere = Elsewhere {
            host: "talking.example.org".to_owned(),
            pads: vec![1, 3, 4],
        };
        assert_eq!(list_elsewhere(&house.app).await.expect("asked"), [elsewhere]);
    });
}

#[test]
fn a_pad_that_is_handed_on_takes_no_earlier_sharing_with_it() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let (sam, kim) = (
            physio(&house, "sam", house.clinic).await,
            physio(&house, "kim", house.clinic).await,
        );
        let order = Order {
            physio: Some(sam.id),
            ..house.order("3")
        };
        mint_unprinted(&house.app, house.template(), order)
            .await
            .expect("minted");
        let pad = kept(&house, 1).await.pad.id;
        let ids: Vec<Id> = rows(&house, pad).await.into_iter().map(|(_, id, _)| id).collect();
        let used_and_shared = async |id: Id| {
            assert!(house.use_it(id).await);
            let shared = house
                .app
                .db
                .write(move |conn| share(conn, id, SharedStatus::Used));
            shared.await.expect("shared");
        };
        let seen_by = async |whose: Whose| {
            let shown = show_pad(&house.app, 1, whose).await.expect("asked");
            shown.map(|(_, lines)| lines.iter().map(|line| line.seen).collect::<Vec<Seen>>())
        };
        house.app.clock.advance_minutes(1);
        used_and_shared(ids[0]).await;
        let (used, nothing) = (Seen::Used, Seen::Nothing);
        assert_eq!(
            seen_by(Whose::Physio(sam.id)).await,
            Some(vec![used, nothing, nothing])
        );
        house.app.clock.advance_minutes(1);
        let handed = hand(&house.app, 1, Recipient::Physio(Box::new(kim.clone())), None).await;
        assert_eq!(handed.expect("asked"), Ok(Custody::Physio));
        house.app.clock.advance_minutes(1);
        used_and_shared(ids[1]).await;
        assert_eq!(
            seen_by(Whose::Physio(kim.id)).await,
            Some(vec![nothing, used, nothing])
        );
        assert_eq!(seen_by(Whose::Physio(sam.id)).await, None);
    });
}

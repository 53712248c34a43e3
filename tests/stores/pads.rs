//! Pads and slips in both databases: minted once, used once, taken back, printed again with the same codes.

use std::sync::Arc;

use diesel::prelude::*;
use iapt_pad::app::App;
use iapt_pad::config::{Mail, ServiceName};
use iapt_pad::db::schema::{clinic, pad_event};
use iapt_pad::dispatch;
use iapt_pad::pads::proof::check;
use iapt_pad::pads::template::{Template, Templates};
use iapt_pad::pads::{
    Lasting, Order, Scan, Seen, SerialRange, SharedStatus, SlipCount, Whose, count_opening, draw_pad,
    issue_electronic, list_pads, mark_used, mint_unprinted, reprint, resolve, share, show_pad, void,
};
use iapt_pad::values::{Email, Id, SlipCode};

use crate::support::app::{monday_morning, test_app};
use crate::support::databases::{Fresh, on_both};

pub(super) struct House {
    pub(super) app: Arc<App>,
    pub(super) templates: Templates,
    pub(super) clinic: Id,
    _mail: tempfile::TempDir,
}

impl House {
    pub(super) async fn new(fresh: Fresh) -> Self {
        let mail = tempfile::tempdir().expect("a folder");
        let app = test_app(fresh.db, monday_morning(), Mail::Captured(mail.path().to_owned())).await;
        let (clinic, now) = (Id::new(), app.clock.now());
        let row = (
            clinic::id.eq(clinic),
            clinic::code.eq("FIRTH"),
            clinic::name.eq("Physioworks, Firth Park"),
            clinic::active.eq(true),
            clinic::created_at.eq(now),
        );
        let insert = move |conn: &mut iapt_pad::db::Conn<'_>| {
            dispatch!(conn, c => diesel::insert_into(clinic::table).values(row).execute(c))?;
            Ok(())
        };
        app.db.write(insert).await.expect("a clinic");
        House {
            app: Arc::new(app),
            templates: Templates::shipped().expect("templates"),
            clinic,
            _mail: mail,
        }
    }

    pub(super) fn template(&self) -> &Template {
        self.templates.get("a6_four_up").expect("the template")
    }

    pub(super) fn order(&self, slips: &str) -> Order {
        Order {
            clinic: (self.clinic, "Physioworks, Firth Park".to_owned()),
            physio: None,
            service: Some(ServiceName::Hwb),
            slips: SlipCount::parse(slips, 500).expect("a count"),
            lasting: Lasting::AsUsual,
            by: None,
        }
    }

    /// The codes of a new pad, by serial.
    pub(super) async fn mint(&self, slips: &str) -> Vec<SlipCode> {
        mint_unprinted(&self.app, self.template(), self.order(slips))
            .await
            .expect("minted")
            .1
    }

    pub(super) async fn scan(&self, code: SlipCode) -> Scan {
        let (app, now) = (Arc::clone(&self.app), self.app.clock.now());
        self.app
            .db
            .read(move |conn| resolve(conn, &app.keys, &code, now))
            .await
            .expect("resolved")
    }

    pub(super) async fn use_it(&self, id: Id) -> bool {
        let now = self.app.clock.now();
        self.app
            .db
            .write(move |conn| mark_used(conn, id, now))
            .await
            .expect("asked")
    }
}

/// The codes printed in a document, in the order of their letters.
pub(super) fn codes_in(pdf: Vec<u8>) -> Vec<SlipCode> {
    let found = check(pdf).expect("a document");
    let mut codes: Vec<SlipCode> = found
        .iter()
        .map(|code| {
            let typed = code
                .text
                .strip_prefix("HTTPS://TALKING.EXAMPLE.ORG/S/")
                .expect("our address");
            SlipCode::parse(typed).expect("a code")
        })
        .collect();
    codes.sort_by_key(SlipCode::compact);
    codes
}

pub(super) fn view(scan: Scan) -> iapt_pad::pads::SlipView {
    match scan {
        Scan::Unused(slip) => slip,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_printed_code_leads_to_its_slip() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let drawn = draw_pad(&house.app, house.template(), house.order("6"))
            .await
            .expect("drawn");
        drawn.record(&house.app).await.expect("recorded");
        let codes = codes_in(drawn.pdf().to_vec());
        assert_eq!(codes.len(), 6);
        let mut serials = Vec::new();
        for code in codes {
            let slip = view(house.scan(code).await);
            assert_eq!(slip.clinic_name, "Physioworks, Firth Park");
            assert_eq!(slip.service, Some(ServiceName::Hwb));
            serials.push(slip.serial);
        }
        serials.sort_unstable();
        assert_eq!(serials, [1, 2, 3, 4, 5, 6]);
        assert_eq!(house.scan(SlipCode::from_bits(1)).await, Scan::Unknown);
    });
}

#[test]
fn a_pad_that_is_not_recorded_does_not_exist() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let drawn = draw_pad(&house.app, house.template(), house.order("1"))
            .await
            .expect("drawn");
        assert_eq!(house.scan(codes_in(drawn.pdf().to_vec())[0]).await, Scan::Unknown);
        assert!(
            list_pads(&house.app, Whose::All, 10)
                .await
                .expect("a list")
                .is_empty()
        );
    });
}

#[test]
fn two_minters_never_share_a_number() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let draw = || draw_pad(&house.app, house.template(), house.order("3"));
        let (one, two, three) = tokio::join!(draw(), draw(), draw());
        let mut firsts = Vec::new();
        for drawn in [one, two, three] {
            let minted = drawn.expect("drawn").record(&house.app).await.expect("recorded");
            assert_eq!(minted.last_serial - minted.first_serial, 2);
            firsts.push((minted.number, minted.first_serial));
        }
        firsts.sort_unstable();
        let (numbers, mut serials): (Vec<i32>, Vec<i64>) = firsts.into_iter().unzip();
        serials.sort_unstable();
        assert_eq!((numbers, serials), (vec![1, 2, 3], vec![1, 4, 7]));
    });
}

#[test]
fn a_slip_is_used_once() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let code = house.mint("1").await[0];
        let slip = view(house.scan(code).await);
        house
            .app
            .db
            .write(move |conn| count_opening(conn, slip.id))
            .await
            .expect("counted");
        let (one, two) = tokio::join!(house.use_it(slip.id), house.use_it(slip.id));
        assert!(one != two, "exactly one of two wins");
        assert!(matches!(house.scan(code).await, Scan::Used(_)));
    });
}

#[test]
fn an_expired_slip_is_not_used() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let code = house.mint("1").await[0];
        let slip = view(house.scan(code).await);
        house.app.clock.set(slip.expires_at);
        assert!(matches!(house.scan(code).await, Scan::Expired(_)));
        assert!(!house.use_it(slip.id).await);
    });
}

#[test]
fn voiding_takes_back_what_is_unused_and_the_ledger_says_so() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let codes = house.mint("5").await;
        let mut used = None;
        for code in &codes {
            let slip = view(house.scan(*code).await);
            if slip.serial == 2 {
                assert!(house.use_it(slip.id).await);
                used = Some(*code);
            }
        }
        let range = SerialRange::parse("1-3").expect("a range");
        let nobody = void(&house.app, range, Whose::Physio(Id::new()), None)
            .await
            .expect("asked");
        assert_eq!((nobody.now, nobody.in_range), (0, 0));
        let voided = void(&house.app, range, Whose::All, None).await.expect("voided");
        assert_eq!((voided.now, voided.in_range), (2, 3));
        let again = void(&house.app, range, Whose::All, None).await.expect("voided");
        assert_eq!((again.now, again.in_range), (0, 3));
        assert!(matches!(house.scan(used.expect("used")).await, Scan::Used(_)));
        let ledger: Vec<(String, i32)> = house
            .app
            .db
            .read(|conn| {
                let rows = pad_event::table
                    .select((pad_event::kind, pad_event::slips))
                    .order(pad_event::id);
                Ok(dispatch!(conn, c => rows.load(c))?)
            })
            .await
            .expect("a ledger");
        let of = |kind: &str| {
            ledger
                .iter()
                .filter(|(k, _)| k == kind)
                .map(|(_, n)| *n)
                .sum::<i32>()
        };
        assert_eq!((of("minted"), of("voided")), (5, 2));
        let (_, lines) = show_pad(&house.app, 1, Whose::All)
            .await
            .expect("shown")
            .expect("a pad");
        let seen: Vec<Seen> = lines.iter().map(|line| line.seen).collect();
        // The used one in the middle looks taken back like its neighbours, or it would stand out.
        let expected = [Seen::Void, Seen::Void, Seen::Void, Seen::Nothing, Seen::Nothing];
        assert_eq!(seen, expected);
    });
}

#[test]
fn a_reprint_gives_the_same_codes_without_the_void_ones() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let mut kept = house.mint("5").await;
        kept.remove(3);
        kept.sort_by_key(SlipCode::compact);
        let range = SerialRange { first: 4, last: 4 };
        void(&house.app, range, Whose::All, None).await.expect("voided");
        let (minted, proven) = reprint(&house.app, &house.templates, 1, Whose::All)
            .await
            .expect("printed")
            .expect("a pad");
        assert_eq!((minted.first_serial, minted.last_serial, minted.slips), (1, 5, 4));
        assert_eq!(codes_in(proven.into_bytes()), kept);
        let strangers = reprint(&house.app, &house.templates, 1, Whose::Physio(Id::new()))
            .await
            .expect("asked");
        assert!(strangers.is_none());
    });
}

#[test]
fn what_a_patient_shares_is_all_a_physio_sees() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        for (index, code) in house.mint("3").await.into_iter().enumerate() {
            let slip = view(house.scan(code).await);
            if index == 0 {
                continue;
            }
            assert!(house.use_it(slip.id).await);
            if index == 2 {
                house
                    .app
                    .db
                    .write(move |conn| share(conn, slip.id, SharedStatus::Booked))
                    .await
                    .expect("shared");
            }
        }
        let (pad, lines) = show_pad(&house.app, 1, Whose::All)
            .await
            .expect("shown")
            .expect("a pad");
        assert_eq!(
            (pad.slips, pad.first_serial, pad.last_serial),
            (3, Some(1), Some(3))
        );
        let mut seen: Vec<&str> = lines.iter().map(|line| line.seen.words()).collect();
        seen.sort_unstable();
        assert_eq!(seen, ["Nothing to show", "Nothing to show", "Place booked"]);
    });
}

#[test]
fn an_electronic_slip_sends_its_link_and_keeps_no_address() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let address = Email::parse("sam.patient@example.org").expect("an address");
        let order = house.order("9");
        let issued = issue_electronic(&house.app, house.template(), order, Some(address))
            .await
            .expect("issued");
        assert_eq!(
            issued.url,
            format!("HTTPS://TALKING.EXAMPLE.ORG/S/{}", issued.code.compact())
        );
        assert_eq!(view(house.scan(issued.code).await).id, issued.id);
        let pads = list_pads(&house.app, Whose::All, 10).await.expect("a list");
        assert_eq!(
            pads.iter()
                .map(|pad| (pad.electronic, pad.slips))
                .collect::<Vec<_>>(),
            [(true, 1)]
        );
        let waiting: i64 = house
            .app
            .db
            .read(|conn| Ok(dispatch!(conn, c => iapt_pad::db::schema::outbox::table.count().get_result(c))?))
            .await
            .expect("counted");
        assert_eq!(waiting, 1);
    });
}

#[test]
fn nothing_is_minted_for_an_unsafe_address() {
    on_both(|fresh| async move {
        let mut house = House::new(fresh).await;
        for (address, said) in [
            ("", "BASE_URL is not set"),
            ("http://talking.example.org", "https://"),
        ] {
            let app = Arc::get_mut(&mut house.app).expect("nobody else holds it");
            app.config.base_url = address.to_owned();
            let refused = draw_pad(&house.app, house.template(), house.order("1"))
                .await
                .err()
                .expect("refused");
            assert!(refused.to_string().contains(said), "{refused}");
        }
    });
}

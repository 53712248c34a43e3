//! Keys change, paper does not: a new SECRET_KEY and new data keys on both databases.

use std::sync::Arc;

use iapt_pad::app::App;
use iapt_pad::config::Config;
use iapt_pad::db::{Error, Renewed, Rewrapped};
use iapt_pad::notify::Mailer;
use iapt_pad::pads::{Scan, Whose, mint_unprinted, reprint, resolve};
use iapt_pad::values::{Id, KeyError, MasterKey, Purpose, SlipCode};

use super::pads::{House, codes_in};
use crate::support::databases::on_both;

/// The service as it starts anew on the same database, with this SECRET_KEY.
async fn restarted(house: &House, secret_key: &MasterKey) -> Result<App, Error> {
    let app = &house.app;
    let config = Config {
        secret_key: secret_key.clone(),
        ..app.config.clone()
    };
    Ok(App {
        keys: app.db.keyring(secret_key, app.clock.now()).await?,
        mailer: Mailer::from_config(&config).expect("a way out for mail"),
        db: app.db.clone(),
        clock: app.clock.clone(),
        config,
    })
}

async fn is_unused(app: &Arc<App>, code: SlipCode) -> bool {
    let (reading, now) = (app.clone(), app.clock.now());
    let scan = app
        .db
        .read(move |conn| resolve(conn, &reading.keys, &code, now))
        .await;
    matches!(scan.expect("resolved"), Scan::Unused(_))
}

/// The codes that a print of this pad shows.
async fn printed(app: &App, house: &House, pad: i32) -> Vec<SlipCode> {
    let printed = reprint(app, &house.templates, pad, Whose::All).await;
    codes_in(printed.expect("printed").expect("a pad").1.into_bytes())
}

#[test]
fn an_old_slip_works_after_every_key_behind_it_was_rotated() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let mut old = house.mint("3").await;
        old.sort_by_key(SlipCode::compact);
        let first = house.app.config.secret_key.clone();
        let next = MasterKey::draw().expect("randomness");
        let db = &house.app.db;
        assert_eq!(
            db.rewrap(&first, &next).await.expect("rewrapped"),
            Rewrapped::Done {
                keys: Purpose::ALL.len()
            }
        );
        let refused = restarted(&house, &first).await.err().expect("refused");
        assert!(matches!(refused, Error::Key(KeyError::WrongSecret)), "{refused}");
        let renewed = db.renew(&next, Purpose::Codes, house.app.clock.now()).await;
        let Renewed::Done { id, dropped: 0 } = renewed.expect("renewed") else {
            panic!("not renewed")
        };
        let anew = Arc::new(restarted(&house, &next).await.expect("the new key"));
        assert_eq!(anew.keys.current(Purpose::Codes), Ok(id));
        for code in &old {
            assert!(is_unused(&anew, *code).await, "a slip printed before still works");
        }
        assert_eq!(
            printed(&anew, &house, 1).await,
            old,
            "and is printed with the same code"
        );
        let minted = mint_unprinted(&anew, house.template(), house.order("2")).await;
        let mut new = minted.expect("minted").1;
        new.sort_by_key(SlipCode::compact);
        assert_eq!(printed(&anew, &house, 2).await, new);
        // The server that was running meanwhile, with the keys it began with: it takes slips of either kind, mints
        // with the old key, and cannot print what was minted with the new one.
        for code in old.iter().chain(&new) {
            assert!(is_unused(&house.app, *code).await);
        }
        assert!(
            reprint(&house.app, &house.templates, 2, Whose::All)
                .await
                .is_err()
        );
        let late = house.mint("1").await;
        assert!(is_unused(&anew, late[0]).await);
        assert_eq!(printed(&anew, &house, 3).await, late);
    });
}

#[test]
fn a_secret_key_is_changed_whole_or_not_at_all() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let first = house.app.config.secret_key.clone();
        let next = MasterKey::draw().expect("randomness");
        let db = &house.app.db;
        assert_eq!(
            db.rewrap(&first, &first).await.expect("asked"),
            Rewrapped::SameKey
        );
        let wrong = MasterKey::draw().expect("randomness");
        let refused = db.rewrap(&wrong, &next).await.expect_err("refused");
        assert!(matches!(refused, Error::Key(KeyError::WrongSecret)), "{refused}");
        let refused = db.renew(&wrong, Purpose::Codes, house.app.clock.now()).await;
        assert!(matches!(refused, Err(Error::Key(KeyError::WrongSecret))));
        // Several at once, each to a key of its own: one of them wins, whole. The connections are opened before, so
        // that all of them read the table before the first writes it.
        let crowd = || (0..CROWD).map(|_| MasterKey::draw().expect("randomness"));
        let mut current = first.clone();
        for _ in 0..4 {
            let asked: Vec<_> = (0..CROWD)
                .map(|_| {
                    let db = db.clone();
                    tokio::spawn(async move { db.answers().await })
                })
                .collect();
            for one in asked {
                one.await.expect("joined").expect("answered");
            }
            let rotations: Vec<_> = crowd()
                .map(|next| {
                    let (db, old) = (db.clone(), current.clone());
                    tokio::spawn(async move { (db.rewrap(&old, &next).await, next) })
                })
                .collect();
            let mut winners = Vec::new();
            for one in rotations {
                let (ended, next) = one.await.expect("joined");
                if matches!(ended, Ok(Rewrapped::Done { .. })) {
                    winners.push(next);
                }
            }
            assert_eq!(winners.len(), 1);
            assert!(restarted(&house, &current).await.is_err());
            current = winners.remove(0);
            assert!(restarted(&house, &current).await.is_ok());
        }
    });
}

/// As many as rotate at once.
const CROWD: usize = 6;

#[test]
fn a_draft_outlives_one_renewal_of_its_key_and_not_two() {
    on_both(|fresh| async move {
        let house = House::new(fresh).await;
        let (secret, now) = (house.app.config.secret_key.clone(), house.app.clock.now());
        let row = Id::new();
        let sealed = house.app.keys.seal(Purpose::Cookies, row, b"half an answer");
        let sealed = sealed.expect("sealed");
        let opens = async || {
            let anew = restarted(&house, &secret).await.expect("the key");
            anew.keys.open(Purpose::Cookies, row, &sealed)
        };
        let renew = || house.app.db.renew(&secret, Purpose::Cookies, now);
        assert!(matches!(renew().await, Ok(Renewed::Done { dropped: 0, .. })));
        assert_eq!(opens().await.as_deref(), Ok(&b"half an answer"[..]));
        assert!(matches!(renew().await, Ok(Renewed::Done { dropped: 1, .. })));
        assert_eq!(opens().await, Err(KeyError::UnknownKey));
    });
}

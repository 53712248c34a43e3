//! Random histories of pads on both databases: the totals balance after every step, and a used slip stays used.

use std::collections::BTreeMap;

use iapt_pad::pads::{
    Custody, Lasting, MintedPad, Order, Recipient, Refusal, Release, SerialRange, Whose, hand,
    mint_unprinted, note_printed, report_lost, show_pad, take_back, void,
};
use iapt_pad::staff::Account;
use iapt_pad::values::{Id, Ts};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::pad_ledger::{kept, physio, rows};
use super::pads::House;
use crate::support::budget::budget;
use crate::support::databases::{self, Fresh, missing};

/// One step of a history: what is done, and two numbers that say to which pad or slip, and how much.
type Step = (u8, u16, u16);

/// What a slip must be, kept beside the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Unused,
    Used,
    Void,
}

struct Slip {
    id: Id,
    state: State,
    expires: Ts,
}

/// The pads of one history, and what must be true of them.
struct Told {
    pads: Vec<MintedPad>,
    custody: Vec<Custody>,
    slips: BTreeMap<i64, Slip>,
}

#[test]
fn the_totals_balance_after_every_step_of_any_history() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("threads");
    let folder = tempfile::tempdir().expect("a folder");
    let mut found = vec![runtime.block_on(databases::sqlite(folder.path()))];
    found.extend(runtime.block_on(databases::postgres()));
    if found.len() == 1 {
        missing("PostgreSQL", "postgresql");
    }
    for fresh in found {
        any_history(&runtime, fresh);
    }
}

fn any_history(runtime: &tokio::runtime::Runtime, fresh: Fresh) {
    let (house, physios) = runtime.block_on(async {
        let house = House::new(fresh).await;
        let sam = physio(&house, "sam", house.clinic).await;
        let kim = physio(&house, "kim", house.clinic).await;
        (house, [sam, kim])
    });
    let config = Config {
        cases: budget(10, 24),
        failure_persistence: None,
        ..Config::default()
    };
    // The same histories each time: a failure that comes and goes teaches nobody anything.
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    let histories = proptest::collection::vec((0_u8..18, any::<u16>(), any::<u16>()), 1..40);
    TestRunner::new_with_rng(config, rng)
        .run(&histories, |history: Vec<Step>| {
            runtime.block_on(tell(&house, &physios, &history));
            Ok(())
        })
        .expect("balanced");
}

async fn tell(house: &House, physios: &[Account; 2], history: &[Step]) {
    let mut told = Told {
        pads: Vec::new(),
        custody: Vec::new(),
        slips: BTreeMap::new(),
    };
    told.mint(house, physios, 3, 7).await;
    for step in history {
        told.go_on(house, physios, *step).await;
        told.check(house).await;
    }
}

impl Told {
    async fn go_on(&mut self, house: &House, physios: &[Account; 2], (what, a, b): Step) {
        let at = usize::from(a) % self.pads.len();
        match what {
            0 => self.mint(house, physios, a, b).await,
            1..=3 => {
                let to = match b % 3 {
                    0 => Recipient::Clinic(house.clinic),
                    one => Recipient::Physio(Box::new(physios[usize::from(one) - 1].clone())),
                };
                let handed = hand(&house.app, self.pads[at].number, to, None).await;
                if let Ok(custody) = handed.expect("asked") {
                    self.custody[at] = custody;
                }
            }
            4 | 5 => {
                let counted = i32::from(b) % (self.pads[at].slips + 1);
                let taken = take_back(&house.app, self.pads[at].number, counted, None).await;
                if taken.expect("asked").is_ok() {
                    self.custody[at] = Custody::Returned;
                }
            }
            6 => self.lose(house, at, None).await,
            7 | 8 => {
                let range = self.range(at, b);
                self.lose(house, at, Some(range)).await;
            }
            9 | 10 => {
                // A range that may begin on one pad and end on the next.
                let range = self.range(at, b);
                let range = SerialRange {
                    first: range.first,
                    last: range.last + i64::from(b % 4),
                };
                let taken = void(&house.app, range, Whose::All, None)
                    .await
                    .expect("taken back");
                assert_eq!(
                    taken.now,
                    self.void(range),
                    "what was unused is void, and nothing else"
                );
            }
            11 => {
                let (pad, by) = (&self.pads[at], Some(physios[0].id));
                let lines = show_pad(&house.app, pad.number, Whose::All).await.expect("shown");
                let left = lines
                    .expect("a pad")
                    .1
                    .iter()
                    .filter(|line| !line.taken_back)
                    .count();
                let print = MintedPad {
                    slips: i32::try_from(left).expect("few"),
                    ..pad.clone()
                };
                let release = note_printed(&house.app, &print, by).await.expect("asked");
                assert_eq!(release, Release::Released);
            }
            12 => {
                let days = i64::from(b % 60);
                house.app.clock.set(house.app.clock.now().plus_days(days));
            }
            _ => self.use_one(house, at, b).await,
        }
    }

    async fn mint(&mut self, house: &House, physios: &[Account; 2], a: u16, b: u16) {
        let physio = a.is_multiple_of(2).then(|| physios[usize::from(a / 2 % 2)].id);
        let order = Order {
            physio,
            lasting: Lasting::Days(1 + b % 400),
            ..house.order(&(1 + b % 12).to_string())
        };
        let minted = mint_unprinted(&house.app, house.template(), order).await;
        let (pad, _) = minted.expect("minted");
        let expires = house.app.clock.now().plus_days(i64::from(1 + b % 400));
        for (serial, id, _) in rows(house, pad.id).await {
            let state = State::Unused;
            self.slips.insert(serial, Slip { id, state, expires });
        }
        self.custody
            .push(physio.map_or(Custody::House, |_| Custody::Physio));
        self.pads.push(pad);
    }

    /// Some serials of a pad.
    fn range(&self, at: usize, b: u16) -> SerialRange {
        let pad = &self.pads[at];
        let slips = i64::from(pad.slips);
        let first = pad.first_serial + i64::from(b) % slips;
        let last = first + i64::from(b / 256) % (pad.last_serial - first + 1);
        SerialRange { first, last }
    }

    async fn lose(&mut self, house: &House, at: usize, range: Option<SerialRange>) {
        let pad = &self.pads[at];
        let all = SerialRange {
            first: pad.first_serial,
            last: pad.last_serial,
        };
        let lost = report_lost(&house.app, pad.number, range, Whose::All, None).await;
        match lost.expect("asked") {
            Ok(voided) => {
                let range = range.unwrap_or(all);
                assert_eq!(
                    voided,
                    self.void(range),
                    "what was unused is void, and nothing else"
                );
                if range == all {
                    self.custody[at] = Custody::Lost;
                }
            }
            Err(refusal) => {
                assert_eq!(refusal, Refusal::NotFrom(Custody::Lost, Custody::Lost));
                assert_eq!(self.custody[at], Custody::Lost);
            }
        }
    }

    /// Makes void what is unused in a range, and says how many that are.
    fn void(&mut self, range: SerialRange) -> usize {
        let hit = self.slips.range_mut(range.first..=range.last);
        let unused: Vec<&mut Slip> = hit
            .map(|(_, slip)| slip)
            .filter(|slip| slip.state == State::Unused)
            .collect();
        let count = unused.len();
        unused.into_iter().for_each(|slip| slip.state = State::Void);
        count
    }

    async fn use_one(&mut self, house: &House, at: usize, b: u16) {
        let serial = self.range(at, b).first;
        let now = house.app.clock.now();
        let slip = self.slips.get_mut(&serial).expect("a slip");
        let usable = slip.state == State::Unused && slip.expires > now;
        assert_eq!(house.use_it(slip.id).await, usable, "serial {serial}");
        if usable {
            slip.state = State::Used;
        }
    }

    /// Both books, the rows, and what was kept beside them, pad by pad.
    async fn check(&self, house: &House) {
        let now = house.app.clock.now();
        for (pad, custody) in self.pads.iter().zip(&self.custody) {
            let books = kept(house, pad.number).await;
            assert_eq!(books.pad.custody, *custody);
            let totals = books.totals.expect("balanced");
            let own = self.slips.range(pad.first_serial..=pad.last_serial);
            let own: Vec<&Slip> = own.map(|(_, slip)| slip).collect();
            let count = |wanted: &dyn Fn(&Slip) -> bool| {
                i64::try_from(own.iter().filter(|slip| wanted(slip)).count()).expect("few")
            };
            let sum: i64 = totals.columns().iter().map(|(_, slips)| slips).sum();
            assert_eq!((sum, totals.minted), (i64::from(pad.slips), i64::from(pad.slips)));
            assert_eq!(totals.used, count(&|slip| slip.state == State::Used));
            assert_eq!(
                totals.voided + totals.lost,
                count(&|slip| slip.state == State::Void)
            );
            let expired = count(&|slip| slip.state == State::Unused && slip.expires <= now);
            assert_eq!(totals.expired, expired);
            for (serial, _, state) in rows(house, pad.id).await {
                let must = match self.slips[&serial].state {
                    State::Unused => "unused",
                    State::Used => "used",
                    State::Void => "void",
                };
                assert_eq!(state, must, "serial {serial}");
            }
        }
    }
}

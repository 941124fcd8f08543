//! Two hundred random worlds, each with releases that follow one another, under attack.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::{
    Axis, Born, Cell, Decision, Earlier, Line, Policy, Reason, Region, Request, Span, World,
    attacker::{Attacker, full_table},
    protect,
};

const WORLDS: u64 = 200;
const PLACES: [&str; 5] = ["p0", "p1", "p2", "p3", "p4"];
const OLD: [&[&str]; 5] = [&["p0"], &["p1"], &["p2"], &["p3"], &["p4"]];
/// Today's territory: some places were joined.
const NEW: [&[&str]; 3] = [&["p0", "p1"], &["p2"], &["p3", "p4"]];
const CATEGORIES: [&str; 3] = ["c0", "c1", "c2"];
const CHANNELS: [&str; 2] = ["web", "box"];

/// Chance that is the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }

    fn one_in(&mut self, bound: u64) -> bool {
        self.below(bound) == 0
    }

    fn of<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

fn quarter(year: i32, number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, number * 3 + 1, 1).unwrap()
}

/// Some cells hold many, most a few, many none: as in a district of eight communes.
fn draw_lines(dice: &mut Dice) -> Vec<Line> {
    let scale = dice.of(&[1, 2, 4, 8]);
    let mut lines = Vec::new();
    for year in 2021..=2024 {
        for half in 0..2 {
            for place in PLACES {
                for category in CATEGORIES {
                    for channel in CHANNELS {
                        let some = dice.of(&[0, 0, 0, 1, 1, 2, 3, 6]);
                        let count = if some == 0 { 0 } else { i64::try_from(dice.below(some * scale)).unwrap() };
                        let day = quarter(year, half * 2) + Days::new(dice.below(150));
                        let [place, category, channel] = [place, category, channel].map(str::to_owned);
                        lines.push(Line { day, place, category, channel, count });
                    }
                }
            }
        }
    }
    lines
}

/// Some sources are revoked, some confirmed late.
fn change(dice: &mut Dice, lines: &mut [Line]) {
    for _ in 0..=dice.below(4) {
        let at = usize::try_from(dice.below(lines.len() as u64)).unwrap();
        lines[at].count = (lines[at].count + dice.of(&[-2, -1, 1, 2, 12])).max(0);
    }
}

fn years(from: i32, to: i32) -> Span {
    Span { from: quarter(from, 0), to: NaiveDate::from_ymd_opt(to, 12, 31).unwrap() }
}

/// The tables of a release: the total and a random choice of the others, the old territory and the new among them.
fn draw_cells(dice: &mut Dice) -> Vec<Cell> {
    let (from, to) = dice.of(&[(2021, 2023), (2021, 2023), (2021, 2024), (2022, 2024), (2022, 2023), (2024, 2024)]);
    let mut whole = years(from, to);
    if dice.one_in(6) {
        whole.to = NaiveDate::from_ymd_opt(to, 6, 30).unwrap();
    }
    let each: Vec<Span> =
        (from..=to).map(|year| years(year, year)).map(|span| Span { to: span.to.min(whole.to), ..span }).collect();
    let halves: Vec<Span> = each
        .iter()
        .flat_map(|span| {
            let middle = span.from + chrono::Months::new(6);
            let first = Span { to: middle - Days::new(1), ..*span };
            std::iter::once(first).chain((middle <= span.to).then_some(Span { from: middle, ..*span }))
        })
        .collect();
    let axis = |axis: Axis, spans: &[Span], groups: &[&[&str]], rank: u8| -> Vec<Cell> {
        let region =
            |span: &Span, group: &&[&str]| Region::part(*span, axis, group.iter().map(|name| (*name).to_owned()));
        let cells = spans.iter().flat_map(|span| groups.iter().map(move |group| region(span, group)));
        cells.map(|region| Cell { region, rank, closed: None }).collect()
    };
    let (categories, channels): ([&[&str]; 3], [&[&str]; 2]) = ([&["c0"], &["c1"], &["c2"]], [&["web"], &["box"]]);
    let one = [whole];
    let tables = [
        each.iter().map(|span| Cell { region: Region::total(*span), rank: 1, closed: None }).collect(),
        halves.iter().map(|span| Cell { region: Region::total(*span), rank: 2, closed: None }).collect(),
        axis(Axis::Place, &one, &OLD, 2),
        axis(Axis::Place, &one, &NEW, 2),
        axis(Axis::Category, &one, &categories, 2),
        axis(Axis::Channel, &one, &channels, 2),
        axis(Axis::Place, &each, &OLD, 3),
        axis(Axis::Place, &each, &NEW, 3),
        axis(Axis::Category, &each, &categories, 3),
    ];
    let total = Cell { region: Region::total(whole), rank: 0, closed: None };
    std::iter::once(total).chain(tables.into_iter().filter(|_| !dice.one_in(3)).flatten()).collect()
}

/// What a world's public has been told, and the worlds that it was told of.
struct History {
    told: Vec<Earlier>,
    worlds: Vec<World>,
    born: Born,
}

/// How a release is made: by the rules, or by somebody who only strikes out small figures.
type Control = fn(&Request<'_>) -> Vec<Decision>;

fn by_the_rules(request: &Request<'_>) -> Vec<Decision> {
    // The clock is left out: a machine that is busy with other tests would close more tables than it has to.
    protect(request, &Policy { time: std::time::Duration::from_secs(3600), ..Policy::default() })
}

fn by_striking_out(request: &Request<'_>) -> Vec<Decision> {
    let decide = |value: i64| {
        if Policy::default().is_small(value) { Decision::Withhold(Reason::Small) } else { Decision::Show(value) }
    };
    request.cells.iter().map(|cell| decide(cell.region.count(&request.now.lines))).collect()
}

fn release(history: &mut History, cells: &[Cell], lines: &[Line], control: Control, losses: &mut Losses) {
    let as_of = quarter(2025, 0) + Days::new(30 * history.told.len() as u64);
    let now = World { as_of, lines: lines.to_vec() };
    let History { told, worlds, born } = &history;
    let decisions = control(&Request { cells, earlier: told, now: &now, then: worlds, born });
    let mut told = Earlier { as_of, shown: Vec::new(), withheld: Vec::new() };
    let mut reasons = BTreeSet::new();
    for (cell, decision) in cells.iter().zip(decisions) {
        match decision {
            Decision::Show(value) => told.shown.push((cell.region.clone(), value)),
            Decision::Withhold(reason) => {
                told.withheld.push(cell.region.clone());
                losses.closed += usize::from(reason == Reason::Bound);
                // The same figure stands in several tables; it is as coarse as the coarsest.
                let ranks = cells.iter().filter(|other| other.region == cell.region).map(|other| other.rank);
                reasons.insert((ranks.min(), reason));
            }
        }
    }
    let ranks: BTreeSet<_> = reasons.iter().map(|(rank, _)| rank).collect();
    losses.telling += reasons.len() - ranks.len();
    losses.shown += told.shown.len();
    losses.withheld += told.withheld.len();
    losses.small += told.shown.iter().filter(|(_, value)| Policy::default().is_small(*value)).count();
    history.told.push(told);
    history.worlds.push(now);
}

#[derive(Default, Debug)]
struct Losses {
    releases: usize,
    shown: usize,
    withheld: usize,
    /// Of the withheld, those whose table was closed as a whole.
    closed: usize,
    attacked: usize,
    public_before: usize,
    exact: usize,
    short: usize,
    small: usize,
    /// Movements from one release to another that are certain and small.
    moved: usize,
    /// Tables in which the reason tells one withheld figure from another.
    telling: usize,
}

/// One world, and all releases that somebody would take for its description.
struct Attack<'a> {
    history: &'a History,
    at: usize,
    changing: bool,
    releases: Vec<&'a Earlier>,
    attacker: Attacker<'a>,
}

impl<'a> Attack<'a> {
    fn on(history: &'a History, at: usize, changing: bool) -> Self {
        let lines = &history.worlds[at].lines;
        let agrees = |told: &&Earlier| told.shown.iter().all(|(region, value)| region.count(lines) == *value);
        let releases: Vec<&Earlier> = history.told.iter().filter(agrees).collect();
        let attacker = Attacker::new(history.table(at), public(&releases, NaiveDate::MAX));
        Self { history, at, changing, releases, attacker }
    }

    /// What was withheld, and every small count that stands in no table and may follow from several.
    fn run(&mut self, losses: &mut Losses) {
        let (threshold, world) = (Policy::default().threshold, &self.history.worlds[self.at]);
        let mut withheld: BTreeMap<&Region, NaiveDate> = BTreeMap::new();
        for told in self.releases.iter().rev() {
            withheld.extend(told.withheld.iter().map(|region| (region, told.as_of)));
        }
        for (region, since) in withheld {
            let length = self.attacker.interval(region, threshold);
            // Public in this world before a release withheld it, or what became of it: nothing brings it back. Where
            // nothing changes, nothing that is public is ever withheld.
            if length < threshold && self.changing {
                let before = public(&self.releases, since - Days::new(1));
                if Attacker::new(self.history.table(self.at), before).interval(region, threshold) == length {
                    losses.public_before += 1;
                    continue;
                }
            }
            losses.attacked += 1;
            losses.exact += usize::from(length == 0);
            losses.short += usize::from(length < threshold);
        }
        for region in self.history.runs() {
            if Policy::default().is_small(region.count(&world.lines)) {
                losses.attacked += 1;
                losses.exact += usize::from(self.attacker.interval(&region, 1) == 0);
            }
        }
    }

    /// What is certain in two worlds tells what came or went between them.
    fn compare(&mut self, other: &mut Self, losses: &mut Losses) {
        let count = |attack: &Self, region: &Region| region.count(&attack.history.worlds[attack.at].lines);
        for region in self.history.runs() {
            let moved = count(self, &region) - count(other, &region);
            let wide = region.slice.is_none() && region.span.days() >= Policy::default().wide_days;
            if Policy::default().is_small(moved.abs()) && !wide {
                losses.attacked += 1;
                let certain = |attack: &mut Self| attack.attacker.interval(&region, 1) == 0;
                losses.moved += usize::from(certain(self) && certain(other));
            }
        }
    }
}

fn public<'a>(releases: &[&'a Earlier], until: NaiveDate) -> Vec<&'a Region> {
    let releases = releases.iter().filter(|told| told.as_of <= until);
    releases.flat_map(|told| told.shown.iter().map(|(region, _)| region)).collect()
}

impl History {
    fn regions(&self) -> Vec<&Region> {
        let all = self.told.iter().flat_map(|told| told.shown.iter().map(|(region, _)| region).chain(&told.withheld));
        all.collect::<BTreeSet<&Region>>().into_iter().collect()
    }

    fn table(&self, at: usize) -> Vec<Line> {
        full_table(&self.regions(), &self.worlds[at].lines, &self.born)
    }

    /// Every run of days that all releases together tell apart, alone and by place, old and new.
    fn runs(&self) -> Vec<Region> {
        let cuts = self.regions().into_iter().flat_map(|region| [region.span.from, region.span.end()]);
        let cuts: Vec<NaiveDate> = cuts.collect::<BTreeSet<_>>().into_iter().collect();
        let mut runs = Vec::new();
        for (at, from) in cuts.iter().enumerate() {
            for end in &cuts[at + 1..] {
                let span = Span { from: *from, to: *end - Days::new(1) };
                let part =
                    |names: &[&str]| Region::part(span, Axis::Place, names.iter().map(|name| (*name).to_owned()));
                runs.extend(OLD.iter().chain(&NEW).map(|names| part(names)));
                runs.push(Region::total(span));
            }
        }
        runs
    }
}

fn play(seed: u64, control: Control, losses: &mut Losses) {
    let mut dice = Dice(seed);
    let mut lines = draw_lines(&mut dice);
    let mut history = History { told: Vec::new(), worlds: Vec::new(), born: Born::new() };
    if dice.one_in(3) {
        // A place that is new, and everybody knows since when.
        let day = quarter(2022, 2);
        history.born.insert((Axis::Place, "p4".to_owned()), day);
        lines.iter_mut().filter(|line| line.place == "p4" && line.day < day).for_each(|line| line.count = 0);
    }
    let unchanging = dice.one_in(2);
    let mut cells = draw_cells(&mut dice);
    for _ in 0..=dice.below(3) {
        release(&mut history, &cells, &lines, control, losses);
        losses.releases += 1;
        if !unchanging {
            change(&mut dice, &mut lines);
            lines.iter_mut().filter(|line| is_unborn(&history.born, line)).for_each(|line| line.count = 0);
        }
        // Now and then the same tables again: a revision.
        if !dice.one_in(3) {
            cells = draw_cells(&mut dice);
        }
    }
    let mut later: Option<Attack<'_>> = None;
    for at in (0..history.worlds.len()).rev() {
        let mut attack = Attack::on(&history, at, !unchanging);
        attack.run(losses);
        if let Some(later) = &mut later {
            attack.compare(later, losses);
        }
        later = Some(attack);
        if unchanging {
            break;
        }
    }
}

fn is_unborn(born: &Born, line: &Line) -> bool {
    born.get(&(Axis::Place, line.place.clone())).is_some_and(|day| line.day < *day)
}

#[test]
fn two_hundred_worlds_are_attacked_and_none_gives_away_anything() {
    let attacked = |worlds: std::iter::StepBy<std::ops::Range<u64>>| {
        let mut losses = Losses::default();
        for seed in worlds {
            play(seed, by_the_rules, &mut losses);
            let Losses { exact, short, small, moved, telling, .. } = losses;
            assert_eq!((exact, short, small, moved, telling), (0, 0, 0, 0, 0), "world {seed}: {losses:?}");
        }
        losses
    };
    // It is the longest test of all: on two cores.
    let (even, odd) = std::thread::scope(|scope| {
        let odd = scope.spawn(|| attacked((1..WORLDS).step_by(2)));
        (attacked((0..WORLDS).step_by(2)), odd.join().unwrap())
    });
    for losses in [even, odd] {
        assert!(losses.shown > losses.withheld && losses.attacked > 2_500, "{losses:?}");
        // For whoever runs it with `--nocapture`.
        std::io::Write::write_all(&mut std::io::stderr(), format!("{losses:?}\n").as_bytes()).unwrap();
    }
}

#[test]
fn the_attacker_finds_what_striking_out_leaves_open() {
    let mut losses = Losses::default();
    (0..20).for_each(|seed| play(seed, by_striking_out, &mut losses));
    assert!(losses.exact > 50 && losses.short > 20 && losses.moved > 50, "{losses:?}");
}

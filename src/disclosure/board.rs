//! The unknowns of somebody who reads what is published: how many sources there are in each piece that any figure, of
//! any release, tells apart.
//!
//! Every table is told apart by time and by at most one axis. So the unknowns are the counts of each stretch of days,
//! and for each axis the counts of its pieces of time by its classes; the only tie between axes is that each adds up to
//! the count of its days. This is exact: any such counts that fit together are those of some full table (places,
//! categories and channels can be paired off freely within each stretch), so nothing more can be inferred.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use chrono::NaiveDate;

use super::region::{Axis, Line, Region, Slice, Span};

/// The first day on which a value of an axis can occur: before it, everybody knows that there is none.
pub type Born = BTreeMap<(Axis, String), NaiveDate>;

/// A sum of unknowns.
pub type Row = Vec<(usize, i64)>;

pub struct Board {
    /// First days of the stretches, and the day after the last.
    starts: Vec<NaiveDate>,
    axes: Vec<Part>,
    /// Sums that are 0 in every world: an axis adds up to its days.
    pub links: Vec<Row>,
    /// Unknowns that are 0 in every world.
    pub void: Vec<usize>,
    pub size: usize,
}

/// An axis on the board: its unknowns stand one piece after the other, each by class.
struct Part {
    axis: Axis,
    /// Stretches of each piece of time that a figure of this axis tells apart.
    pieces: Vec<Range<usize>>,
    /// Values that no figure tells apart share a class.
    classes: BTreeMap<String, usize>,
    width: usize,
    first: usize,
}

impl Part {
    fn classes_of(&self, slice: &Slice) -> BTreeSet<usize> {
        slice.members.iter().filter_map(|value| self.classes.get(value).copied()).collect()
    }

    fn cells(&self, pieces: Range<usize>, classes: &BTreeSet<usize>) -> Vec<usize> {
        pieces.flat_map(|piece| classes.iter().map(move |class| self.first + piece * self.width + class)).collect()
    }
}

impl Board {
    pub fn lay(regions: &[Region], worlds: &[&[Line]], born: &Born) -> Self {
        let axes = Axis::ALL.map(|axis| (axis, cuts_of(regions, axis, born)));
        let all = regions.iter().flat_map(|region| [region.span.from, region.span.end()]);
        let all: BTreeSet<NaiveDate> = all.chain(axes.iter().flat_map(|(_, cuts)| cuts.iter().copied())).collect();
        let starts: Vec<NaiveDate> = all.into_iter().collect();
        let mut board = Self {
            size: starts.len().saturating_sub(1),
            starts,
            axes: Vec::new(),
            links: Vec::new(),
            void: Vec::new(),
        };
        for (axis, cuts) in axes.iter().filter(|(_, cuts)| !cuts.is_empty()) {
            board.lay_axis(*axis, cuts, &of_axis(regions, *axis), worlds, born);
        }
        board
    }

    fn lay_axis(&mut self, axis: Axis, cuts: &[NaiveDate], regions: &[&Region], worlds: &[&[Line]], born: &Born) {
        let covered = cuts.windows(2).filter(|cut| regions.iter().any(|region| region.span.holds(cut[0])));
        let pieces: Vec<Range<usize>> = covered.map(|cut| self.stretch(cut[0])..self.stretch(cut[1])).collect();
        let spans = regions.iter().map(|region| region.span);
        let whole = spans.reduce(|a, b| Span { from: a.from.min(b.from), to: a.to.max(b.to) });
        let named = regions.iter().filter_map(|region| region.slice.as_ref()).flat_map(|slice| slice.members.iter());
        let lines = worlds.iter().flat_map(|lines| lines.iter());
        let counted = lines.filter(|line| whole.is_some_and(|whole| whole.holds(line.day))).map(|line| line.at(axis));
        let values: BTreeSet<&str> = named.map(String::as_str).chain(counted).collect();
        let birth = |value: &str| born.get(&(axis, value.to_owned())).copied();
        let mut classes = BTreeMap::new();
        let mut known: BTreeMap<(Vec<bool>, Option<NaiveDate>), usize> = BTreeMap::new();
        for value in values {
            let holds = |region: &&Region| region.slice.as_ref().is_some_and(|slice| slice.members.contains(value));
            let signature = (regions.iter().map(holds).collect::<Vec<bool>>(), birth(value));
            let next = known.len();
            classes.insert(value.to_owned(), *known.entry(signature).or_insert(next));
        }
        let (first, width) = (self.size, known.len());
        for (piece, stretches) in pieces.iter().enumerate() {
            let own = (0..width).map(|class| (first + piece * width + class, 1));
            self.links.push(own.chain(stretches.clone().map(|stretch| (stretch, -1))).collect());
            let ends = self.starts[stretches.end];
            let unborn = known.iter().filter(|((_, born), _)| born.is_some_and(|born| born >= ends));
            self.void.extend(unborn.map(|(_, class)| first + piece * width + class));
        }
        self.size += pieces.len() * width;
        self.axes.push(Part { axis, pieces, classes, width, first });
    }

    /// Unknowns below this are counts of whole stretches.
    pub fn stretches(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The stretch that begins on a day, which is one of the cuts.
    fn stretch(&self, day: NaiveDate) -> usize {
        self.starts.partition_point(|start| *start < day)
    }

    /// The unknowns that a region adds up.
    pub fn cells(&self, region: &Region) -> Vec<usize> {
        let stretches = self.stretch(region.span.from)..self.stretch(region.span.end());
        let Some(slice) = &region.slice else { return stretches.collect() };
        let Some(part) = self.axes.iter().find(|part| part.axis == slice.axis) else { return Vec::new() };
        // Pieces stand in the order of their days.
        let first = part.pieces.partition_point(|piece| piece.start < stretches.start);
        let last = part.pieces.partition_point(|piece| piece.end <= stretches.end);
        part.cells(first..last.max(first), &part.classes_of(slice))
    }

    /// What the unknowns are in a world.
    pub fn truth(&self, lines: &[Line]) -> Vec<i64> {
        let mut truth = vec![0; self.size];
        for line in lines {
            let after = self.starts.partition_point(|start| *start <= line.day);
            let Some(stretch) = after.checked_sub(1).filter(|stretch| stretch + 1 < self.starts.len()) else {
                continue;
            };
            truth[stretch] += line.count;
            for part in &self.axes {
                let piece = part.pieces.iter().position(|piece| piece.contains(&stretch));
                if let (Some(piece), Some(class)) = (piece, part.classes.get(line.at(part.axis))) {
                    truth[part.first + piece * part.width + class] += line.count;
                }
            }
        }
        truth
    }

    /// Every run of days that the cuts allow, alone, by class, and by each group of values that a figure is about: what
    /// several figures together could tell apart.
    pub fn runs(&self, slices: &BTreeSet<Slice>) -> Vec<(Span, Vec<usize>)> {
        let mut runs = Vec::new();
        let stretches = self.stretches();
        for from in 0..stretches {
            for to in from..stretches {
                runs.push((self.span(from..to + 1), (from..=to).collect()));
            }
        }
        for part in &self.axes {
            let groups = slices.iter().filter(|slice| slice.axis == part.axis).map(|slice| part.classes_of(slice));
            let alone = (0..part.width).map(|class| BTreeSet::from([class]));
            let groups: BTreeSet<BTreeSet<usize>> = groups.chain(alone).collect();
            for (first, last) in (0..part.pieces.len()).flat_map(|a| (a..part.pieces.len()).map(move |b| (a, b))) {
                let span = self.span(part.pieces[first].start..part.pieces[last].end);
                runs.extend(groups.iter().map(|classes| (span, part.cells(first..last + 1, classes))));
            }
        }
        runs
    }

    fn span(&self, stretches: Range<usize>) -> Span {
        let to = self.starts[stretches.end].pred_opt().unwrap_or(self.starts[stretches.end]);
        Span { from: self.starts[stretches.start], to }
    }
}

fn of_axis(regions: &[Region], axis: Axis) -> Vec<&Region> {
    regions.iter().filter(|region| region.slice.as_ref().is_some_and(|slice| slice.axis == axis)).collect()
}

/// Days between which an axis must be told apart: those of its figures, and those before which a value cannot occur.
fn cuts_of(regions: &[Region], axis: Axis, born: &Born) -> Vec<NaiveDate> {
    let regions = of_axis(regions, axis);
    let ends = regions.iter().flat_map(|region| [region.span.from, region.span.end()]);
    let mut cuts: BTreeSet<NaiveDate> = ends.collect();
    let (first, last) = (cuts.first().copied(), cuts.last().copied());
    let births = born.iter().filter(|((of, _), _)| *of == axis).map(|(_, day)| *day);
    cuts.extend(births.filter(|day| first.is_some_and(|first| first < *day) && last.is_some_and(|last| *day < last)));
    cuts.into_iter().collect()
}

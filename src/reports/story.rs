//! The paragraphs of a report: what the source document says in words, said again from the ledger.

use super::{
    Number, assemble,
    document::Paragraph,
    gather::{Gathered, Span},
    span,
    words::{self, both},
};
use crate::{
    reference::{Label, Language},
    statistics::{
        measures::{Comparison, Measure},
        periods,
    },
};

/// What the story is told from.
pub struct Told<'a> {
    pub span: &'a Span,
    pub scope: &'a Label,
    pub gathered: &'a Gathered,
    pub reconciles: bool,
    pub synthetic: bool,
}

/// Warnings first, then what residents gave, then how it was before.
pub fn paragraphs(told: &Told<'_>) -> Vec<Paragraph> {
    let mut paragraphs = Vec::new();
    if !told.reconciles {
        paragraphs.push(Paragraph { key: "does_not_reconcile", text: words::reconciles(false) });
    }
    if told.synthetic {
        paragraphs.push(Paragraph { key: "synthetic", text: words::synthetic() });
    }
    if let Some(text) = movement(told) {
        paragraphs.push(Paragraph { key: "movement", text });
    }
    if let Some(text) = compared(told) {
        paragraphs.push(Paragraph { key: "comparison", text });
    }
    paragraphs
}

fn figure<'a>(told: &Told<'a>, measure: Measure) -> Option<&'a Comparison> {
    told.gathered.compared.iter().flatten().find(|figure| figure.now.query.measure == measure)
}

fn movement(told: &Told<'_>) -> Option<Label> {
    let total = |measure| figure(told, measure)?.now.total.map(|value| assemble::number(measure, value));
    let sources = total(Measure::ValuableSources)?;
    let received = total(Measure::Received)?;
    let (cases, persons) = (total(Measure::Cases)?, total(Measure::Persons)?);
    let share = total(Measure::ValuableShare);
    let period = span::in_a_sentence(told.span.from, told.span.to);
    let (vi, en) = (Language::Vi, Language::En);
    let vi_share = share.map_or(String::new(), |share| format!(" (đạt {} %)", share.written(vi)));
    let en_share = share.map_or(String::new(), |share| format!(" ({} %)", share.written(en)));
    Some(both(
        &format!(
            "Theo số liệu của {}, {} Nhân dân đã cung cấp cho lực lượng công an {} nguồn tin có giá trị trong tổng số \
             {} tin{vi_share}; qua xử lý nguồn tin của Nhân dân đã giải quyết kịp thời {} vụ, {} đối tượng.",
            told.scope.vi,
            period.vi,
            sources.written(vi),
            received.written(vi),
            cases.written(vi),
            persons.written(vi),
        ),
        &format!(
            "{}, by the figures of {}, residents gave police {} valuable sources among {} tips{en_share}; working on \
             what residents told, police handled {} cases and {} persons in time.",
            period.en,
            told.scope.en,
            sources.written(en),
            received.written(en),
            cases.written(en),
            persons.written(en),
        ),
    ))
}

fn compared(told: &Told<'_>) -> Option<Label> {
    let figure = figure(told, Measure::ValuableSources)?;
    let (now, then) = (figure.now.total?, figure.before.total?);
    let before = periods::before(told.span.from, told.span.to);
    let name = span::name_of(before.0, before.1);
    let written = |number: i64, language| Number::whole(number).written(language);
    let size = (now - then).abs();
    let percent = |language| {
        let percent = figure.change.permille.map(|permille| Number::per_cent(permille.abs()).written(language));
        percent.map_or(String::new(), |percent| format!(" ({percent} %)"))
    };
    let (vi, en) = (Language::Vi, Language::En);
    let (vi_change, en_change) = match now.cmp(&then) {
        std::cmp::Ordering::Equal => ("không tăng, không giảm".to_owned(), "as many as now".to_owned()),
        std::cmp::Ordering::Greater => (
            format!("tăng {} nguồn tin{}", written(size, vi), percent(vi)),
            format!("{} fewer than now{}", written(size, en), percent(en)),
        ),
        std::cmp::Ordering::Less => (
            format!("giảm {} nguồn tin{}", written(size, vi), percent(vi)),
            format!("{} more than now{}", written(size, en), percent(en)),
        ),
    };
    Some(both(
        &format!("So với cùng kỳ ({}: {} nguồn tin có giá trị): {vi_change}.", name.vi, written(then, vi)),
        &format!("The same period before ({}) had {} valuable sources: {en_change}.", name.en, written(then, en)),
    ))
}

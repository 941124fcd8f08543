//! Bars beside a table: they show what the table says, never more, and never instead of it.

/// A bar and, where it is compared, the one before it.
pub struct Bar {
    pub label: String,
    pub value: i64,
    pub text: String,
    pub before: Option<i64>,
}

/// A drawn bar, in the units of the picture.
pub struct Drawn {
    pub label: String,
    pub text: String,
    pub y: usize,
    pub width: i64,
    pub before: Option<i64>,
    pub text_x: i64,
}

pub struct Chart {
    pub height: usize,
    pub bars: Vec<Drawn>,
}

/// Width of the longest bar; the picture is as wide as this, the labels and the figures at the ends.
const LONGEST: i64 = 300;
/// Where bars begin.
pub const START: i64 = 150;
const ROW: usize = 26;

impl Chart {
    /// None where there is nothing to compare: fewer than two bars, or all of them nothing.
    pub fn of(bars: Vec<Bar>) -> Option<Self> {
        let most = bars.iter().flat_map(|bar| [bar.value, bar.before.unwrap_or(0)]).max().filter(|most| *most > 0)?;
        if bars.len() < 2 {
            return None;
        }
        // 128 bits: amounts in thousandths of đồng times a width leave 64.
        let width = |value: i64| {
            let scaled = i128::from(value.max(0)) * i128::from(LONGEST) / i128::from(most);
            i64::try_from(scaled).unwrap_or(LONGEST)
        };
        let drawn = bars.into_iter().enumerate().map(|(at, bar)| Drawn {
            label: shortened(&bar.label),
            text: bar.text,
            y: at * ROW,
            width: width(bar.value),
            before: bar.before.map(width),
            text_x: START + width(bar.value) + 6,
        });
        let bars: Vec<Drawn> = drawn.collect();
        Some(Self { height: bars.len() * ROW, bars })
    }
}

/// As much of a label as stands before a bar.
fn shortened(label: &str) -> String {
    const MOST: usize = 22;
    if label.chars().count() <= MOST {
        return label.to_owned();
    }
    label.chars().take(MOST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(value: i64) -> Bar {
        Bar { label: "x".into(), value, text: value.to_string(), before: None }
    }

    #[test]
    fn the_longest_bar_is_the_largest_figure_and_the_others_keep_proportion() {
        let chart = Chart::of(vec![bar(50), bar(100), bar(0)]).unwrap();
        assert_eq!(chart.bars.iter().map(|bar| bar.width).collect::<Vec<_>>(), [LONGEST / 2, LONGEST, 0]);
    }

    #[test]
    fn what_cannot_be_compared_is_not_drawn() {
        assert!(Chart::of(vec![bar(3)]).is_none());
        assert!(Chart::of(vec![bar(0), bar(0)]).is_none());
        assert!(Chart::of(vec![bar(i64::MAX), bar(1)]).is_some());
    }
}

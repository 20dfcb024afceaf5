use super::axis::Axis;
use crate::canvas::{Anchor, Canvas, Point, text_width};
use crate::theme::{FOOTNOTE, GUIDE, HAIRLINE, PAPER, QUIET_INK};

/// Where on a line its label may be, best first, as shares of what is seen.
const ON_LINE: [f64; 6] = [0.8, 0.2, 0.7, 0.3, 0.6, 0.4];

/// A line behind the marks, in the values of two axes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Guide {
    /// What it is.
    pub(crate) label: String,
    /// Where it runs.
    pub(crate) course: Course,
}

/// Where a guide runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Course {
    /// y is `ratio` times x, where both axes are logarithmic.
    Ratio(f64),
    /// x is the same.
    Upright { x: f64 },
}

/// What is taken in a panel: left, top, right, bottom.
pub(super) type Room = [f64; 4];

impl Guide {
    /// Draws the part that the axes show, and its label where that touches none of `taken`.
    pub(super) fn draw(&self, canvas: &mut Canvas, (x, y): (&Axis, &Axis), taken: &mut Vec<Room>) {
        let Some((from, to)) = self.visible((x, y)) else {
            return;
        };
        canvas.line(from, to, HAIRLINE, GUIDE);
        let ends = self.label_ends((from, to)).into_iter();
        let (left, right) = (x.at(x.low), x.at(x.high));
        let (top, bottom) = (y.at(y.high), y.at(y.low));
        let mut places = ends.map(|end| (end, room(&self.label, end))).filter(|(_, room)| {
            let within = room[0] > left && room[2] < right && room[3] < bottom && room[1] > top;
            within && taken.iter().all(|other| apart(room, other))
        });
        if let Some((end, room)) = places.next() {
            let [left, top, right, bottom] = room;
            let corners = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
            canvas.polygon(corners, PAPER);
            canvas.text(end, &self.label, FOOTNOTE, Anchor::End, QUIET_INK);
            taken.push(room);
        }
    }

    /// Returns the ends of what the axes show.
    fn visible(&self, (x, y): (&Axis, &Axis)) -> Option<(Point, Point)> {
        let at = |of_x: f64, of_y: f64| (x.at(of_x), y.at(of_y));
        match self.course {
            Course::Ratio(ratio) => {
                let from = x.low.max(y.low / ratio);
                let to = x.high.min(y.high / ratio);
                (from < to).then(|| (at(from, ratio * from), at(to, ratio * to)))
            }
            Course::Upright { x: place } => {
                (x.low..=x.high).contains(&place).then(|| (at(place, y.low), at(place, y.high)))
            }
        }
    }

    /// Returns where the label may end, best first: on the line itself.
    fn label_ends(&self, (from, to): (Point, Point)) -> Vec<Point> {
        let half = text_width(&self.label, FOOTNOTE) / 2.0;
        let centred = |(x, y): Point| (x + half, y + 0.3 * FOOTNOTE.em);
        ON_LINE.map(|share| centred(between(from, to, share))).to_vec()
    }
}

/// Returns the place at a share of the way.
fn between(from: Point, to: Point, share: f64) -> Point {
    (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
}

/// Returns what a text takes that ends at a baseline's right end.
pub(super) fn room(text: &str, (right, baseline): Point) -> Room {
    let left = right - text_width(text, FOOTNOTE);
    [left, baseline - 0.8 * FOOTNOTE.em, right, baseline + 0.25 * FOOTNOTE.em]
}

/// Returns whether neither covers anything of the other.
pub(super) fn apart(one: &Room, other: &Room) -> bool {
    one[0] >= other[2] || one[2] <= other[0] || one[1] >= other[3] || one[3] <= other[1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slope_is_cut_where_it_leaves_the_axes_and_not_bent() {
        let x = Axis::log((1.0, 100.0), (0.0, 200.0));
        let y = Axis::log((1.0, 10.0), (100.0, 0.0));
        let guide = Guide { label: String::new(), course: Course::Ratio(0.5) };
        let ((left, bottom), (right, top)) = guide.visible((&x, &y)).unwrap();
        // y is 1 at x 2 and 10 at x 20: log10(2) and log10(20) of the two decades of 200 units.
        assert!((left - 30.1).abs() < 0.01 && (right - 130.1).abs() < 0.01, "{left} {right}");
        assert!((bottom - 100.0).abs() < 1e-9 && top.abs() < 1e-9, "{bottom} {top}");
    }

    #[test]
    fn what_the_axes_do_not_show_is_not_drawn() {
        let axis = Axis::log((1.0, 100.0), (0.0, 200.0));
        for course in [Course::Ratio(1e3), Course::Upright { x: 1e3 }] {
            let guide = Guide { label: String::new(), course };
            assert_eq!(guide.visible((&axis, &axis)), None);
        }
    }
}

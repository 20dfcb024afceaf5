use super::guide::{Room, apart, room};
use crate::canvas::{Anchor, Canvas, Point, text_width};
use crate::theme::{FOOTNOTE, INK, SMALL_MARK};

/// Names in one panel at most.
const MOST: usize = 8;
/// White between a mark and its name.
const ASIDE: f64 = SMALL_MARK + 2.5;

/// A mark that may have its name beside it.
pub(super) struct Named<'a> {
    pub(super) centre: Point,
    pub(super) name: &'a str,
    /// What it is compared in with the other marks.
    pub(super) rank: f64,
}

/// Writes names beside the marks that are farthest from the middle one, where they touch nothing
/// that is taken and stay within a frame; of several marks of one name, beside the highest.
pub(super) fn names(
    canvas: &mut Canvas,
    marks: Vec<Named<'_>>,
    frame: Room,
    taken: &mut Vec<Room>,
) {
    let mut marks = highest(marks);
    marks.sort_by(|a, b| a.rank.total_cmp(&b.rank));
    let middle = marks.get(marks.len() / 2).map_or(0.0, |mark| mark.rank);
    let far = |mark: &Named<'_>| (mark.rank - middle).abs();
    marks.sort_by(|a, b| far(b).total_cmp(&far(a)).then_with(|| a.name.cmp(b.name)));
    let mut written = 0;
    for mark in marks {
        if written == MOST {
            return;
        }
        let rooms = ends(&mark).map(|end| (end, room(mark.name, end)));
        let free = rooms
            .into_iter()
            .find(|(_, room)| within(room, &frame) && taken.iter().all(|other| apart(room, other)));
        if let Some((end, room)) = free {
            canvas.text(end, mark.name, FOOTNOTE, Anchor::End, INK);
            taken.push(room);
            written += 1;
        }
    }
}

/// Returns the highest mark of each name.
fn highest(mut marks: Vec<Named<'_>>) -> Vec<Named<'_>> {
    marks.sort_by(|a, b| a.name.cmp(b.name).then_with(|| a.centre.1.total_cmp(&b.centre.1)));
    marks.dedup_by_key(|mark| mark.name);
    marks
}

/// Returns where a name may end, best first: right of its mark, left, above, below.
fn ends(Named { centre: (x, y), name, .. }: &Named<'_>) -> [Point; 4] {
    let width = text_width(name, FOOTNOTE);
    let level = y + 0.3 * FOOTNOTE.em;
    [
        (x + ASIDE + width, level),
        (x - ASIDE, level),
        (x + width / 2.0, y - ASIDE - 0.25 * FOOTNOTE.em),
        (x + width / 2.0, y + ASIDE + 0.8 * FOOTNOTE.em),
    ]
}

fn within(room: &Room, frame: &Room) -> bool {
    room[0] > frame[0] && room[1] > frame[1] && room[2] < frame[2] && room[3] < frame[3]
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Room = [0.0, 0.0, 300.0, 200.0];

    fn written(marks: Vec<Named<'_>>, mut taken: Vec<Room>) -> Vec<String> {
        let mut canvas = Canvas::new(300.0).unwrap();
        names(&mut canvas, marks, FRAME, &mut taken);
        canvas.text_boxes().into_iter().map(|(_, text)| text.to_string()).collect()
    }

    fn named(name: &str, x: f64, rank: f64) -> Named<'_> {
        Named { centre: (x, 100.0), name, rank }
    }

    #[test]
    fn what_stands_out_is_named_first_and_once() {
        // The middle one of four is 2.0: -9 is 11 away, 9 is 7, 1 is 1.
        let marks = vec![
            named("middle", 60.0, 2.0),
            named("near", 120.0, 1.0),
            named("high", 180.0, 9.0),
            named("low", 240.0, -9.0),
            named("high", 10.0, 9.0),
        ];
        assert_eq!(written(marks, Vec::new()), ["low", "high", "near", "middle"]);
    }

    #[test]
    fn a_name_without_room_is_left_out() {
        let all = vec![FRAME];
        assert_eq!(written(vec![named("net", 150.0, 1.0)], all), Vec::<String>::new());
        // At the right end, it goes left of its mark.
        assert_eq!(written(vec![named("net", 299.0, 1.0)], Vec::new()), ["net"]);
        let many = (0..20).map(|at| Named {
            centre: (50.0, 9.0 * f64::from(at)),
            name: NAMES[at as usize],
            rank: 0.0,
        });
        assert_eq!(written(many.collect(), Vec::new()).len(), MOST);
    }

    const NAMES: [&str; 20] = [
        "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r",
        "s", "t",
    ];
}

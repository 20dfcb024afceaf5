use maud::{Markup, PreEscaped, html};

use super::text::slug;
use crate::FigureTable;

/// Returns the `id` of a figure, unique on the page.
pub(super) fn id(table: &FigureTable) -> String {
    format!("figure-{}-{}", slug(&table.set), table.figure)
}

/// Returns a picture as part of the page: its title and description have names of their own, since
/// a page has many. Figures are drawn without any other `id`.
pub(super) fn picture(table: &FigureTable, svg: &str) -> Markup {
    let id = id(table);
    let named = format!("<svg aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\" ");
    let svg = compact(svg)
        .replacen("<svg ", &named, 1)
        .replacen("<title>", &format!("<title id=\"{id}-title\">"), 1)
        .replacen("<desc>", &format!("<desc id=\"{id}-desc\">"), 1);
    let label = format!("Picture: {}", table.question);
    html! { div.picture tabindex="0" role="group" aria-label=(label) { (PreEscaped(svg)) } }
}

/// Returns a picture of the same look in fewer elements, since a browser's time to read a page is in
/// proportion to them: neighbouring lines of one style become a path, and what is SVG's default
/// anyway is left out.
fn compact(svg: &str) -> String {
    let mut whole = String::with_capacity(svg.len());
    // The style of the path that is being written.
    let mut open: Option<&str> = None;
    for row in svg.lines() {
        let line = line(row);
        if open.is_some() && open != line.as_ref().map(|(style, _)| *style) {
            whole.push_str("\"/>\n");
        }
        match &line {
            Some((style, ends)) => {
                if open != Some(style) {
                    whole.push_str(&without_defaults(&format!("<path {style}d=\"")));
                }
                whole.push_str(ends);
            }
            None => whole.extend([without_defaults(row).as_str(), "\n"]),
        }
        open = line.map(|(style, _)| style);
    }
    whole
}

/// Returns a line's style and its way as a path, or `None` for any other element.
fn line(row: &str) -> Option<(&str, String)> {
    let (style, ends) = row.strip_prefix("<line ")?.strip_suffix("\"/>")?.split_once("x1=\"")?;
    let (x1, ends) = ends.split_once("\" y1=\"")?;
    let (y1, ends) = ends.split_once("\" x2=\"")?;
    let (x2, y2) = ends.split_once("\" y2=\"")?;
    Some((style, format!("M{x1} {y1}L{x2} {y2}")))
}

fn without_defaults(element: &str) -> String {
    element.replace(" opacity=\"1\"", "").replace(" stroke=\"none\" stroke-width=\"1\"", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_lines_of_one_style_are_one_path() {
        let svg = "<svg>\n\
                   <line opacity=\"1\" stroke=\"#111111\" x1=\"1\" y1=\"2\" x2=\"3\" y2=\"4\"/>\n\
                   <line opacity=\"1\" stroke=\"#111111\" x1=\"5\" y1=\"6\" x2=\"7\" y2=\"8\"/>\n\
                   <line opacity=\"0.5\" stroke=\"#111111\" x1=\"0\" y1=\"0\" x2=\"9\" y2=\"-9\"/>\n\
                   <circle r=\"2\" opacity=\"1\" stroke=\"none\" stroke-width=\"1\"/>\n\
                   </svg>\n";
        let expected = "<svg>\n\
                        <path stroke=\"#111111\" d=\"M1 2L3 4M5 6L7 8\"/>\n\
                        <path opacity=\"0.5\" stroke=\"#111111\" d=\"M0 0L9 -9\"/>\n\
                        <circle r=\"2\"/>\n\
                        </svg>\n";
        assert_eq!(compact(svg), expected);
    }
}

use maud::{Markup, PreEscaped, html};

use super::text::slug;
use crate::FigureTable;
use crate::rendered_figure::RenderedFigure;

/// Returns the `id` of a figure, unique on the page.
pub(super) fn id(table: &FigureTable) -> String {
    format!("figure-{}-{}", slug(&table.set), table.figure)
}

/// Returns a picture as part of the page: its title and description have names of their own, since
/// a page has many. Figures are drawn without any other `id`.
pub(super) fn picture(drawn: &RenderedFigure) -> Markup {
    let id = id(&drawn.table);
    let named = format!("<svg aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\" ");
    let svg = drawn
        .svg
        .replacen("<svg ", &named, 1)
        .replacen("<title>", &format!("<title id=\"{id}-title\">"), 1)
        .replacen("<desc>", &format!("<desc id=\"{id}-desc\">"), 1);
    let label = format!("Picture: {}", drawn.table.question);
    html! { div.picture tabindex="0" role="group" aria-label=(label) { (PreEscaped(svg)) } }
}

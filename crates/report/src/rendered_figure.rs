use crate::FigureTable;

/// A figure and its picture, if it has one.
pub(crate) struct RenderedFigure {
    pub(crate) table: FigureTable,
    /// None of a figure that is not worth a picture.
    pub(crate) svg: Option<String>,
}

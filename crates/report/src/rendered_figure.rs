use crate::FigureTable;

/// A figure and its picture.
pub(crate) struct RenderedFigure {
    pub(crate) table: FigureTable,
    pub(crate) svg: String,
}

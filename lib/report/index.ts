/** Figures from measurements, and the report that shows them: self-contained HTML, SVG and PNG. */
export type {
  Figure,
  PictureCell,
  PictureFigure,
  PlotFigure,
  PlotlyLayout,
  PlotlyTrace,
  Quantity,
  ReportContent,
  ReportExperiment,
  ReportManifest,
  Table,
  WrittenReport,
} from './types.js';

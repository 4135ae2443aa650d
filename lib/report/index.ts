/** Figures from measurements, and the report that shows them: self-contained HTML, SVG and PNG. */
export { type BarsOptions, bars } from './bars.js';
export { type CurveOptions, curve } from './curve.js';
export { type DrawnEdge, type DrawnNode, type NetworkOptions, networkDrawing } from './network.js';
export { pictureStrip, type StripOptions } from './pictures.js';
export { type NamedPoint, type NamedPointsOptions, namedPoints, type PointSeries } from './points.js';
export { closeRenderer, renderPng, renderSvg } from './render.js';
export { readFigure } from './store.js';
export { PALETTE, systemStyles } from './style.js';
export { type TimelineBar, type TimelineMark, type TimelineOptions, timeline } from './timeline.js';
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
export { validateFigure } from './validate.js';
export { writeReport } from './write.js';

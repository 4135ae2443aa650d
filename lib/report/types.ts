import type { Measurement } from '../link/index.js';

/** One trace of a Plotly figure: plain JSON, as Plotly's reference describes it. */
export interface PlotlyTrace {
  type: string;
  name?: string;
  [attribute: string]: unknown;
}

/** The layout of a Plotly figure: plain JSON. */
export type PlotlyLayout = Record<string, unknown>;

/** The numbers behind a figure, as they stand in the report and in its CSV. */
export interface Table {
  columns: string[];
  rows: (string | number | null)[][];
}

interface FigureHead {
  /** File name without extension: letters, digits, `-` and `_`. Unique within a report. */
  name: string;
  title: string;
  /** A sentence that says what the figure shows; plain text. */
  caption: string;
  table?: Table;
}

/** Curves, bars, …: plain Plotly JSON with a caption. */
export interface PlotFigure extends FigureHead {
  kind?: 'plot';
  data: PlotlyTrace[];
  layout: PlotlyLayout;
}

/** One picture of a strip: an encoded PNG and the short text below it, such as `31.2 dB`. */
export interface PictureCell {
  png: Uint8Array;
  text: string;
}

/** A grid of pictures: one labelled row a system, one column a condition; `null` leaves a cell empty. */
export interface PictureFigure extends FigureHead {
  kind: 'pictures';
  columns: string[];
  rows: { label: string; cells: (PictureCell | null)[] }[];
}

/** What an experiment's `figures` returns and a report shows. */
export type Figure = PlotFigure | PictureFigure;

/** The name of a parameter of the rows, or one of the three measured quantities. */
export type Quantity = 'rate' | 'accuracy' | 'latency';

/** What a report says of the run besides its figures. Times are ISO 8601. */
export interface ReportManifest {
  preset?: string;
  seed?: number | string;
  /** The command that makes the run again. */
  command?: string;
  engine?: string | Record<string, unknown>;
  versions?: Record<string, string>;
  startedAt?: string;
  finishedAt?: string;
  wallTimeSec?: number;
  config?: unknown;
  git?: unknown;
  [entry: string]: unknown;
}

/** What the header of a report says about the experiment; plain text throughout. */
export interface ReportExperiment {
  id: string;
  title: string;
  paper?: string;
  purpose?: string;
}

/** Everything that stands in a report. */
export interface ReportContent {
  manifest: ReportManifest;
  experiment: ReportExperiment;
  rows: readonly Measurement[];
  figures: readonly Figure[];
  /** Paragraphs of plain text below the key numbers. */
  notes?: readonly string[];
  /** Also write `figures/NAME.svg` and `.png` (default true). */
  rendered?: boolean;
}

/** The files that `writeReport` made, as absolute or given-relative paths. */
export interface WrittenReport {
  html: string;
  bytes: number;
  figures: { name: string; svg?: string; png?: string; json: string }[];
}

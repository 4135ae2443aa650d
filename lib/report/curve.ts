import { InputError } from '../base/index.js';
import type { Measurement } from '../link/index.js';
import { axisTitle, distinctValues, fieldOf, isQuantity, paramHeading, rowsTable } from './quantity.js';
import {
  axisLayout,
  baseLayout,
  type Ends,
  INK,
  legendRows,
  markerOf,
  plotText,
  type SystemStyle,
  systemStyles,
  translucent,
  withTheory,
} from './style.js';
import type { PlotFigure, PlotlyLayout, PlotlyTrace, Quantity } from './types.js';

/** What `curve` draws. */
export interface CurveOptions {
  name?: string;
  title?: string;
  caption?: string;
  /** A parameter of the rows, or `rate`, `accuracy`, `latency`. */
  x: string;
  y: Quantity;
  /** One curve for each value of this: `system` (default) or a parameter. */
  by?: string;
  /** One panel for each value of this parameter, side by side on one y axis. */
  facet?: string;
  where?: (row: Measurement) => boolean;
  /** Systems that no real system reaches: grey and dashed, without markers. */
  bounds?: readonly string[];
  /**
   * Closed forms, each with the system that it foretells: dashed lines in that system's colour, which itself is drawn as
   * points with error bars (without `markers`: as a solid line). A legend shows the two as one.
   */
  theory?: Readonly<Record<string, string>>;
  /** Markers on every point of a line (default); without them a line reads as a formula. */
  markers?: boolean;
  /** All curves of the report in the order that sets colours; default: as they appear in `rows`. */
  systems?: readonly string[];
  xTitle?: string;
  yTitle?: string;
  logX?: boolean;
  logY?: boolean;
}

interface Point {
  x: number;
  y: number;
  low?: number;
  high?: number;
}

const BAND_MIN_POINTS = 4;

/**
 * Curves of one quantity over another, one per system, in small multiples. Intervals of 95 % are
 * translucent bands (error bars on curves of fewer than four points). Rows that differ only in the seed are
 * averaged, their intervals taken as independent.
 * @throws InputError when no row is left, a value is not a finite number (or not positive on a log axis), or
 * rows that fall on one point differ in another parameter: choose among them by `where` or `facet`.
 */
export function curve(rows: readonly Measurement[], options: CurveOptions): PlotFigure {
  const { x, y, by = 'system', facet, theory = {}, logX = false, logY = false } = options;
  const name = options.name ?? `${y}-over-${x}`;
  const chosen = options.where ? rows.filter(options.where) : [...rows];
  if (chosen.length === 0)
    throw new InputError(`figure ${name}: no rows are left to draw; allowed: at least one`);
  const styles = stylesOf(options.systems ?? distinctValues(rows, by).map(String), options);
  const panels = facet === undefined ? [undefined] : distinctValues(chosen, facet);
  const traces: PlotlyTrace[] = [];
  const seen = new Set<string>();
  for (const [index, panel] of panels.entries()) {
    const inPanel = facet === undefined ? chosen : chosen.filter((row) => fieldOf(row, facet) === panel);
    for (const system of styles.keys()) {
      const own = inPanel.filter((row) => String(fieldOf(row, by)) === system);
      if (own.length === 0) continue;
      const points = pointsOf(own, { name, x, y, logX, logY, fixed: [x, by, ...(facet ? [facet] : [])] });
      const style = styles.get(system)!;
      const group = theory[system] ?? system;
      traces.push(...tracesOf(points, { system, group, style, panel: index, showLegend: !seen.has(group) }));
      seen.add(group);
    }
  }
  const xTitle = options.xTitle ?? axisTitle(x, chosen);
  const yTitle = options.yTitle ?? axisTitle(y, chosen);
  const title = options.title ?? `${withoutUnit(yTitle)} over ${withoutUnit(xTitle)}`;
  const headings = panels.map((panel) => (facet === undefined ? '' : paramHeading(facet, panel)));
  return {
    name,
    title,
    caption:
      options.caption ??
      defaultCaption(
        title,
        facet,
        chosen.some((row) => row[y].ci95 !== undefined),
      ),
    // Bands lie below all lines: Plotly draws in the order of the traces.
    data: [
      ...traces.filter((trace) => trace.fill !== undefined),
      ...traces.filter((trace) => trace.fill === undefined),
    ],
    layout: curveLayout({
      title,
      headings,
      xTitle,
      yTitle,
      logX,
      logY,
      endsX: endsOf(traces, 'x'),
      endsY: endsOf(traces, 'y'),
      legend: [...seen],
    }),
    table: rowsTable(chosen),
  };
}

/** Closed forms come last, so that a legend entry is that of what was measured. */
function stylesOf(systems: readonly string[], options: CurveOptions): Map<string, SystemStyle> {
  const { bounds = [], theory = {}, markers = true } = options;
  const styles = systemStyles(
    systems.filter((system) => !(system in theory)),
    bounds,
  );
  if (!markers) for (const style of styles.values()) style.draws = 'lines';
  return withTheory(styles, theory);
}

function withoutUnit(title: string): string {
  return title.replace(/ \([^)]*\)$/, '');
}

function defaultCaption(title: string, facet: string | undefined, hasInterval: boolean): string {
  const panels = facet === undefined ? '' : `, one panel for each ${facet}`;
  return `${title}${panels}.${hasInterval ? ' The 95\u00A0% intervals are shaded or shown as bars.' : ''}`;
}

function pointsOf(
  rows: readonly Measurement[],
  options: { name: string; x: string; y: Quantity; logX: boolean; logY: boolean; fixed: readonly string[] },
): Point[] {
  const { name, x, y, logX, logY, fixed } = options;
  const groups = new Map<number, Measurement[]>();
  for (const row of rows) {
    const at = numberAt(row, x, name, logX);
    numberAt(row, y, name, logY);
    groups.set(at, [...(groups.get(at) ?? []), row]);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => a - b)
    .map(([at, group]) => {
      if (!isQuantity(x))
        requireOnePoint(group, fixed, `figure ${name}, ${group[0]!.system} at ${x} = ${at}`);
      return { x: at, ...average(group, y, logY) };
    });
}

function numberAt(row: Measurement, key: string, figure: string, log: boolean): number {
  const value = fieldOf(row, key);
  if (typeof value !== 'number' || !Number.isFinite(value) || (log && value <= 0)) {
    const allowed = log ? 'a positive number (the axis is logarithmic)' : 'a finite number';
    throw new InputError(
      `figure ${figure}: ${key} of a row of ${row.system} is ${String(value)}; allowed: ${allowed}`,
    );
  }
  return value;
}

function requireOnePoint(group: readonly Measurement[], fixed: readonly string[], where: string): void {
  const [first, ...others] = group;
  for (const key of Object.keys(first!.params)) {
    if (fixed.includes(key)) continue;
    const differs = others.find((row) => row.params[key] !== first!.params[key]);
    if (differs) {
      const found = `${String(first!.params[key])} and ${String(differs.params[key])}`;
      throw new InputError(`${where}: ${key} is ${found}; allowed: one value (choose by where or facet)`);
    }
  }
}

function average(group: readonly Measurement[], y: Quantity, log: boolean): Omit<Point, 'x'> {
  const mean = group.reduce((sum, row) => sum + row[y].value, 0) / group.length;
  const intervals = group.map((row) => row[y].ci95);
  if (!intervals.every((interval) => interval?.every(Number.isFinite))) return { y: mean };
  // Half-widths of independent estimates add in squares; a lone row keeps its own, perhaps lopsided, ends.
  const reach = (side: 0 | 1) =>
    Math.hypot(...group.map((row, i) => intervals[i]![side] - row[y].value)) / group.length;
  const low = mean - reach(0);
  return { y: mean, low: log ? Math.max(low, mean * 1e-3) : low, high: mean + reach(1) };
}

function tracesOf(
  points: readonly Point[],
  options: { system: string; group: string; style: SystemStyle; panel: number; showLegend: boolean },
): PlotlyTrace[] {
  const { system, group, style, panel, showLegend } = options;
  const shared = {
    type: 'scatter',
    name: plotText(system),
    legendgroup: group,
    xaxis: axisName('x', panel),
    yaxis: axisName('y', panel),
  };
  const hasInterval = points.every((point) => point.low !== undefined && point.high !== undefined);
  const asBand = hasInterval && style.draws !== 'markers' && points.length >= BAND_MIN_POINTS;
  const line: PlotlyTrace = {
    ...shared,
    mode: style.draws,
    x: points.map((point) => point.x),
    y: points.map((point) => point.y),
    line: { color: style.colour, width: 2.2, dash: style.dash, simplify: false },
    marker: { ...markerOf(style), line: { color: '#FFFFFF', width: 1 } },
    showlegend: showLegend,
    hovertemplate: '%{y:.4~g} at %{x:.4~g}',
    ...(hasInterval && !asBand
      ? {
          error_y: {
            type: 'data',
            symmetric: false,
            array: points.map((point) => point.high! - point.y),
            arrayminus: points.map((point) => point.y - point.low!),
            color: style.colour,
            thickness: 1.4,
            width: 4,
          },
        }
      : {}),
  };
  if (!asBand) return [line];
  const back = [...points].reverse();
  const band: PlotlyTrace = {
    ...shared,
    mode: 'lines',
    x: [...points.map((point) => point.x), ...back.map((point) => point.x)],
    y: [...points.map((point) => point.high!), ...back.map((point) => point.low!)],
    fill: 'toself',
    fillcolor: translucent(style.colour, 0.16),
    line: { width: 0, color: translucent(style.colour, 0) },
    showlegend: false,
    hoverinfo: 'skip',
  };
  return [band, line];
}

function endsOf(traces: readonly PlotlyTrace[], letter: 'x' | 'y'): Ends {
  const values = traces.flatMap((trace) => trace[letter] as number[]);
  return [Math.min(...values), Math.max(...values)];
}

function axisName(letter: 'x' | 'y', panel: number): string {
  return panel === 0 ? letter : `${letter}${panel + 1}`;
}

function curveLayout(options: {
  title: string;
  headings: readonly string[];
  xTitle: string;
  yTitle: string;
  logX: boolean;
  logY: boolean;
  endsX: Ends;
  endsY: Ends;
  legend: readonly string[];
}): PlotlyLayout {
  const { title, headings, xTitle, yTitle, logX, logY, endsX, endsY, legend } = options;
  const panels = headings.length;
  const gap = panels > 1 ? 0.03 : 0;
  const width = (1 - gap * (panels - 1)) / panels;
  const axes: PlotlyLayout = {};
  const annotations: PlotlyLayout[] = [];
  for (const [panel, heading] of headings.entries()) {
    const suffix = panel === 0 ? '' : String(panel + 1);
    const start = panel * (width + gap);
    axes[`xaxis${suffix}`] = {
      ...axisLayout({ title: xTitle, log: logX, ends: endsX }),
      domain: [start, Math.min(1, start + width)],
      anchor: `y${suffix}`,
      ...(panel === 0 ? {} : { matches: 'x' }),
    };
    axes[`yaxis${suffix}`] = {
      ...axisLayout({
        ...(panel === 0 ? { title: yTitle } : {}),
        log: logY,
        ends: endsY,
        showTicks: panel === 0,
      }),
      anchor: `x${suffix}`,
      ...(panel === 0 ? {} : { matches: 'y' }),
    };
    if (heading === '') continue;
    annotations.push({
      text: `<b>${plotText(heading)}</b>`,
      x: start,
      xref: 'paper',
      xanchor: 'left',
      y: 1,
      yref: 'paper',
      yanchor: 'bottom',
      yshift: 3,
      showarrow: false,
      font: { size: 13, color: INK },
    });
  }
  const headroom = annotations.length > 0 ? 22 : 0;
  return {
    ...baseLayout({
      title,
      height: panels > 1 ? 430 : 460,
      headroom,
      showLegend: legend.length > 1,
      rows: legendRows(legend),
    }),
    ...axes,
    annotations,
  };
}

import { InputError } from '../base/index.js';
import type { Measurement } from '../link/index.js';
import { distinctValues, rowsTable } from './quantity.js';
import { axisLayout, baseLayout, PALETTE, plotText, translucent } from './style.js';
import type { PlotFigure, PlotlyTrace } from './types.js';

/** What `bars` draws. */
export interface BarsOptions {
  name?: string;
  title?: string;
  caption?: string;
  where?: (row: Measurement) => boolean;
  /** The systems in the order drawn, top first; default: as they appear. */
  systems?: readonly string[];
  /**
   * What the latency of a row is made of, in the row's unit; default: `encodeSec`, `airSec`, `decodeSec`
   * of the rows.
   */
  parts?: (row: Measurement) => Record<string, number> | undefined;
  /** The 95th percentile of the latency of a row; default: the sum of those of its parts. */
  p95?: (row: Measurement) => number | undefined;
  logX?: boolean;
}

interface Bar {
  system: string;
  medianLatency: number;
  parts: Record<string, number>;
  p95?: number;
}

/**
 * Latency by system: a bar a system, stacked from its parts (encode, air, decode) where rows have them, ending
 * at the median; a whisker reaches to the 95th percentile. Rows of one system are summarised by the median
 * over rows of each number. On a log axis the bars are whole, since stacked logarithms do not add up.
 * @throws InputError when no row is left, units differ, or a latency is not a finite number >= 0.
 */
export function bars(rows: readonly Measurement[], options: BarsOptions = {}): PlotFigure {
  const { name = 'latency', logX = false } = options;
  const chosen = options.where ? rows.filter(options.where) : [...rows];
  if (chosen.length === 0)
    throw new InputError(`figure ${name}: no rows are left to draw; allowed: at least one`);
  const units = [...new Set(chosen.map((row) => row.latency.unit))];
  if (units.length > 1) {
    throw new InputError(
      `figure ${name}: latency has units ${units.join(', ')}; allowed: one unit in a figure`,
    );
  }
  const systems = (options.systems ?? distinctValues(chosen, 'system').map(String)).filter((system) =>
    chosen.some((row) => row.system === system),
  );
  const summary = systems.map((system) => barOf(system, chosen, { ...options, name }));
  const parts = logX ? [] : [...new Set(summary.flatMap((bar) => Object.keys(bar.parts)))];
  const title = options.title ?? 'Latency of each system';
  const { unit, factor } = readableUnit(units[0]!, summary);
  const scaled = summary.map((bar) => scaleBar(bar, factor));
  const height = 130 + 46 * systems.length + (parts.length > 0 ? 24 : 0);
  return {
    name,
    title,
    caption:
      options.caption ??
      'Median latency of each system; the whisker reaches to the sum of the 95th percentiles of its parts.',
    data: tracesOf(scaled, parts),
    layout: {
      ...baseLayout({ title, height, headroom: 0, showLegend: parts.length > 0 }),
      barmode: 'stack',
      bargap: 0.4,
      xaxis: {
        ...axisLayout({ title: `Latency (${unit})`, log: logX }),
        ...(logX ? {} : { rangemode: 'tozero' }),
      },
      yaxis: {
        ...axisLayout({}),
        type: 'category',
        autorange: 'reversed',
        showgrid: false,
        ticks: '',
        ticklabelstandoff: 6,
      },
    },
    table: rowsTable(chosen),
  };
}

function barOf(system: string, rows: readonly Measurement[], options: BarsOptions & { name: string }): Bar {
  const own = rows.filter((row) => row.system === system);
  const { parts = partsOf, p95 = p95Of, name } = options;
  for (const row of own) {
    if (!(Number.isFinite(row.latency.value) && row.latency.value >= 0)) {
      throw new InputError(
        `figure ${name}: latency of ${system} is ${row.latency.value}; allowed: a number >= 0`,
      );
    }
  }
  const allParts = own.map(parts).filter((part) => part !== undefined);
  const names = allParts.length === own.length ? Object.keys(allParts[0] ?? {}) : [];
  const tails = own.map(p95).filter((tail) => tail !== undefined);
  return {
    system,
    medianLatency: middle(own.map((row) => row.latency.value)),
    parts: Object.fromEntries(names.map((part) => [part, middle(allParts.map((some) => some[part] ?? 0))])),
    ...(tails.length === own.length ? { p95: middle(tails) } : {}),
  };
}

/** The unit's length in seconds; parts are drawn only where the total is in a unit of time. */
const SECONDS: Record<string, number> = { s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6 };
const PARTS = { encode: 'encodeSec', air: 'airSec', decode: 'decodeSec' } as const;

function spreadOf(row: Measurement, which: 'median' | 'p95'): Record<string, number> | undefined {
  const second = SECONDS[row.latency.unit];
  if (second === undefined) return undefined;
  const parts: Record<string, number> = {};
  for (const [part, key] of Object.entries(PARTS)) {
    const spread = row.latency[key];
    if (spread !== undefined) parts[part] = spread[which] / second;
  }
  return Object.keys(parts).length > 0 ? parts : undefined;
}

function partsOf(row: Measurement): Record<string, number> | undefined {
  return spreadOf(row, 'median');
}

/** The sum of the parts' percentiles: never below the percentile of the sum when the parts move together. */
function p95Of(row: Measurement): number | undefined {
  const parts = spreadOf(row, 'p95');
  return parts && Object.values(parts).reduce((sum, part) => sum + part, 0);
}

/** Seconds become milliseconds where all bars are shorter than one second. */
function readableUnit(unit: string, summary: readonly Bar[]): { unit: string; factor: number } {
  const isShort = summary.every((bar) => Math.max(bar.medianLatency, bar.p95 ?? 0) < 1);
  return unit === 's' && isShort ? { unit: 'ms', factor: 1000 } : { unit, factor: 1 };
}

function scaleBar(bar: Bar, factor: number): Bar {
  return {
    system: bar.system,
    medianLatency: bar.medianLatency * factor,
    parts: Object.fromEntries(Object.entries(bar.parts).map(([part, value]) => [part, value * factor])),
    ...(bar.p95 === undefined ? {} : { p95: bar.p95 * factor }),
  };
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function tracesOf(summary: readonly Bar[], parts: readonly string[]): PlotlyTrace[] {
  const y = summary.map((bar) => plotText(bar.system));
  const bar = (label: string, values: number[], colour: string): PlotlyTrace => ({
    type: 'bar',
    orientation: 'h',
    name: plotText(label),
    y,
    x: values,
    marker: { color: translucent(colour, 0.85) },
    hovertemplate: `${plotText(label)}: %{x:.4~g}<extra>%{y}</extra>`,
  });
  const stacked =
    parts.length === 0
      ? [
          bar(
            'median',
            summary.map((one) => one.medianLatency),
            PALETTE[0],
          ),
        ]
      : parts.map((part, index) =>
          bar(part, partValues(summary, part, parts), PALETTE[index % PALETTE.length]!),
        );
  const withTail = summary.filter((one) => one.p95 !== undefined);
  if (withTail.length === 0) return stacked;
  const whisker: PlotlyTrace = {
    type: 'scatter',
    mode: 'markers',
    name: 'median, to 95th percentile',
    y: withTail.map((one) => plotText(one.system)),
    x: withTail.map((one) => one.medianLatency),
    marker: { color: '#1F2933', size: 7, symbol: 'line-ns-open', line: { width: 2, color: '#1F2933' } },
    error_x: {
      type: 'data',
      symmetric: false,
      array: withTail.map((one) => Math.max(0, one.p95! - one.medianLatency)),
      arrayminus: withTail.map(() => 0),
      color: '#1F2933',
      thickness: 1.4,
      width: 5,
    },
    hovertemplate: 'median %{x:.4~g}<extra>%{y}</extra>',
  };
  return [...stacked, whisker];
}

/** A system without parts, such as a bound, has its whole bar in the first of them. */
function partValues(summary: readonly Bar[], part: string, parts: readonly string[]): number[] {
  return summary.map((bar) => {
    if (Object.keys(bar.parts).length === 0) return part === parts[0] ? bar.medianLatency : 0;
    return bar.parts[part] ?? 0;
  });
}

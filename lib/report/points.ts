import { InputError } from '../base/index.js';
import { axisLayout, baseLayout, legendRows, PALETTE, plotText } from './style.js';
import type { PlotFigure, PlotlyTrace } from './types.js';

/** A value at a named place, with its interval where it has one. */
export interface NamedPoint {
  /** One of `places`. */
  place: string;
  value: number;
  interval?: readonly [low: number, high: number];
}

/** Points that look alike. */
export interface PointSeries {
  name: string;
  points: readonly NamedPoint[];
  /** Small and pale, as single values are beside their mean (default false). */
  faint?: boolean;
}

/** What `namedPoints` draws. */
export interface NamedPointsOptions {
  name: string;
  title: string;
  caption: string;
  xTitle: string;
  yTitle: string;
  /** Along x, from left to right. */
  places: readonly string[];
  /** Beside each other at each place, in this order. */
  series: readonly PointSeries[];
  /** A dashed line across all places. */
  level?: { name: string; value: number };
  /** Of y; default: what holds all points, intervals and the level. */
  range?: readonly [low: number, high: number];
}

const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'x'];

/**
 * Values at places that have names rather than numbers, several series beside each other, with their intervals.
 * @throws InputError when there is nothing to draw, or a point stands at no place.
 */
export function namedPoints(options: NamedPointsOptions): PlotFigure {
  const { name, title, caption, xTitle, yTitle, places, level } = options;
  const series = options.series.filter(({ points }) => points.length > 0);
  if (series.length === 0)
    throw new InputError(`figure ${name}: no points are left to draw; allowed: at least one`);
  const step = Math.min(0.12, 0.7 / series.length);
  const drawn = series.map((one, index) => {
    const shift = (index - (series.length - 1) / 2) * step;
    return seriesTrace(one, index, (place) => placeOf(options, place) + shift);
  });
  const data = level ? [...drawn, levelTrace(level, places.length)] : drawn;
  const names = data.map((trace) => String(trace.name));
  return {
    name,
    title,
    caption,
    data,
    layout: {
      ...baseLayout({ title, height: 460, headroom: 0, showLegend: true, rows: legendRows(names) }),
      xaxis: {
        ...axisLayout({ title: xTitle }),
        range: [-0.5, places.length - 0.5],
        tickvals: [...places.keys()],
        ticktext: places.map(plotText),
        showgrid: false,
      },
      yaxis: { ...axisLayout({ title: yTitle }), range: [...(options.range ?? rangeOf(series, level))] },
    },
  };
}

function placeOf({ name, places }: NamedPointsOptions, place: string): number {
  const at = places.indexOf(place);
  if (at < 0) throw new InputError(`figure ${name}: a point at "${place}"; allowed: ${places.join(', ')}`);
  return at;
}

function seriesTrace(
  { name, points, faint = false }: PointSeries,
  index: number,
  xOf: (place: string) => number,
): PlotlyTrace {
  const color = PALETTE[index % PALETTE.length]!;
  const ends = points.map(({ value, interval }) => interval ?? ([value, value] as const));
  return {
    type: 'scatter',
    mode: 'markers',
    name: plotText(name),
    x: points.map(({ place }) => xOf(place)),
    y: points.map(({ value }) => value),
    marker: { color, symbol: symbols[index % symbols.length], size: faint ? 6 : 9, opacity: faint ? 0.6 : 1 },
    ...(points.some(({ interval }) => interval) && {
      error_y: {
        type: 'data',
        symmetric: false,
        array: ends.map(([, high], at) => high - points[at]!.value),
        arrayminus: ends.map(([low], at) => points[at]!.value - low),
        color,
        thickness: 1.5,
        width: 4,
      },
    }),
  };
}

function levelTrace({ name, value }: { name: string; value: number }, places: number): PlotlyTrace {
  const line = { color: '#8A8A8A', dash: 'dash', width: 1.5 };
  return {
    type: 'scatter',
    mode: 'lines',
    name: plotText(name),
    x: [-0.5, places - 0.5],
    y: [value, value],
    line,
  };
}

/** What holds everything, with a margin. */
function rangeOf(series: readonly PointSeries[], level?: { value: number }): [low: number, high: number] {
  const all = series.flatMap(({ points }) =>
    points.flatMap(({ value, interval = [] }) => [value, ...interval]),
  );
  if (level) all.push(level.value);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const margin = 0.06 * (high - low || Math.abs(high) || 1);
  return [low - margin, high + margin];
}

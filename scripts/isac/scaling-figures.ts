import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

/** The figures of `isac/scaling`. */
export function scalingFigures(rows: readonly Row[]): Figure[] {
  const systems = [...new Set(rows.map(({ system }) => system))];
  const common = { y: 'latency' as const, logY: true, systems, yTitle: 'time (s)' };
  const [bySize, byCount] = [keeping(rows, 'side'), keeping(rows, 'count')];
  const figures: Figure[] = [];
  if (byCount.length > 0)
    figures.push(
      curve(byCount, {
        ...common,
        name: 'time-over-dimensions',
        title: 'What a further dimension costs',
        caption:
          'Time over the number of dimensions, 16 samples each, verdict included. Factor of a further dimension, fitted to the ' +
          `upper three: ${growths(byCount)}. ${crossings(byCount, dimensionsOf)}`,
        x: 'count',
        xTitle: 'dimensions (number)',
      }),
    );
  if (bySize.length > 0)
    figures.push(
      curve(bySize, {
        ...common,
        name: 'time-over-samples',
        title: 'What more samples cost',
        caption:
          'Time over all samples N of three equal dimensions, verdict included. Exponents of N, fitted to the upper half: ' +
          `${exponents(bySize)}. ${crossings(bySize, samplesOf)}`,
        x: 'rate',
        logX: true,
        xTitle: 'observation (samples)',
      }),
    );
  return figures;
}

/** Rows of one sweep, known by a parameter that all others lack. */
const keeping = (rows: readonly Row[], name: string): Row[] =>
  rows.flatMap((row) => {
    const value = row.params[name];
    return value === undefined ? [] : [{ ...row, params: { [name]: value } }];
  });

/** A time, as its logarithm, over what grows. */
interface Point {
  x: number;
  y: number;
}

/** What grows: how it is taken from a row, and how a value of it is said. */
interface Growing {
  xOf(row: Row): number;
  say(x: number): string;
}

const dimensionsOf: Growing = {
  xOf: ({ params }) => Number(params.count),
  say: (x) => `${x.toFixed(1)} dimensions`,
};
const samplesOf: Growing = {
  xOf: ({ rate }) => Math.log(rate.value),
  say: (x) => `${Number(Math.exp(x).toPrecision(2)).toLocaleString('en')} samples`,
};

function seriesOf(rows: readonly Row[], { xOf }: Growing): Map<string, Point[]> {
  const series = new Map<string, Point[]>();
  for (const row of rows)
    series.set(row.system, [
      ...(series.get(row.system) ?? []),
      { x: xOf(row), y: Math.log(row.latency.value) },
    ]);
  for (const points of series.values()) points.sort((a, b) => a.x - b.x);
  return series;
}

/** Slope of a line by least squares. */
function slope(points: readonly Point[]): number {
  const [mx, my] = [points.reduce((s, { x }) => s + x, 0), points.reduce((s, { y }) => s + y, 0)].map(
    (sum) => sum / points.length,
  ) as [number, number];
  const spread = points.reduce((s, { x }) => s + (x - mx) ** 2, 0);
  return points.reduce((s, { x, y }) => s + (x - mx) * (y - my), 0) / spread;
}

const fitted = (rows: readonly Row[], growing: Growing, say: (points: readonly Point[]) => string) =>
  [...seriesOf(rows, growing)]
    .filter(([, points]) => points.length > 2)
    .map(([system, points]) => `${say(points)} (${system})`)
    .join(', ');

const growths = (rows: readonly Row[]) =>
  fitted(rows, dimensionsOf, (points) => Math.exp(slope(points.slice(-3))).toFixed(1));

const exponents = (rows: readonly Row[]) =>
  fitted(rows, samplesOf, (points) => slope(points.slice(Math.floor((points.length - 1) / 2))).toFixed(2));

/** Where PLAIN, compressed and not, passes the others. */
function crossings(rows: readonly Row[], growing: Growing): string {
  const series = [...seriesOf(rows, growing)];
  const isOurs = ([system]: readonly [string, unknown]) => system.startsWith('PLAIN');
  const others = series.filter((one) => !isOurs(one));
  return series
    .filter(isOurs)
    .map(([system, points]) => {
      const against = others.map(([other, theirs]) => `${other} ${whereFaster(points, theirs, growing)}`);
      return `${system} is faster than ${against.join(', than ')}.`;
    })
    .join(' ');
}

/** Over what both were measured on; times between two sizes by straight lines of the logarithms. */
function whereFaster(ours: readonly Point[], theirs: readonly Point[], { say }: Growing): string {
  const gaps = ours.flatMap(({ x, y }) => {
    const other = theirs.find((point) => point.x === x);
    return other ? [{ x, gap: y - other.y }] : [];
  });
  if (gaps.length === 0) return 'nowhere, for want of common sizes';
  const ends: (number | undefined)[] = gaps[0]!.gap < 0 ? [undefined] : [];
  for (const [k, b] of gaps.slice(1).entries()) {
    const a = gaps[k]!;
    if (a.gap < 0 !== b.gap < 0) ends.push(a.x + ((b.x - a.x) * a.gap) / (a.gap - b.gap));
  }
  const stretches = ends.flatMap((from, k) => (k % 2 === 0 ? [stretch(from, ends[k + 1], say)] : []));
  return stretches.join(' and ') || 'nowhere';
}

function stretch(from: number | undefined, to: number | undefined, say: Growing['say']): string {
  if (from === undefined) return to === undefined ? 'throughout' : `up to ${say(to)}`;
  return to === undefined ? `from ${say(from)} on` : `from ${say(from)} to ${say(to)}`;
}

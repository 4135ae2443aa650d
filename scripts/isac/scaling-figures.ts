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
        caption: `Time over the number of dimensions, 16 samples each; each one costs ${growths(byCount, 'count')}.`,
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
          `Time over all samples of three equal dimensions. Exponents fitted over the upper half: ${exponents(bySize)}. ` +
          crossings(bySize),
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

interface Point {
  x: number;
  y: number;
}

function seriesOf(rows: readonly Row[], xOf: (row: Row) => number): Map<string, Point[]> {
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

const growths = (rows: readonly Row[], name: string) =>
  [...seriesOf(rows, ({ params }) => Number(params[name]))]
    .filter(([, points]) => points.length > 2)
    .map(([system, points]) => `${Math.exp(slope(points.slice(-3))).toFixed(1)} times (${system})`)
    .join(', ');

const bySamples = (rows: readonly Row[]) => seriesOf(rows, ({ rate }) => Math.log(rate.value));
const upperHalf = (points: readonly Point[]) => points.slice(Math.floor((points.length - 1) / 2));

const exponents = (rows: readonly Row[]) =>
  [...bySamples(rows)]
    .filter(([, points]) => points.length > 2)
    .map(([system, points]) => `${slope(upperHalf(points)).toFixed(2)} (${system})`)
    .join(', ');

/** Where averaged PLAIN passes below the others. */
function crossings(rows: readonly Row[]): string {
  const series = bySamples(rows);
  const ours = series.get('PLAIN, averaging by 4') ?? [];
  const others = [...series].filter(([system]) => !system.startsWith('PLAIN'));
  return others
    .map(([system, points]) => `PLAIN with averaging is faster than ${system} ${fasterFrom(ours, points)}.`)
    .join(' ');
}

function fasterFrom(ours: readonly Point[], theirs: readonly Point[]): string {
  const wins = ours.map(({ y }, k) => y < (theirs[k]?.y ?? Number.NEGATIVE_INFINITY));
  const last = wins.lastIndexOf(false);
  if (last < 0) return 'at every size';
  if (last === wins.length - 1) return 'at none of the largest sizes';
  const [a, b] = [ours[last]!, ours[last + 1]!];
  const [gapA, gapB] = [a.y - theirs[last]!.y, b.y - theirs[last + 1]!.y];
  const samples = Math.exp(a.x + ((b.x - a.x) * gapA) / (gapA - gapB));
  return `from ${Math.round(samples).toLocaleString('en')} samples on`;
}

import { mean, standardError } from 'semwave/math';
import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

/** Name of the fibre without a station. */
export const DIRECT = 'direct fibre';

/** The figures of `quantum/bounds`. */
export function boundFigures(rows: readonly Row[]): Figure[] {
  const chains = rows.filter(({ params }) => params.lengthKm !== undefined);
  const pairs = rows.filter(({ params }) => params.distanceKm !== undefined);
  return [
    ...(chains.length > 0 ? [overLength(chains)] : []),
    ...(pairs.length > 0 ? [overDistance(pairs)] : []),
  ];
}

function overLength(rows: readonly Row[]): Figure {
  const seen = rows
    .filter(({ rate }) => rate.value > 1e-9)
    .map((row) => ({ ...row, params: { lengthKm: row.params.lengthKm! } }));
  return curve(seen, {
    name: 'rate-over-length',
    title: 'What stations buy over distance',
    caption:
      'Largest rate of secret bits, ebits or qubits over fibre, by the number of evenly spaced stations without loss. ' +
      'Direct fibre is the repeaterless bound: its rate falls as the light does, that of N stations as its (N+1)th root.',
    x: 'lengthKm',
    y: 'rate',
    logY: true,
    markers: false,
    bounds: [DIRECT],
    xTitle: 'fibre from end to end (km)',
    yTitle: 'largest rate (bit/use)',
  });
}

const BIN_KM = 50;

/** Pairs of nodes in bins of distance: the mean over networks of the mean over their pairs, and its interval. */
function binned(rows: readonly Row[]): Row[] {
  const centreOf = ({ params }: Row) => (Math.floor(Number(params.distanceKm) / BIN_KM) + 0.5) * BIN_KM;
  const bins = groups(rows, (row) => `${row.system} ${centreOf(row)}`);
  return bins.flatMap((bin) => {
    const networks = groups(bin, ({ params }) => `${params.batch} ${params.network}`);
    if (networks.length < 10) return [];
    const values = networks.map((pairs) => mean(pairs.map(({ rate }) => rate.value)));
    const [value, half] = [mean(values), 1.96 * standardError(values)];
    const { rate } = bin[0]!;
    const ci95: [number, number] = [Math.max(value - half, value / 10), value + half];
    return [{ ...bin[0]!, params: { distanceKm: centreOf(bin[0]!) }, rate: { ...rate, value, ci95 } }];
  });
}

function groups(rows: readonly Row[], keyOf: (row: Row) => string): Row[][] {
  const byKey = new Map<string, Row[]>();
  for (const row of rows) {
    const group = byKey.get(keyOf(row));
    if (group) group.push(row);
    else byKey.set(keyOf(row), [row]);
  }
  return [...byKey.values()];
}

function overDistance(rows: readonly Row[]): Figure {
  const systems = ['all paths', 'one path', 'all paths, lossy stations', 'one path, lossy stations', DIRECT];
  return curve(binned(rows), {
    name: 'network-over-distance',
    title: 'What a network buys: one path or all of them',
    caption:
      'Mean bound between two nodes of random networks, by their distance in bins of 50 km (95 % bands over networks): the ' +
      'widest path where a round takes one, the smallest cut where it takes all. A network’s rate hardly falls with distance, ' +
      'stations that lose light lower it, and direct fibre has no chance.',
    x: 'distanceKm',
    y: 'rate',
    logY: true,
    systems,
    bounds: [DIRECT],
    where: ({ rate }) => rate.value > 1e-9,
    xTitle: 'distance of the nodes (km)',
    yTitle: 'largest rate (bit/use)',
  });
}

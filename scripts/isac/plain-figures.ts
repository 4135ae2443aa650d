import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

const SNR = 'SNR of a source at one sample (dB)';
const BOUND = 'Cramér-Rao bound';
/** A share of trials that counts as all. */
const NEARLY_ALL = 0.9;

/** The figures of `isac/plain`. */
export function plainFigures(rows: readonly Row[]): Figure[] {
  const of = (...metrics: string[]) => rows.filter(({ params }) => metrics.includes(String(params.metric)));
  const systems = [...new Set(rows.map(({ system }) => system))];
  const figures: Figure[] = [];
  if (of('error').length > 0) figures.push(errors(of('error').map(bare), systems));
  if (of('GOSPA').length > 0) figures.push(distances(of('GOSPA').map(bare), systems));
  const shares = of('found', 'resolved', 'resolved, not found');
  if (of('found').length > 0) figures.push(verdicts(shares, systems));
  return figures;
}

/** Compression and metric are in the system and the axis. */
const bare = (row: Row): Row => ({ ...row, params: { snrDb: row.params.snrDb! } });

const snrOf = ({ params }: Row) => Number(params.snrDb);

function errors(rows: readonly Row[], systems: readonly string[]): Figure {
  const one = { value: 1, unit: 'ratio', metric: 'error over the bound' };
  const snrs = [...new Set(rows.map(({ params }) => params.snrDb!))];
  const bound = snrs.map((snrDb) => ({ ...rows[0]!, system: BOUND, params: { snrDb }, accuracy: one }));
  const highest = Math.max(...rows.map(snrOf));
  const ends = rows
    .filter((row) => snrOf(row) === highest)
    .map(({ system, accuracy }) => `${accuracy.value.toFixed(2)} (${system})`);
  return curve([...rows, ...bound], {
    name: 'error-over-snr',
    title: 'How near to the bound',
    caption:
      'Error of all frequencies over the square root of the single-source bound of the uncompressed data, in trials where all ' +
      `were found (drawn where these are half of all or more); 95 % bands. At ${highest} dB: ${ends.join(', ')}. ` +
      'Keeping one sample of 4 x 4 cannot do better than 4.',
    x: 'snrDb',
    y: 'accuracy',
    logY: true,
    systems: [...systems, BOUND],
    bounds: [BOUND],
    xTitle: SNR,
    yTitle: 'error over the bound (ratio)',
  });
}

function distances(rows: readonly Row[], systems: readonly string[]): Figure {
  return curve(rows, {
    name: 'gospa-over-snr',
    title: 'How far from the scene, misses included',
    caption:
      'Root mean square GOSPA in Fourier bins (cutoff 2; three missed and three false ones cost 3.5); 95 % bands. Below half a bin from ' +
      `${lowest(rows, systems, (value) => value < 0.5)}.`,
    x: 'snrDb',
    y: 'accuracy',
    logY: true,
    systems,
    xTitle: SNR,
    yTitle: 'GOSPA (bins)',
  });
}

/** The share of trials found and of those called resolved; only SNRs up to the first at which all compressions find all. */
function verdicts(rows: readonly Row[], systems: readonly string[]): Figure {
  const found = rows.filter(({ params }) => params.metric === 'found');
  const missing = found.filter(({ accuracy }) => accuracy.value < 1).map(snrOf);
  const saturated = Math.min(...found.map(snrOf).filter((snrDb) => snrDb > Math.max(...missing)));
  const silent = rows.filter(({ params }) => params.metric === 'resolved, not found');
  const share = silent.reduce((sum, { accuracy }) => sum + accuracy.value, 0) / silent.length;
  return curve(
    rows.map((row) => (row.params.metric === 'found' ? row : withoutInterval(row))),
    {
      name: 'verdict-over-snr',
      title: 'When all sources are found, and when the estimator says so',
      caption:
        'Found: every source within (0.2, 0.05, 0.1) rad of the truth (0.2 rad of an angle are a quarter of a bin), with 95 % bands. Resolved: what the estimator itself says. ' +
        `${(100 * share).toFixed(1)} % of all trials are resolved without being found. Found in ${100 * NEARLY_ALL} % of the trials from ` +
        `${lowest(found, systems, (value) => value >= NEARLY_ALL)}.`,
      x: 'snrDb',
      y: 'accuracy',
      facet: 'metric',
      where: ({ params }) => !(Number(params.snrDb) > saturated),
      systems,
      xTitle: 'SNR (dB)',
      yTitle: 'trials (ratio)',
    },
  );
}

const withoutInterval = ({ accuracy: { ci95: _, ...accuracy }, ...row }: Row): Row => ({ ...row, accuracy });

/** For each system, the SNR from which on all its values hold. */
function lowest(rows: readonly Row[], systems: readonly string[], holds: (value: number) => boolean): string {
  return systems
    .map((system) => {
      const own = rows.filter((row) => row.system === system);
      const failing = own.filter(({ accuracy }) => !holds(accuracy.value)).map(snrOf);
      const from = Math.min(...own.map(snrOf).filter((snrDb) => snrDb > Math.max(...failing)));
      return `${Number.isFinite(from) ? `${from} dB` : 'no SNR of these'} (${system})`;
    })
    .join(', ');
}

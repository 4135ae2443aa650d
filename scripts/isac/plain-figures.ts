import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

const SNR = 'SNR of a source at one sample (dB)';
const BOUND = 'Cramér-Rao bound';

/** The figures of `isac/plain`. */
export function plainFigures(rows: readonly Row[]): Figure[] {
  const of = (metric: string) => rows.filter(({ params }) => params.metric === metric).map(bare);
  const systems = [...new Set(rows.map(({ system }) => system))];
  const common = { x: 'snrDb', y: 'accuracy' as const, xTitle: SNR, systems };
  const figures: Figure[] = [];
  if (of('error').length > 0) figures.push(errors(of('error'), systems));
  if (of('GOSPA').length > 0)
    figures.push(
      curve(of('GOSPA'), {
        ...common,
        name: 'gospa-over-snr',
        title: 'How far from the scene, misses included',
        caption:
          'Root mean square GOSPA in Fourier bins (cutoff 2; three missed and three false ones cost 3.5). Averaging holds ' +
          'some 10 dB longer than no compression, decimation gives way first.',
        logY: true,
        yTitle: 'GOSPA (bins)',
      }),
    );
  if (of('found').length > 0)
    figures.push(
      curve(of('found'), {
        ...common,
        name: 'found-over-snr',
        title: 'When all sources are found',
        caption: 'Share of trials with every source within (0.2, 0.05, 0.1) rad of the truth; 95 % bands.',
        yTitle: 'trials with all found (ratio)',
      }),
      curve(of('resolved'), {
        ...common,
        name: 'resolved-over-snr',
        title: 'When the estimator stands by its answer',
        caption:
          'Share of trials called resolved: it follows the share of trials that are right, so what is wrong is known to be.',
        yTitle: 'trials resolved (ratio)',
      }),
    );
  return figures;
}

/** Compression and metric are in the system and the axis. */
const bare = (row: Row): Row => ({ ...row, params: { snrDb: row.params.snrDb! } });

function errors(rows: readonly Row[], systems: readonly string[]): Figure {
  const one = { value: 1, unit: 'ratio', metric: 'error over the bound' };
  const snrs = [...new Set(rows.map(({ params }) => params.snrDb!))];
  const bound = snrs.map((snrDb) => ({ ...rows[0]!, system: BOUND, params: { snrDb }, accuracy: one }));
  return curve([...rows, ...bound], {
    name: 'error-over-snr',
    title: 'How near to the bound',
    caption:
      'Error of all frequencies over the square root of the single-source bound of the uncompressed data, in trials where all ' +
      'were found (drawn where these are half of all or more). Decimation by 4 x 4 loses the factor 4 that theory says, ' +
      'averaging a third.',
    x: 'snrDb',
    y: 'accuracy',
    logY: true,
    systems: [...systems, BOUND],
    bounds: [BOUND],
    xTitle: SNR,
    yTitle: 'error over the bound (ratio)',
  });
}

import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

const shannon = 'AWGN capacity';

/** The figures of `phy/limits`. */
export function limitFigures(
  rows: readonly Row[],
  { blockSnrDb, blockErrorRate }: { blockSnrDb: number; blockErrorRate: number },
): Figure[] {
  const of = (limit: string) => rows.filter(({ params }) => params.limit === limit);
  const figures: Figure[] = [];
  if (of('rate').length > 0) figures.push(fading(of('rate')), qam(of('rate')), energy(of('rate')));
  if (of('block').length > 0) figures.push(rateOverLength(of('block'), blockSnrDb, blockErrorRate));
  if (of('error rate').length > 0) figures.push(errorRates(of('error rate')));
  return figures;
}

const distinct = (rows: readonly Row[]) => [...new Set(rows.map(({ system }) => system))];
const isFading = (system: string) => system.includes('Rayleigh');
const isBicm = (system: string) => system.endsWith('BICM');
const lines = { markers: false, bounds: [shannon] };

function fading(rows: readonly Row[]): Figure {
  return curve(withoutEbN0(rows), {
    ...lines,
    name: 'rate-over-snr-fading',
    title: 'What fading takes and antennas give',
    caption:
      'Capacity of the Gaussian channel and ergodic capacities of Rayleigh fading that the receiver knows; those of several ' +
      'antennas, which share the power, are simulated (95 % bands).',
    x: 'snrDb',
    y: 'rate',
    xTitle: 'SNR Es/N0 (dB)',
    yTitle: 'rate (bit/use)',
    where: ({ system }) => system === shannon || isFading(system),
  });
}

function qam(rows: readonly Row[]): Figure {
  return curve(withoutEbN0(rows), {
    ...lines,
    name: 'rate-over-snr-qam',
    title: 'What QAM can carry',
    caption: 'Mutual information of equally likely points over AWGN, below the capacity of the channel.',
    x: 'snrDb',
    y: 'rate',
    xTitle: 'SNR Es/N0 (dB)',
    yTitle: 'rate (bit/use)',
    where: ({ system }) => !isFading(system) && !isBicm(system),
  });
}

/** Eb/N0 follows from rate and SNR: it is no knob that could differ between rows of one point. */
function withoutEbN0(rows: readonly Row[]): Row[] {
  return rows.map((row) => ({ ...row, params: { snrDb: row.params.snrDb! } }));
}

function energy(rows: readonly Row[]): Figure {
  return curve(rows, {
    ...lines,
    name: 'rate-over-eb-n0',
    title: 'What energy a bit buys',
    caption:
      'The same rates over the energy of an information bit. No code works left of the grey line, which begins at -1.59 dB. ' +
      'BICM, bit-interleaved coded modulation: the demapper looks at each bit by itself.',
    x: 'ebN0Db',
    y: 'rate',
    xTitle: 'Eb/N0 (dB)',
    yTitle: 'rate (bit/use)',
    where: ({ system, params }) => !isFading(system) && Number(params.ebN0Db) < 22,
  });
}

function rateOverLength(rows: readonly Row[], snrDb: number, blockErrorRate: number): Figure {
  const systems = distinct(rows).filter((system) => !system.endsWith('no limit'));
  return curve(rows, {
    name: 'rate-over-block-length',
    title: `What waiting buys at ${snrDb} dB and block error rate ${blockErrorRate}`,
    caption:
      'Largest rate of a block by its length in channel uses: normal approximation with the term log2(n)/2. Dashed: blocks ' +
      'of unlimited length.',
    x: 'blockLength',
    y: 'rate',
    logX: true,
    markers: false,
    systems,
    theory: Object.fromEntries(systems.map((system) => [`${system}, no limit`, system])),
    xTitle: 'block length (channel uses)',
    yTitle: 'rate (bit/use)',
  });
}

function errorRates(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'error-rate',
    title: 'How low the block error rate of rate 1/2 can be',
    caption: 'Normal approximation for BPSK over AWGN, by code (n,k).',
    x: 'ebN0Db',
    y: 'accuracy',
    markers: false,
    logY: true,
    xTitle: 'Eb/N0 (dB)',
    yTitle: 'block error rate (ratio)',
  });
}

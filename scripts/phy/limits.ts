import {
  awgnCapacity,
  biAwgnDensity,
  bitInterleavedRate,
  codedModulationRate,
  complexAwgnDensity,
  constellation,
  type InformationDensity,
  mimoErgodicCapacity,
  modulationDensity,
  normalApproximation,
  normalApproximationErrorRate,
  rayleighErgodicCapacity,
} from 'semwave/phy';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { limitFigures } from './limits-figures.js';

/** Codes of the literature whose block error rates the normal approximation is put beside. */
const blocks = [
  { k: 64, n: 128 },
  { k: 500, n: 1000 },
  { k: 4096, n: 8192 },
];

const unbounded = { value: 0, unit: 's', metric: 'none: blocks of unlimited length' };
const noErrors = { value: 0, unit: 'ratio', metric: 'block error rate' };

/** Rates that long codes can have at an SNR. */
const ratesAt: Record<string, (snrDb: number) => number> = {
  'AWGN capacity': awgnCapacity,
  'Rayleigh, ergodic': rayleighErgodicCapacity,
  ...Object.fromEntries(
    [4, 16, 64, 256, 1024].map((order) => {
      const one = constellation('qam', order);
      return [one.name, (snrDb: number) => codedModulationRate(one, snrDb)];
    }),
  ),
};

/** Rates of blocks of finite length at an SNR. */
const densitiesAt: Record<string, (snrDb: number) => InformationDensity> = {
  'Gaussian input': complexAwgnDensity,
  ...Object.fromEntries(
    [4, 16, 64].map((order) => {
      const one = constellation('qam', order);
      return [one.name, (snrDb: number) => modulationDensity(one, snrDb)];
    }),
  ),
};

const rateOf = (value: number) => ({ value, unit: 'bit/use', metric: 'largest rate' });

export default defineExperiment({
  id: 'phy/limits',
  title: 'What information theory allows',
  paper: 'Shannon 1948; Telatar 1999; Caire et al. 1998; Polyanskiy, Poor, Verdú 2010',
  purpose: 'capacity, rates of QAM, and what blocks of finite length can carry at what error rate',
  params: {
    snrDb: param.grid({ unit: 'dB', from: -10, to: 30, step: 1, min: -40, max: 60, about: 'Es/N0' }),
    draws: param.integer({
      default: 100_000,
      min: 2,
      max: 1e8,
      about: 'channel matrices of the MIMO capacity',
    }),
    blockSnrDb: param.number({
      default: 10,
      min: -40,
      max: 60,
      unit: 'dB',
      about: 'Es/N0 of the finite blocks',
    }),
    blockErrorRate: param.number({ default: 1e-3, min: 1e-12, max: 0.5, about: 'of the finite blocks' }),
    symbolRate: param.number({ default: 1e6, min: 1, max: 1e12, unit: 'symbols/s', about: 'symbols on air' }),
  },
  presets: {
    quick: { cost: '15 seconds on two cores', draws: 5000 },
    paper: { cost: '1 minute on two cores' },
  },

  points({ snrDb }) {
    const blockLengths = Array.from({ length: 25 }, (_, step) => Math.round(50 * 10 ** (step / 8)));
    return [
      ...snrDb.map((s) => ({ limit: 'rate', snrDb: s })),
      ...blockLengths.map((n) => ({ limit: 'block', blockLength: n })),
      ...blocks.map(({ k, n }) => ({ limit: 'error rate', k, n })),
    ];
  },

  async *measure(point, { config, rng }): AsyncGenerator<NewRow> {
    const { blockErrorRate, symbolRate } = config;
    if ('snrDb' in point) yield* unlimited(point.snrDb, config.draws, rng);
    else if ('blockLength' in point) {
      const n = point.blockLength;
      for (const [system, densityAt] of Object.entries(densitiesAt)) {
        const density = densityAt(config.blockSnrDb);
        yield {
          system,
          rate: rateOf(Math.max(0, normalApproximation(density, n, blockErrorRate))),
          accuracy: { ...noErrors, value: blockErrorRate },
          latency: { value: n / symbolRate, unit: 's', metric: 'block on air' },
        };
        yield {
          system: `${system}, no limit`,
          rate: rateOf(density.capacity),
          accuracy: noErrors,
          latency: unbounded,
        };
      }
    } else yield* errorRates(point, symbolRate);
  },

  figures: (rows, { config }) => limitFigures(rows, config),
});

type Stream = Parameters<typeof mimoErgodicCapacity>[1];

function* unlimited(snrDb: number, draws: number, rng: Stream): Generator<NewRow> {
  const row = (system: string, rate: NewRow['rate']): NewRow => ({
    system,
    rate,
    accuracy: noErrors,
    latency: unbounded,
    params: { ebN0Db: snrDb - 10 * Math.log10(rate.value) },
  });
  for (const [system, rateAt] of Object.entries(ratesAt)) yield row(system, rateOf(rateAt(snrDb)));
  for (const order of [16, 256]) {
    const one = constellation('qam', order);
    yield row(`${one.name}, BICM`, rateOf(bitInterleavedRate(one, snrDb)));
  }
  for (const antennas of [2, 4]) {
    const options = { snrDb, transmit: antennas, receive: antennas, draws };
    const { value, ci95 } = mimoErgodicCapacity(options, rng.fork(antennas));
    yield row(`${antennas} x ${antennas} Rayleigh, ergodic`, { ...rateOf(value), ci95 });
  }
}

function* errorRates({ k, n }: { k: number; n: number }, symbolRate: number): Generator<NewRow> {
  for (let ebN0Db = 0; ebN0Db <= 6; ebN0Db += 0.05) {
    const density = biAwgnDensity(ebN0Db + 10 * Math.log10(k / n));
    const value = normalApproximationErrorRate(density, { k, n });
    if (value < 1e-7) return;
    yield {
      system: `(${n},${k})`,
      rate: { value: k / n, unit: 'bit/use' },
      accuracy: { value, unit: 'ratio', metric: 'block error rate' },
      latency: { value: n / symbolRate, unit: 's', metric: 'block on air' },
      params: { ebN0Db: Number(ebN0Db.toFixed(2)) },
    };
  }
}
